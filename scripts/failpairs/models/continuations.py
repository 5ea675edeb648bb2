"""Text that continues a prompt: its token ids, and the text of such ids.

Tokenizers of the Llama 2 kind put a space before every text that they encode, and strip a space
from every text that they decode. What continues a prompt must not be treated as a text of its own
there: it is encoded and decoded behind a short context, which is then removed.
"""

import unicodedata
from functools import cache
from typing import Any

LETTER = "x"
# An answer follows a line break; where a tokenizer would merge the line break with the answer, a
# letter keeps the two apart.
CONTEXTS = ("\n", LETTER)


def encode_continuation(tokenizer: Any, text: str) -> list[int] | None:
    """The token ids that a model draws when it continues a prompt with a text, as far as its
    tokenizer decides them.

    The text is encoded alone, and behind a context only where the ids of the text alone would be
    read as another text, so that byte-level tokenizers give the ids of the text alone. BPE gives
    the same ids behind every context with which no token of the text is merged.

    Returns:
        None if the tokenizer has no ids for the text: it loses characters.
    """
    # Tokenizers refuse lone surrogates; as question marks they count as lost.
    valid = text.encode("utf-8", "replace").decode("utf-8")
    for context in ("", *CONTEXTS):
        before, whole = _encode(tokenizer, context), _encode(tokenizer, context + valid)
        ids = whole[len(before) :]
        is_apart = whole[: len(before)] == before
        if is_apart and _is_same(decode_continuation(tokenizer, ids), text):
            return ids
    return None


def decode_continuation(tokenizer: Any, ids: list[int]) -> str:
    """The text that token ids stand for when they continue a prompt; special tokens are kept."""
    letter, length = _letter(tokenizer)
    return _decode(tokenizer, [*letter, *ids])[length:]


@cache
def _letter(tokenizer: Any) -> tuple[list[int], int]:
    """The token ids of a letter, and how many characters they are decoded to."""
    ids = _encode(tokenizer, LETTER)
    return ids, len(_decode(tokenizer, ids))


def _encode(tokenizer: Any, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids


def _decode(tokenizer: Any, ids: list[int]) -> str:
    text: str = tokenizer.decode(ids, clean_up_tokenization_spaces=False)
    return text


def _is_same(one: str, other: str) -> bool:
    """Whether two texts are equal to Unicode: some byte-level tokenizers, such as Qwen's, compose
    the accents of a text before they encode it."""
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
