import json
import math
import unittest
from collections import deque
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from failpairs.execution.harness import oracles
from hypothesis import example, given, settings
from hypothesis import strategies as st


def constant(value: Any) -> Callable[..., Any]:
    """A candidate that always gives the same answer."""
    return lambda *arguments: value


def accepts(out: Any, expected: str, arguments: str = "[]", **options: Any) -> bool:
    """Whether `check_inputs` takes an answer where a reference gives the value of an expression."""
    reference = f"def f(*given):\n  return {expected}\n"
    try:
        oracles.check_inputs(constant(out), f"[{arguments}]", reference, "f", **options)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize(
    ("out", "expected", "atol", "right"),
    [
        (3, "3", 0.0, True),
        (3, "4", 0.0, False),
        (3.0, "3", 0.0, True),
        ([1, 2], "(1, 2)", 0.0, False),
        (0.1 + 0.2, "0.3", 0.0, True),
        (0.3 + 1e-5, "0.3", 0.0, False),
        (0.3 + 1e-5, "0.3", 1e-4, True),
        ([0.1 + 0.2], "[0.3]", 0.0, True),
        ([0.1 + 0.2], "(0.3,)", 0.0, False),
        ([0.1 + 0.2, 1], "[0.3, 1]", 0.0, False),  # not all of them are floats
        ([0.3, 0.3], "[0.3]", 0.0, False),
        (float("nan"), "float('nan')", 0.0, False),
        (float("inf"), "float('inf')", 0.0, True),
        ("a", "'b'", 1e-4, False),
        (None, "0.5", 0.0, False),
        (1 + 1e-9j, "1 + 0j", 1e-6, True),
    ],
)
def test_answers_are_equal_or_near(out: Any, expected: str, atol: float, right: bool) -> None:
    assert accepts(out, expected, atol=atol) == right


def test_the_first_float_sets_a_tolerance_for_what_follows() -> None:
    reference = "def f(n):\n  return n\n"
    near = {1: 1, 0.5: 0.5, 10**8: 10**8 + 1}.get
    oracles.check_inputs(near, "[[1], [0.5], [100000000]]", reference, "f")
    with pytest.raises(AssertionError, match="case 2: got 100000001, expected 100000000"):
        oracles.check_inputs(near, "[[1], [100000000], [0.5]]", reference, "f")


@pytest.mark.parametrize(
    ("rule", "out", "expected", "arguments", "right"),
    [
        ("root", 2.0, "None", "[[-4, 0, 1]]", True),
        ("root", -2.0, "None", "[[-4, 0, 1]]", True),
        ("root", 2.1, "None", "[[-4, 0, 1]]", False),
        ("root", None, "None", "[[-4, 0, 1]]", False),
        ("anything", None, "True", "[]", True),
        ("or_zero", 0, "7", "[7]", True),
        ("or_zero", 1, "7", "[7]", False),
        ("same_set", [2, 1, 1], "(1, 2)", "[]", True),
        ("same_set", [1], "(1, 2)", "[]", False),
        ("same_set", 1, "(1, 2)", "[]", False),
        ("not_none", "match", "'other'", "[]", True),
        ("not_none", True, "'other'", "[]", True),
        ("not_none", False, "'other'", "[]", False),
        ("not_none", None, "'other'", "[]", False),
        ("not_none", None, "None", "[]", True),
        ("pyramid", 96, "33", "[6, 4]", True),  # 6² + 2·6·5
        ("pyramid", 97, "33", "[6, 4]", False),
        ("digits", 4, "7", "[1, 23]", True),  # 01 and 23: 2 + 2
        ("digits", 3, "7", "[1, 23]", False),
    ],
)
def test_rules_take_several_right_answers(
    rule: str, out: Any, expected: str, arguments: str, right: bool
) -> None:
    atol = 1e-4 if rule == "root" else 0.0
    assert accepts(out, expected, arguments, rule=rule, atol=atol) == right


