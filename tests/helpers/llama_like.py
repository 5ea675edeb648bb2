"""Tokenizers that put a space before every text and strip one when they decode, as Llama 2's."""

import string

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

SCHEMES = ("first", "always", "normalizer")  # where converters have the space put
MERGES = [
    ("▁", "▁"),
    ("▁▁", "▁▁"),
    ("r", "e"),
    ("re", "t"),
    ("u", "r"),
    ("ur", "n"),
    ("ret", "urn"),
    ("▁", "return"),
]


def llama_like_tokenizer(
    scheme: str = "first", merges: list[tuple[str, str]] = MERGES, more: str = ""
) -> PreTrainedTokenizerFast:
    """A tokenizer of printable ASCII and of more characters; the bytes of all others stand last."""
    pieces = ["</s>", "<unk>", "<s>", "▁", *string.printable.split()[0], *more]
    pieces += [left + right for left, right in merges]
    pieces += [f"<0x{byte:02X}>" for byte in range(256)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    plain = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", byte_fallback=True))
    if scheme == "normalizer":
        plain.normalizer = normalizers.Sequence(
            [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
        )
    else:
        plain.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme=scheme, split=False)
    plain.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    plain.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", vocabulary["<s>"])]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=plain, bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )
