from typing import Any

import pytest
from builders import a_problem
from failpairs.execution.problem_trials import ProblemTrial, time_limit, try_problems
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.records import Problem

SETTINGS = ExecutionSettings(timeout=2, min_timeout=1, memory_mb=256, runs=2)


def tried(*problems: Problem) -> list[ProblemTrial]:
    return [*try_problems(problems, SETTINGS, find_tier(), workers=2)]


def test_a_sound_problem_is_judged_from_outside_with_the_least_limit() -> None:
    assert tried(a_problem()) == [ProblemTrial(task_id="t/0", timeout=1.0)]


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "wrong reference": (
        {"reference": "def double(n):\n    return n\n"},
        "its reference does not pass its own test: ASSERTION_FAIL",
    ),
    "reference that raises": (
        {"reference": "def double(n):\n    return m\n"},
        "its reference does not pass its own test: NAME_ERROR, NameError: name 'm' is not defined",
    ),
    "reference that is lucky": (
        {"reference": "import time\ndef double(n):\n    return n * 2 + time.timezone // 10**4\n"},
        "its reference does not pass its own test: FLAKY",
    ),
    "test without an assertion": (
        {"test": "def check(candidate):\n    return candidate(2) == 4\n"},
        "its test asserts nothing: a function that does nothing passes it",
    ),
    "test that needs a package": (
        {"test": "import no_such_package\ndef check(candidate):\n    assert candidate(2) == 4\n"},
        "it needs a package that the sandbox lacks (see execution.packages): "
        "No module named 'no_such_package'",
    ),
    "test that fails before it tests": (
        {"test": "x = unknown\n\n\ndef check(candidate):\n    assert candidate(2) == 4\n"},
        "its test cannot be run: NameError: name 'unknown' is not defined",
    ),
    "test that does not compile": (
        {"test": "def check(candidate):\n    return = 1\n"},
        "the test of problem 't/0' does not compile: invalid syntax (<unknown>, line 2)",
    ),
    "reference that loops": (
        {"reference": "def double(n):\n    while True:\n        pass\n"},
        "its reference needs more than 2.0 CPU seconds (execution.timeout)",
    ),
}


@pytest.mark.parametrize(("changes", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_a_broken_problem_is_named_with_its_fault(changes: dict[str, Any], fault: str) -> None:
    (trial,) = tried(a_problem(**changes))
    assert trial.fault == fault


def test_problems_come_in_their_order_and_one_without_a_reference_is_not_tried() -> None:
    problems = [
        a_problem("t/1", reference=""),
        a_problem("t/0", reference="def double(n):\n    return n\n"),
        a_problem("t/2"),
    ]
    trials = tried(*problems)
    assert [trial.task_id for trial in trials] == ["t/1", "t/0", "t/2"]
    assert [trial.fault is None for trial in trials] == [True, False, True]
    assert [trial.timeout for trial in trials] == [2.0, 2.0, 1.0]


@pytest.mark.parametrize(
    ("cpu_s", "limit"), [(0, 0.5), (0.049, 0.5), (0.051, 1), (0.2, 2), (0.3, 4), (9, 8)]
)
def test_the_limit_follows_the_reference_between_its_bounds(cpu_s: float, limit: float) -> None:
    settings = ExecutionSettings(timeout=8, min_timeout=0.5, timeout_factor=10)
    assert time_limit(cpu_s, settings) == limit
    assert time_limit(cpu_s, settings, factor=8) == max(limit, 4)


def test_a_method_and_a_script_are_tried_too() -> None:
    program = "class Solution:\n    def double(self, n):\n        return n * 2\n"
    method = a_problem("t/1", entry_point="Solution.double", reference=program)
    script = a_problem(
        "t/2",
        kind="program",
        entry_point="main",
        test="def check(candidate):\n    assert candidate('2') == '4\\n'\n",
        reference="print(2 * int(input()))\n",
    )
    assert [trial.fault for trial in tried(method, script)] == [None, None]
