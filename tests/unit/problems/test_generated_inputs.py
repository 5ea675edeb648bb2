"""Inputs that are made from those of a test."""

import ast
import doctest
import re
import subprocess
import sys
from typing import Any

import pytest
from builders import a_problem
from failpairs.problems import generated_inputs, given_calls, literals
from failpairs.problems.generated_inputs import constants_in, generated_calls
from failpairs.problems.given_calls import calls_in_prompt, calls_in_test
from failpairs.problems.input_properties import Argument, properties
from failpairs.problems.literals import literal
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT

VALUES = st.recursive(
    st.integers(-50, 50) | st.booleans() | st.text("ab c", max_size=5) | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text("xy", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
CALLS = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[VALUES] * width), min_size=1, max_size=4)
)


@given(CALLS, st.integers(0, 20), st.text(max_size=3))
def test_generated_calls_have_every_property_of_the_given_ones(
    calls: list[tuple[Any, ...]], count: int, seed: str
) -> None:
    found = generated_calls(calls, count, seed)
    assert len(found) <= count
    assert found == generated_calls(calls, count, seed)
    texts = [repr(call) for call in found]
    assert len({*texts}) == len(texts)
    assert not {*texts} & {repr(call) for call in calls}
    seen = [tuple(map(Argument, call)) for call in (*calls, *found)]
    given_ones = seen[: len(calls)]
    kept = [holds for holds in properties(given_ones) if all(map(holds, given_ones))]
    assert all(holds(call) for holds in kept for call in seen)


@pytest.mark.parametrize(
    ("calls", "is_valid"),
    [
        ([([1, 2, 5],), ([4, 9],)], lambda c: c[0] and c[0] == sorted(c[0]) and min(c[0]) >= 0),
        ([([3, 1], 0), ([5, 2, 2], 2)], lambda c: 0 <= c[1] < len(c[0])),
        ([([1], [2]), ([1, 2], [0, 5])], lambda c: len(c[0]) == len(c[1])),
        ([("abc",), ("xy",)], lambda c: c[0].isalpha() and c[0].islower()),
        (
            [([(1, "a")],), ([(2, "b"), (0, "c"), (5, "d")],)],
            lambda c: all(len(x) == 2 for x in c[0]),
        ),
    ],
)
def test_what_all_given_calls_have_counts_as_the_contract(
    calls: list[tuple[Any, ...]], is_valid: Any
) -> None:
    found = generated_calls(calls, 50, "seed")
    assert len(found) >= 20
    assert all(is_valid(call) for call in found)


def test_calls_are_found_under_the_names_of_the_function_and_of_the_candidate() -> None:
    test = (
        "def check(f):\n    assert f(1, [2]) == 3\n    assert double((4,)) == 5\n"
        "    assert f(1, [2]) == 3\n    assert f(x) == 6\n    assert f(1, k=2) == 6\n"
        "    assert other(7) == 8\n"
    )
    problem = a_problem("t/0").model_copy(update={"test": test, "entry_point": "double"})
    assert calls_in_test(problem) == [(1, [2]), ((4,),)]


def test_the_examples_of_a_prompt_are_calls_too() -> None:
    prompt = (
        "    >>> double(2)\n    4\n    double((1, (2))) ==> 6, double() is none\n"
        '    doubles(3) double(x) double("a)") and double(2, n=3) and double('
    )
    problem = a_problem("t/0").model_copy(update={"prompt": prompt, "entry_point": "double"})
    assert calls_in_prompt(problem) == [(2,), ((1, 2),), ("a)",)]


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("    Input: values = [2, -7], target = 9", [([2, -7], 9)]),
        ("    For values=[] and target = -1.5 it is None.", [([], -1.5)]),
        ("    For values = [1], target = 5. Nothing else.", [([1], 5)]),
        ("    values = [1]", []),
        ("    values = {{1, 2}, {3}}, target = 9", []),
        ("    values = sorted(target), target = 3", []),
        ("    values == [1], target == 3", []),
        ("    subvalues = [1], target = 3", []),
    ],
)
def test_an_example_may_name_the_arguments(line: str, call: list[Any]) -> None:
    reference = "def find(values, target, start=0):\n    return None\n"
    problem = a_problem(prompt=line + "\n", entry_point="find", reference=reference)
    assert calls_in_prompt(problem) == call


def test_texts_without_letters_get_none() -> None:
    calls = [("(()", 3), ("()", 4), ("12:30", 5)]
    found = generated_calls(calls, 100, "seed", ["Yes", "No"])
    assert len(found) == 100
    assert not any(map(str.isalpha, "".join(text for text, _ in found)))


def test_letters_that_a_program_asks_for_by_number_are_among_its_constants() -> None:
    asking = "def f(c):\n    return 97 <= ord(c) <= 122\n"
    assert {"a", "z"} <= {*constants_in(asking)}
    assert constants_in(asking.replace("ord", "int")) == [97, 122]


def test_inputs_are_the_same_whatever_the_order_of_sets() -> None:
    source = (
        "from failpairs.problems.generated_inputs import generated_calls\n"
        "from failpairs.problems.literals import literal\n"
        "calls = [({'one', 'two', 'three'}, 3), ({'four', 'five'}, 1)]\n"
        "print(literal(generated_calls(calls, 20, 'seed', ['six'])))\n"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", source],
            env={"PYTHONPATH": str(ROOT / "scripts"), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(texts) == 1


@given(VALUES)
def test_a_literal_is_the_value(value: Any) -> None:
    assert ast.literal_eval(literal(value)) == value


def test_the_values_in_the_documentation_are_right() -> None:
    assert not doctest.testmod(generated_inputs).failed
    assert not doctest.testmod(given_calls).failed
    assert not doctest.testmod(literals).failed


def test_arguments_of_one_type_change_places() -> None:
    calls = [([31, 7, 12], [44, 5]), ([90, 6, 2, 3], [8, 77])]
    assert {*map(literal, generated_calls(calls, 200, "seed"))} & {
        literal((b, a)) for a, b in calls
    }


def test_a_text_with_separators_changes_by_words() -> None:
    found = generated_calls([("03-11-2000",), ("15-01-2012",), ("06-04-2020",)], 200, "seed")
    dates = [text for (text,) in found if re.fullmatch(r"\d\d-\d\d-\d{4}", text)]
    assert len(dates) > 40
    words = generated_calls([("three one five",), ("two one",)], 200, "seed", ["zero", "one two"])
    assert any({*text.split()} >= {"zero", "one"} for (text,) in words)


def test_examples_of_the_prompt_that_the_test_lacks_come_first() -> None:
    problem = a_problem("t/0").model_copy(
        update={
            "prompt": "    >>> double(2)\n    4\n    >>> double(7)\n    14\n",
            "entry_point": "double",
            "test": "def check(double):\n    assert double(2) == 4\n    assert double(3) == 6\n",
            "reference": "def double(n):\n    return 2 * n\n",
        }
    )
    assert generated_inputs.generated_inputs(problem, 5)[0] == (7,)
    assert (2,) not in generated_inputs.generated_inputs(problem, 20)
    assert len(generated_inputs.generated_inputs(problem, 1)) == 1
