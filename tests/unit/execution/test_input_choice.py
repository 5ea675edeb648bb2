"""Which of many inputs are kept."""

from collections.abc import Sequence
from typing import Any

import pytest
from failpairs.execution.harness.input_choice import (
    ENOUGH,
    FEW,
    LONGEST,
    MOST_STEPS,
    MOST_STEPS_IN_ALL,
    chosen_inputs,
)
from hypothesis import given
from hypothesis import strategies as st

LARGEST = "def f(values):\n    return max(values)\n"


def places(calls: str, reference: str, mutants: Sequence[str], count: int) -> list[int]:
    return [place for place, _ in chosen_inputs(calls, reference, mutants, "f", count)]


def test_what_kills_a_mutant_is_chosen_before_what_kills_none() -> None:
    calls = "[([1],), ([2],), ([3],), ([1, 2],), ([2, 5],), ([0, 7],)]"
    smallest = LARGEST.replace("max", "min")
    assert places(calls, LARGEST, [smallest], 3) == [0, 3, 4]
    assert places(calls, LARGEST, [], 3) == [0, 1, 2]


def test_a_mutant_that_raises_or_never_ends_is_told_from_the_reference() -> None:
    calls = "[([4],), ([2, 3],), ([3, 2],), ([1, 1, 1],)]"
    never = "def f(values):\n    while len(values) == 3:\n        pass\n    return max(values)\n"
    raises = "def f(values):\n    return max(values) // (values[0] != 3)\n"
    assert places(calls, LARGEST, [never, raises, "1 / 0"], 4 * ENOUGH) == [0, 1, 2, 3]
    assert places(calls, LARGEST, [never, raises], 2) == [2, 3]


def test_answers_come_with_the_calls() -> None:
    reference = "def f(n):\n    yield from range(n)\n"
    assert chosen_inputs("[(2,), (0,)]", reference, [], "f", 2) == [(0, "[0, 1]"), (1, "[]")]


def test_calls_without_an_answer_are_never_chosen() -> None:
    reference = "def f(n):\n    while n == 1:\n        pass\n    return 1 // n\n"
    assert places("[(0,), (1,), (2,), (3,)]", reference, [], 4) == [2, 3]


def test_the_choice_ends_where_all_steps_are_taken() -> None:
    steps = MOST_STEPS * 9 // 10
    slow = f"def f(n):\n    for _ in range({steps}):\n        n += 1\n    return n\n"
    chosen = places(str([(n,) for n in range(1000)]), slow, [], 1000)
    assert chosen == [*range(len(chosen))]
    assert len(chosen) == pytest.approx(MOST_STEPS_IN_ALL / steps, rel=0.05)


def test_calls_that_take_long_fill_up_what_is_missing() -> None:
    slow = (
        f"def f(n):\n    for _ in range({10 * MOST_STEPS} if n % 10 else 1):\n        n += 1\n"
        "    return n\n"
    )
    calls = str([(n,) for n in range(100)])
    assert places(calls, slow, [], 20) == [0, 1, 2, 3, *range(10, 100, 10)]
    assert len(places(calls, slow, [], 20)) == 10 + FEW
    assert places(calls, slow, [], 5) == [*range(0, 50, 10)]


def test_calls_whose_answer_is_very_large_are_not_chosen() -> None:
    reference = "def f(n):\n    return 10 ** n\n"
    calls: list[Any] = [(3,), (LONGEST,), (2,), (10 * LONGEST,)]
    assert places(repr(calls), reference, [], 4) == [0, 2]


@given(st.lists(st.lists(st.integers(-9, 9), max_size=4), max_size=12), st.integers(0, 12))
def test_no_call_changes_the_next(values: list[list[int]], count: int) -> None:
    """A program that changes its arguments in place gets each of them afresh."""
    calls = repr([(each,) for each in values])
    taking = "def f(values):\n    return values.pop() if values else None\n"
    chosen = places(calls, taking, [taking, taking.replace("pop()", "pop(0)")], count)
    assert len(chosen) == min(count, len(values))
    assert chosen == sorted({*chosen})
    assert {*chosen} <= {*range(len(values))}
