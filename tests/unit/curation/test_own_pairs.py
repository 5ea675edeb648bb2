"""Pairs of other people become pairs to train on."""

from typing import Any

import pytest
from builders import a_foreign_pair, a_problem
from failpairs.curation.eligible_samples import is_held_out
from failpairs.curation.own_pairs import LeftOut, own_pairs
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.exchange.pairs import ForeignPair, Message
from failpairs.records import Pair

TASK = a_problem("e/1", prompt='def f(n):\n    """Say how many of the given things there are."""\n')


def render(prompt: str | list[Message]) -> str:
    if isinstance(prompt, str):
        return prompt
    if not prompt:
        raise InputError("nothing is said")
    return "".join(f"<{message['role']}>{message['content']}" for message in prompt)


def imported(*pairs: ForeignPair, held_out: float = 0) -> tuple[list[Pair], list[Pair]]:
    curated, _ = own_pairs(pairs, [], 10, Policy(held_out=held_out), render)
    return curated.pairs, curated.held_out


def test_a_text_stays_as_it_is_and_a_conversation_goes_through_the_template() -> None:
    turns = [{"role": "user", "content": "Do it."}]
    talk = ForeignPair("x", 2, "conversational", turns, "a b c", "a b")
    (plain, said), _ = imported(a_foreign_pair(), talk)
    assert (plain.prompt, plain.chosen, plain.rejected) == ("Do it.", "c", "r")
    assert said.prompt == "<user>Do it."
    assert (said.similarity, said.length_ratio) == (0.8, 1.6667)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, (None, None, None)),
        (
            {"rejected_label": "NAME_ERROR", "chosen_index": 0, "rejected_index": 3},
            ("NAME_ERROR", 0, 3),
        ),
        (
            {"rejected_label": "oops", "chosen_index": -1, "rejected_index": True},
            (None, None, None),
        ),
        ({"rejected_label": ["PASS"], "chosen_index": 1.0}, (None, None, None)),
    ],
)
def test_what_is_ours_in_a_row_is_taken_over(
    row: dict[str, Any], expected: tuple[str | None, int | None, int | None]
) -> None:
    ((pair,), _) = imported(ForeignPair("x", 1, "standard", "p", "c", "r", "t/1", row))
    assert pair.task_id == "t/1"
    assert (pair.rejected_label, pair.chosen_index, pair.rejected_index) == expected


def test_the_pairs_of_a_prompt_are_held_out_together() -> None:
    pairs = [a_foreign_pair(f"prompt {i // 3}", f"c{i}", f"r{i}") for i in range(90)]
    train, held_out = imported(*pairs, held_out=0.3)
    assert train
    assert held_out
    assert len(train) + len(held_out) == 90
    assert not {pair.prompt for pair in train} & {pair.prompt for pair in held_out}
    assert len({pair.task_id for pair in train + held_out}) == 30
    assert [pair.chosen for pair in train] == sorted(
        (pair.chosen for pair in train), key=lambda text: int(text[1:])
    )


def test_pairs_that_teach_nothing_or_leak_are_left_out_and_counted() -> None:
    good, same = a_foreign_pair(), a_foreign_pair(chosen="x", rejected="x")
    empty, leak = a_foreign_pair(chosen=" \n"), a_foreign_pair(TASK.prompt)
    no_answer = a_foreign_pair(rejected="")
    curated, left_out = own_pairs(
        [good, same, empty, leak, same, no_answer], [TASK], 8, Policy(held_out=0), render
    )
    assert [pair.rejected for pair in curated.pairs] == ["r", ""]
    assert left_out == [
        LeftOut(same, "both sides are identical"),
        LeftOut(empty, "the chosen side is empty"),
        LeftOut(leak, "leaks an evaluation problem", "prompt: e/1 (8 words)"),
        LeftOut(same, "both sides are identical"),
    ]
    assert curated.funnel.pairs == {
        "all": 6,
        "both sides are identical": 2,
        "the chosen side is empty": 1,
        "leaks an evaluation problem": 1,
        "held out": 0,
        "kept": 2,
    }
    assert curated.funnel.longer_wins == 0.75


def test_what_cannot_be_trained_on_is_named() -> None:
    name = next(name for name in map(str, range(99)) if is_held_out(name, 0.5, Policy().seed))
    aside = ForeignPair("x", 2, "standard", "p", "c", "r", name)
    none = (
        r"x: none of its 2 pairs is left to train on \(the chosen side is empty: 1; held out: 1\)"
    )
    with pytest.raises(InputError, match=none):
        imported(a_foreign_pair(chosen=""), aside, held_out=0.5)
    with pytest.raises(InputError, match="x:7: nothing is said"):
        imported(ForeignPair("x", 7, "conversational", [], "c", "r"))
