"""Preference pairs as token ids, as sampling had them."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from failpairs.errors import InputError
from failpairs.models.continuations import encode_continuation
from failpairs.models.prompts import encode
from failpairs.models.reach import context_of, sliding_window_of
from failpairs.records import Pair

Encoded = dict[str, Any]
SIDE_NAMES = ("chosen", "rejected")
SIDES = ("chosen_ids", "rejected_ids")


def encode_pairs(tokenizer: Any, pairs: Sequence[Pair], prompt_format: str) -> list[Encoded]:
    """Token ids `prompt_ids`, `chosen_ids`, `rejected_ids` of each pair; answers end with EOS. Of
    the tokens of each side `chosen_inside` and `rejected_inside` say with 1 that they are inside
    the difference of the sides, and else with 0.

    Raises:
        InputError: the tokenizer loses characters of an answer; names the first such pair.
    """
    rows = []
    for pair in pairs:
        chosen, rejected = (_answer(tokenizer, pair, side) for side in SIDE_NAMES)
        rows.append(
            {
                "prompt_ids": encode(tokenizer, pair.prompt, prompt_format),
                "chosen_ids": chosen,
                "rejected_ids": rejected,
                **difference(chosen, rejected),
            }
        )
    return rows


def difference(chosen: Sequence[int], rejected: Sequence[int]) -> dict[str, list[int]]:
    """Which tokens of two sides are inside their difference: outside are those of the longest
    common runs, as `difflib` finds them.

    Example:
        >>> difference([1, 2, 3, 4], [1, 9, 9, 4, 5])
        {'chosen_inside': [0, 1, 1, 0], 'rejected_inside': [0, 1, 1, 0, 1]}
    """
    inside = {"chosen_inside": [1] * len(chosen), "rejected_inside": [1] * len(rejected)}
    for in_chosen, in_rejected, size in SequenceMatcher(
        None, chosen, rejected, autojunk=False
    ).get_matching_blocks():
        inside["chosen_inside"][in_chosen : in_chosen + size] = [0] * size
        inside["rejected_inside"][in_rejected : in_rejected + size] = [0] * size
    return inside


def _answer(tokenizer: Any, pair: Pair, side: str) -> list[int]:
    ids = encode_continuation(tokenizer, getattr(pair, side))
    if ids is None:
        raise InputError(
            f"{pair_name(pair)}: the model's tokenizer loses characters of the {side} completion, "
            "so that training would see another text: leave the pair out"
        )
    return [*ids, tokenizer.eos_token_id]


def n_tokens(pair: Encoded) -> int:
    """The length of a pair: prompt and both answers."""
    return sum(len(pair[part]) for part in ("prompt_ids", *SIDES))


def longest_pair(pairs: Sequence[Encoded], sides: Sequence[str] = SIDES) -> tuple[int, int]:
    """The most tokens of a pair with its prompt and these sides, and the most of the sides."""
    answers = [sum(len(pair[side]) for side in sides) for pair in pairs]
    tokens = [len(pair["prompt_ids"]) + n for pair, n in zip(pairs, answers, strict=True)]
    return max(tokens), max(answers)


def require_room(encoded: Sequence[Encoded], pairs: Sequence[Pair], config: Any) -> None:
    """Refuse pairs that are longer than a model's context, since nothing is ever cut off, or than
    its sliding window, which the attention mask of packed pairs does not have.

    Args:
        config: of the model, as transformers has it.

    Raises:
        InputError: names the first such pair.
    """
    context, window = context_of(config), sliding_window_of(config)
    for row, pair in zip(encoded, pairs, strict=True):
        longest = len(row["prompt_ids"]) + max(len(row["chosen_ids"]), len(row["rejected_ids"]))
        if context is not None and longest > context:
            raise InputError(
                f"{pair_name(pair)} has {longest} tokens, and the model has room for {context}: "
                "leave it out (lower sampling.max_new_tokens), or use a model with a longer context"
            )
        if window is not None and longest > window:
            raise InputError(
                f"{pair_name(pair)} has {longest} tokens, and layers of the model see only the "
                f"last {window} (its sliding window), which training does not imitate: leave it "
                "out (lower sampling.max_new_tokens), or use a model without a sliding window"
            )


def pair_name(pair: Pair) -> str:
    """A pair by its problem and, where it has any, its samples; for messages."""
    if pair.chosen_index is None and pair.rejected_index is None:
        return f"the pair of {pair.task_id} whose chosen completion begins {pair.chosen[:40]!r}"
    return f"the pair {pair.task_id} ({pair.chosen_index}, {pair.rejected_index})"