def test_each_call_has_inputs_of_its_own() -> None:
    def emptying(values: list[int]) -> int:
        total = sum(values)
        values.clear()
        return total

    reference = "def f(values):\n  total = sum(values)\n  values.clear()\n  return total\n"
    for _ in range(2):
        oracles.check_inputs(emptying, "[[[1, 2]], [[3]]]", reference, "f")


def test_the_reference_runs_once_for_many_samples() -> None:
    reference = "calls = []\ndef f(n):\n  calls.append(n)\n  return len(calls)\n"
    for _ in range(2):
        oracles.check_inputs({7: 1, 8: 2}.get, "[[7], [8]]", reference, "f")


def test_calls_may_be_made_together() -> None:
    class Together:
        def call_all(self, arguments: list[list[Any]]) -> Iterator[Any]:
            assert arguments == [[1], [2], [0]]
            return (4 // n for (n,) in arguments)

    cases = json.dumps([[[1], 4], [[2], 2], [[0], 0]])
    with pytest.raises(ZeroDivisionError):
        oracles.check_calls(Together(), cases)


def test_a_failure_names_the_case_and_shortens_values() -> None:
    with pytest.raises(AssertionError) as caught:
        oracles.check_calls(constant("x" * 1000), '[[[1], "y"]]')
    message = str(caught.value)
    assert message.startswith("case 1: got 'xxx")
    assert message.endswith("xxx', expected 'y'")
    assert len(message) < 140


@pytest.mark.parametrize(
    ("out", "expected", "wrapped", "right"),
    [
        ((1, 2), [1, 2], False, True),
        ([(1, 2)], [[1, 2]], False, False),
        (5, [5], False, False),
        (5, [5], True, True),
        ([1, 2], [[1, 2]], True, True),
        ([(1, 2)], [[[1, 2]]], True, True),
        ({1: 2}, {"1": 2}, True, True),
        ({1: 2}, [{"1": 2}], True, True),
        ({1: 2}, {"1": 2}, False, False),
        ([], [], True, True),
        (None, [], True, False),
    ],
)
def test_known_answers_are_compared_as_json_can_say_them(
    out: Any, expected: Any, wrapped: bool, right: bool
) -> None:
    cases = json.dumps([[[], expected]])
    if right:
        oracles.check_calls(constant(out), cases, wrapped=wrapped)
    else:
        with pytest.raises(AssertionError, match=r"^case 1: "):
            oracles.check_calls(constant(out), cases, wrapped=wrapped)


def test_keys_that_json_made_text_are_numbers_again() -> None:
    oracles.check_calls(
        lambda table, word: table[1] + word, '[[[{"1": "a"}, "b"], "ab"]]', wrapped=True
    )
    oracles.check_calls(lambda table: table["x"], '[[[{"x": 3}], 3]]', wrapped=True)


@pytest.mark.parametrize(
    ("comparison", "printed", "expected", "right"),
    [
        ("lines", "1 2 \n3\n\n", "1 2\n3", True),
        ("lines", "1  2", "1 2", True),  # the same numbers
        ("lines", "a  b", "a b", False),
        ("lines", "1.50", "1.5", True),
        ("lines", "1.5000001", "1.5", False),
        ("lines", "50000000000000001", "50000000000000000", False),
        ("lines", "1\n2", "1 2", False),
        ("lines", "", "1", False),
        ("lines", "yes", "YES", False),
        ("lines", "sNaN", "NaN", False),
        ("tokens", "1\n2", "1 2", True),
        ("tokens", "yes", "YES", True),
        ("tokens", "0.333333", "0.3333333333", True),
        ("tokens", "0.3334", "0.3333333333", False),
        ("tokens", "1 2", "1 2 3", False),
        ("tokens", "a", "b", False),
        ("numbers", "1\n\n2\n", "1\n2", True),
        ("numbers", "1 2", "1\n2", False),
        ("numbers", "0.33333333 x", "0.3333333333  x", True),
        ("numbers", "0.33334", "0.3333333333", False),
        ("numbers", "2 1", "1 2", False),
        ("numbers", "1000001", "1000000", False),
        ("numbers", "1000001.0", "1000000", False),
        ("numbers", "7" * 6000, "7" * 5999 + "8", False),
        ("numbers", "7" * 6000, "7" * 6000 + ".0", True),
        ("numbers", "+7 1000000.0", "7 1000000", True),
        ("numbers", "nan", "1", False),
    ],
)
def test_outputs_are_compared(comparison: str, printed: str, expected: str, right: bool) -> None:
    cases = json.dumps([["input", expected]])
    if right:
        oracles.check_output(constant(printed), cases, comparison)
    else:
        with pytest.raises(AssertionError, match=r"^case 1: got "):
            oracles.check_output(constant(printed), cases, comparison)


def test_a_program_gets_the_input_of_each_case() -> None:
    cases = json.dumps([["3\n", "6\n"], ["4\n", "9\n"]])
    with pytest.raises(AssertionError) as caught:
        oracles.check_output(lambda text: f"{2 * int(text)}\n", cases, "lines")
    assert str(caught.value) == r"case 2: got '8\n', expected '9\n'"


def test_the_first_failure_of_a_unittest_class_is_raised_after_its_clean_up() -> None:
    seen = []

    class Cases(unittest.TestCase):
        def tearDown(self) -> None:
            seen.append("tearDown")

        def test_a(self) -> None:
            seen.append("a")

        @unittest.skip("on purpose")
        def test_b(self) -> None:
            seen.append("b")

        def test_c(self) -> None:
            with self.subTest("inner"):
                self.assertEqual(1, 2)

        def test_d(self) -> None:
            seen.append("d")

    with pytest.raises(AssertionError, match="1 != 2"):
        oracles.run_unittest(Cases)
    assert seen == ["a", "tearDown", "tearDown"]


def test_an_error_in_a_unittest_class_is_raised_as_it_is() -> None:
    class Cases(unittest.TestCase):
        def test(self) -> None:
            raise KeyError("missing")

    with pytest.raises(KeyError, match="missing"):
        oracles.run_unittest(Cases)


def test_a_failure_of_a_whole_unittest_class_is_raised() -> None:
    class Cases(unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            raise ValueError("no data")

        def test(self) -> None:
            raise AssertionError

    with pytest.raises(ValueError, match="no data"):
        oracles.run_unittest(Cases)


def test_a_unittest_class_that_passes_raises_nothing() -> None:
    class Cases(unittest.TestCase):
        def test(self) -> None:
            pass

    oracles.run_unittest(Cases)


def ours(out: Any, expected: Any, rtol: float, atol: float) -> bool:
    try:
        return oracles.is_all_close(out, expected, rtol=rtol, atol=atol)
    except (TypeError, ValueError, OverflowError):
        return False


def numpys(out: Any, expected: Any, rtol: float, atol: float) -> bool:
    try:
        # numpy takes a list of what are no numbers for near to an empty one; ours does not.
        if isinstance(out, list | tuple) and np.asarray(out).dtype == object:
            return False
        return bool(np.allclose(out, expected, rtol=rtol, atol=atol))
    except (TypeError, ValueError, OverflowError):
        return False


numbers = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**62, 2**63, 2**64, -(2**63), -(2**63) - 1, 10**30, 10**400]),
    st.booleans(),
    st.sampled_from([0.0, 1.0, 1.0 + 1e-8, 1.0 + 1e-6, 1e300, math.inf, -math.inf, math.nan]),
    st.sampled_from([1j, 1 + 1e-8j, complex(math.inf, 0), complex(0, math.nan)]),
    st.sampled_from([None, "a", b"a", {}, set()]),
)
usual = st.sampled_from([0, 1, True, 1.0, 1.0 + 1e-8, 2.0, math.inf, math.nan])
values = st.one_of(
    numbers,
    st.recursive(usual, lambda inner: st.lists(inner, max_size=3), max_leaves=6),
    st.lists(numbers, max_size=2),
    st.lists(usual, max_size=3).map(tuple),
)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=600)
@given(out=values, expected=values, atol=st.sampled_from([1e-6, 1e-4, 0.5]))
@example([[1.0], [2.0]], [[1.0, 1.0], [2.0, 2.0]], 1e-6)
@example([[1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]], 1e-6)
@example([[]], [()], 1e-6)
@example([[], []], [[1.0], [1.0]], 1e-6)
@example([[]], [[1.0, 2.0]], 1e-6)
@example([1.0, [2.0]], [1.0, [2.0]], 1e-6)
@example([10**30, 1.0], [10**30, 1.0], 1e-6)
@example(deque([1.0]), deque([1.0]), 1e-6)
@example(range(2), range(2), 1e-6)
@example(Decimal(1), Decimal(1), 1e-6)
@example(Fraction(1), Fraction(1), 1e-6)
@example({1: 2}, {1: 2}, 1e-6)
@example(2**53 + 1, 2**53, 1e-6)
@example([2**53 + 1], [2**53], 1e-6)
@example(10**400, 10**400, 1e-6)
def test_near_is_what_numpy_calls_near(out: Any, expected: Any, atol: float) -> None:
    if type(out) is type(expected):  # others are wrong before it comes to this
        assert ours(out, expected, 1e-7, atol) == numpys(out, expected, 1e-7, atol)
    assert ours(expected, expected, 1e-7, atol) == numpys(expected, expected, 1e-7, atol)


