"""Which of many inputs are kept."""

import pytest
from failpairs.execution.harness.input_choice import ENOUGH, MOST_STEPS_IN_ALL, chosen_inputs
from failpairs.execution.harness.oracles import MOST_STEPS
from hypothesis import given
from hypothesis import strategies as st

LARGEST = "def f(values):\n    return max(values)\n"


def test_what_kills_a_mutant_is_chosen_before_what_kills_none() -> None:
    calls = "[([1],), ([2],), ([3],), ([1, 2],), ([2, 5],), ([0, 7],)]"
    smallest = LARGEST.replace("max", "min")
    assert chosen_inputs(calls, LARGEST, [smallest], "f", 3) == [0, 3, 4]
    assert chosen_inputs(calls, LARGEST, [], "f", 3) == [0, 1, 2]


def test_a_mutant_that_raises_or_never_ends_is_told_from_the_reference() -> None:
    calls = "[([4],), ([2, 3],), ([3, 2],), ([1, 1, 1],)]"
    never = "def f(values):\n    while len(values) == 3:\n        pass\n    return max(values)\n"
    raises = "def f(values):\n    return max(values) // (values[0] != 3)\n"
    assert chosen_inputs(calls, LARGEST, [never, raises, "1 / 0"], "f", 4 * ENOUGH) == [0, 1, 2, 3]
    assert chosen_inputs(calls, LARGEST, [never, raises], "f", 2) == [2, 3]


def test_calls_without_an_answer_are_never_chosen() -> None:
    reference = "def f(n):\n    while n == 1:\n        pass\n    return 1 // n\n"
    assert chosen_inputs("[(0,), (1,), (2,), (3,)]", reference, [], "f", 4) == [2, 3]


def test_the_choice_ends_where_all_steps_are_taken() -> None:
    steps = MOST_STEPS * 9 // 10
    slow = f"def f(n):\n    for _ in range({steps}):\n        n += 1\n    return n\n"
    chosen = chosen_inputs(str([(n,) for n in range(1000)]), slow, [], "f", 1000)
    assert chosen == [*range(len(chosen))]
    assert len(chosen) == pytest.approx(MOST_STEPS_IN_ALL / steps, rel=0.05)


@given(st.lists(st.lists(st.integers(-9, 9), max_size=4), max_size=12), st.integers(0, 12))
def test_no_call_changes_the_next(values: list[list[int]], count: int) -> None:
    """A program that changes its arguments in place gets each of them afresh."""
    calls = repr([(each,) for each in values])
    taking = "def f(values):\n    return values.pop() if values else None\n"
    chosen = chosen_inputs(calls, taking, [taking, taking.replace("pop()", "pop(0)")], "f", count)
    assert len(chosen) == min(count, len(values))
    assert chosen == sorted({*chosen})
    assert {*chosen} <= {*range(len(values))}
