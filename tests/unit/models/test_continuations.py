import pytest
from failpairs.models.continuations import decode_continuation, encode_continuation
from hypothesis import example, given, settings
from hypothesis import strategies as st
from llama_like import SCHEMES, llama_like_tokenizer
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

PIECES = [" ", "    ", "\n", "\t", "return", "'s", "12", "x", ")", "```", "é", "e\u0301", "€", "🙂"]
TRICKY = [
    "",
    " ",
    "\n",
    "return x",
    " return x",
    "    return x\n",
    "\n\n    return x",
    "  \n  \n",
    "\tif x:\r\n",
    "'s",
    "12 345",
    "é€🙂",
    "e\u0301",
    "\ufffd",
    "\x00",
    " \u00a0\u2028",
]
# The character that stands for a space is one that Llama-like tokenizers lose.
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join)
texts = texts.filter(lambda text: "▁" not in text)
LLAMA_LIKE = {scheme: llama_like_tokenizer(scheme) for scheme in SCHEMES}


def byte_level_tokenizer(composes: bool) -> PreTrainedTokenizerFast:
    """A small tokenizer as GPT-2's or, where it composes accents, as Qwen's."""
    plain = Tokenizer(models.BPE())
    if composes:
        plain.normalizer = normalizers.NFC()
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    plain.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<eos>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    plain.train_from_iterator(
        ["def f(x):\n    return x\n\n\n    if x:\n        return 's"], trainer
    )
    return PreTrainedTokenizerFast(tokenizer_object=plain, eos_token="<eos>")


BYTE_LEVEL = {composes: byte_level_tokenizer(composes) for composes in (False, True)}


def ids_of(tokenizer: PreTrainedTokenizerFast, text: str) -> list[int]:
    return tokenizer(text, add_special_tokens=False)["input_ids"]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" ", ["▁"]),
        ("return x", ["return", "▁", "x"]),
        (" return", ["▁return"]),
        ("    return", ["▁▁▁▁", "return"]),
        ("\nx", ["<0x0A>", "x"]),
        ("é", ["<0xC3>", "<0xA9>"]),
    ],
)
def test_a_continuation_has_no_space_of_its_own(scheme: str, text: str, tokens: list[str]) -> None:
    tokenizer = LLAMA_LIKE[scheme]
    ids = tokenizer.convert_tokens_to_ids(tokens)
    assert encode_continuation(tokenizer, text) == ids
    assert decode_continuation(tokenizer, ids) == text


def test_a_space_is_lost_where_tokens_are_decoded_alone() -> None:
    tokenizer = LLAMA_LIKE["first"]
    ids = tokenizer.convert_tokens_to_ids(["▁▁▁▁", "return"])
    assert tokenizer.decode(ids) == "   return"


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(deadline=None, max_examples=150)
@given(prompt=texts, text=texts)
@example(prompt="def f():\n", text="    return 1")
@example(prompt="é", text="é")
def test_ids_are_those_that_follow_the_prompt_when_both_are_encoded_together(
    scheme: str, prompt: str, text: str
) -> None:
    tokenizer = LLAMA_LIKE[scheme]
    ids = encode_continuation(tokenizer, text)
    assert ids is not None
    assert decode_continuation(tokenizer, ids) == text
    before, whole = ids_of(tokenizer, prompt), ids_of(tokenizer, prompt + text)
    if before and whole[: len(before)] == before:
        assert whole[len(before) :] == ids


def test_a_token_across_the_end_of_the_prompt_is_none_of_the_continuation() -> None:
    # Behind a line break, the tokens would be "\n▁", "▁" and "x".
    tokenizer = llama_like_tokenizer("normalizer", [("\n", "▁")], more="\n")
    ids = encode_continuation(tokenizer, "  x")
    assert tokenizer.convert_ids_to_tokens(ids) == ["▁", "▁", "x"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_text_that_the_tokenizer_would_change_has_no_ids(scheme: str) -> None:
    assert encode_continuation(LLAMA_LIKE[scheme], 'print("▁")') is None


@pytest.mark.parametrize("composes", BYTE_LEVEL)
@pytest.mark.parametrize("text", TRICKY)
def test_a_byte_level_tokenizer_encodes_tricky_texts_alone(composes: bool, text: str) -> None:
    tokenizer = BYTE_LEVEL[composes]
    assert encode_continuation(tokenizer, text) == ids_of(tokenizer, text)


@pytest.mark.parametrize("composes", BYTE_LEVEL)
@settings(deadline=None, max_examples=150)
@given(text=texts)
def test_a_byte_level_tokenizer_encodes_every_text_alone(composes: bool, text: str) -> None:
    tokenizer = BYTE_LEVEL[composes]
    ids = encode_continuation(tokenizer, text)
    assert ids == ids_of(tokenizer, text)
    assert composes or decode_continuation(tokenizer, ids) == text


@settings(deadline=None, max_examples=150)
@given(ids=st.lists(st.integers(0, len(BYTE_LEVEL[False]) - 1)))
def test_a_byte_level_tokenizer_decodes_all_ids_alone(ids: list[int]) -> None:
    tokenizer = BYTE_LEVEL[False]
    alone = tokenizer.decode(ids, clean_up_tokenization_spaces=False)
    assert decode_continuation(tokenizer, ids) == alone