@pytest.mark.parametrize(
    ("program", "is_alike"),
    [
        (lambda values: sorted(values), True),
        (lambda values: [*values], False),
        (lambda values: len(values), False),
        (lambda values: values.sort() or values, True),
    ],
)
def test_a_program_is_alike_if_it_gives_what_the_reference_gives(
    program: Callable[..., Any], is_alike: bool
) -> None:
    cases = "[(([1, 2],), [1, 2]), (([3, 1],), [1, 3])]"
    differing: list[int] = []
    if is_alike:
        oracles.check_alike(program, cases, differing)
    else:
        with pytest.raises(AssertionError):
            oracles.check_alike(program, cases, differing)
    assert bool(differing) == (not is_alike)


def test_answers_are_noted_alike_where_they_are_equal_up_to_rounding() -> None:
    answers: list[list[str]] = []
    for program in (
        lambda n: [n / 3, {"b": 1, "a": {2, 1}}, 12 // n],
        lambda n: [n / 3 + 1e-12, {"a": {1, 2}, "b": 1.0}, int(12 / n)],
        lambda n: (n / 3, {"b": 1, "a": {2, 1}}, 12 // n),
        lambda n: iter([n / 3, {"b": 1, "a": {2, 1}}, 12 // n]),
    ):
        answers.append([])
        oracles.record_answers(program, "[((1,),), ((0,),), ((4,),)]", answers[-1])
    first, alike, other, iterated = answers
    assert first == alike == iterated
    assert first[1] == other[1] == "raised"
    assert len({*first, *other}) == 5


@pytest.mark.parametrize("together", [True, False])
def test_all_calls_are_compared_after_one_that_differs_or_raises(together: bool) -> None:
    def program(n: int) -> float:
        return 12 / n if n < 5 else n

    def call_all(calls: list[list[int]]) -> Iterator[float]:
        return (program(*call) for call in calls)

    if together:
        program.call_all = call_all  # type: ignore[attr-defined]
    cases = "[((1,), 12), ((0,), 1), ((2,), 6), ((0,), 1), ((6,), 2)]"
    differing: list[int] = []
    with pytest.raises(ZeroDivisionError):
        oracles.check_alike(program, cases, differing)
    assert differing == [1, 3, 4]
