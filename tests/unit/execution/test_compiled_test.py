import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest
from builders import a_problem
from failpairs.errors import InputError
from failpairs.execution.compiled_test import compile_check
from failpairs.execution.harness.compilation import unpack
from places import ROOT, SCRIPTS


def passed_by(test: str, prompt: str = "") -> tuple[set[int], int]:
    """The assertions that hold when a test is run on `abs`, and how many there are."""
    problem = a_problem(test=test, **({"prompt": prompt} if prompt else {}))
    check = compile_check(problem)
    passed: set[int] = set()
    trusted: dict[str, Any] = {"__passed__": passed}
    for code in unpack(check.tests[0]):
        exec(code, trusted)
    with suppress(AssertionError):
        trusted["check"](abs)
    return passed, check.assertions


@pytest.mark.parametrize(
    ("body", "passed", "total"),
    [
        ("assert candidate(-1) == 1", {0}, 1),
        ("assert candidate(-1) == -1", set(), 1),
        ("assert candidate(1) == 1\n    assert candidate(2) == 3\n    assert True", {0}, 3),
        ("for n in (1, 2):\n        assert candidate(n) == 1", set(), 1),
        ("for n in (1, 2):\n        assert candidate(n) == n, 'text'", {0}, 1),
        ("pass", set(), 0),
    ],
)
def test_assertions_are_counted(body: str, passed: set[int], total: int) -> None:
    assert passed_by(f"def check(candidate):\n    {body}\n") == (passed, total)


def test_a_test_sees_what_the_prompt_defines_besides_the_function() -> None:
    prompt = (
        "import math\n\n\ndef helper(n):\n    return math.floor(n)\n\n\ndef double(n):\n    ...\n"
    )
    test = "def check(candidate):\n    assert helper(2.5) == candidate(2)\n"
    assert passed_by(test, prompt) == ({0}, 1)


def test_the_same_test_has_the_same_fingerprint_and_another_has_not() -> None:
    one, same = compile_check(a_problem()), compile_check(a_problem("t/1"))
    other = compile_check(a_problem(test="def check(candidate):\n    assert candidate(2) == 5\n"))
    assert one.fingerprint == same.fingerprint
    assert one.fingerprint != other.fingerprint


def test_assertions_stay_where_python_optimises_its_own() -> None:
    code = (
        "from builders import a_problem\n"
        "from failpairs.execution.compiled_test import compile_check\n"
        "print(compile_check(a_problem()).fingerprint)"
    )
    done = subprocess.run(
        [sys.executable, "-OO", "-c", code],
        env={"PYTHONPATH": f"{SCRIPTS}:{ROOT / 'tests' / 'helpers'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == compile_check(a_problem()).fingerprint


@pytest.mark.parametrize(
    "test",
    ["def check(candidate:\n", "def check(c):\n    return = 1\n", "x\0", "(" * 300 + ")" * 300],
)
def test_a_test_that_does_not_compile_is_named(test: str) -> None:
    with pytest.raises(InputError, match="the test of problem 't/0' does not compile"):
        compile_check(a_problem(test=test))


def test_a_call_of_check_outside_of_any_function_is_left_out() -> None:
    test = "def check(double):\n    assert double(-1) == 1\n\n\ncheck(double)\n"
    assert passed_by(test) == ({0}, 1)


def test_additional_tests_come_after_the_test_and_are_counted_too() -> None:
    more = "def check(candidate):\n    assert candidate(3) == 6\n"
    check = compile_check(a_problem(plus_test=more))
    assert len(check.tests) == 2
    assert check.assertions == compile_check(a_problem()).assertions + 1
