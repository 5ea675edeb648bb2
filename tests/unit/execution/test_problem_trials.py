import ast
from typing import Any

import pytest
from builders import a_problem
from failpairs.commands.try_problems import try_with_inputs
from failpairs.exec_labels import ExecLabel, ProblemTrial
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.problem_trials import time_limit, try_problems
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.labels import Label
from failpairs.problems.generated_inputs import generated_inputs, known, with_inputs
from failpairs.records import ForeignSample, Problem

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


MANY = """def largest(values):
    best = values[0]
    for value in values:
        if value > best:
            best = value
    return best
"""
FEW = (
    "def check(candidate):\n    assert candidate([2, 1, 2]) == 2\n    assert candidate([4]) == 4\n"
)


def labels_of(problem: Problem, trial: ProblemTrial, *programs: str) -> list[ExecLabel]:
    ready = with_inputs(problem, trial.inputs)
    samples = [
        ForeignSample(task_id=problem.task_id, sample_index=i, completion=text, form="solution")
        for i, text in enumerate(programs)
    ]
    trials = {problem.task_id: trial}
    return [*execute_samples([ready], samples, SETTINGS, find_tier(), 2, trials)]


def test_a_sample_that_passes_the_test_by_luck_fails_on_generated_inputs() -> None:
    problem = a_problem(entry_point="largest", reference=MANY, test=FEW)
    (trial,) = try_with_inputs([problem], SETTINGS, find_tier(), 2, 30)
    assert trial.fault is None
    assert 0 < len(ast.literal_eval(trial.inputs)) <= 8
    texts = (f"def largest(v):\n    return {value}\n" for value in ("v[-1]", "max(v)", "min(v)"))
    verdicts = labels_of(problem, trial, *texts)
    assert [v.label for v in verdicts] == [Label.ASSERTION_FAIL, Label.PASS, Label.ASSERTION_FAIL]
    assert [v.fragile for v in verdicts] == [True, False, False]
    assert [bool(v.differing) for v in verdicts] == [True, False, False]


@pytest.mark.parametrize(
    ("otherwise", "label", "n_differing"),
    [
        ("[][0]", "INDEX_ERROR", 3),
        ("object()", "ASSERTION_FAIL", 3),
        ("len(iter(int, 1))", "TYPE_ERROR", 3),
        ("sum(iter(int, 1))", "TIMEOUT", 1),
        ("__import__('sys').exit(3)", "EXIT", 1),
    ],
)
def test_a_sample_that_fails_on_generated_inputs_has_the_label_of_its_failure(
    otherwise: str, label: str, n_differing: int
) -> None:
    problem = a_problem(entry_point="largest", reference=MANY, test=FEW)
    values = [[4], [9, 9], [3, 2], [7], [1, 2, 3]]
    inputs = known(((each,), repr(max(each))) for each in values)
    trial = ProblemTrial(task_id=problem.task_id, timeout=1, inputs=inputs)
    text = f"def largest(v):\n    return max(v) if v in ([2, 1, 2], [4], [7]) else {otherwise}\n"
    (verdict,) = labels_of(problem, trial, text)
    assert (verdict.label, len(verdict.differing)) == (label, n_differing)
    assert verdict.fragile


def test_a_reference_that_does_not_agree_with_itself_gets_no_inputs() -> None:
    clock = "return best if len(values) < 4 else os.urandom(8)"
    lucky = "import os\n" + MANY.replace("return best", clock)
    problem = a_problem(entry_point="largest", reference=lucky, test=FEW)
    (trial,) = try_with_inputs([problem], SETTINGS, find_tier(), 2, 30)
    assert (trial.fault, trial.inputs) == (None, "")


def test_answers_of_samples_are_noted_where_there_is_no_reference() -> None:
    problem = a_problem(entry_point="largest", reference="", test=FEW)
    (trial,) = try_with_inputs([problem], SETTINGS, find_tier(), 2, 30)
    calls = ast.literal_eval(trial.inputs)
    assert 0 < len(calls) <= 8
    bodies = (
        "max(v)",
        "sorted(v)[-1]",
        "v[-1]",
        "min(v)",
        "v[len(iter(int, 1)) if v == [] else 0]",
    )
    texts = [f"def largest(v):\n    return {body}\n" for body in bodies]
    right, alike, last, failing, raising = labels_of(problem, trial, *texts)
    assert len(right.answers) == len(calls)
    assert right.answers == alike.answers != last.answers
    assert (last.label, last.fragile) == (Label.PASS, False)
    assert (failing.label, failing.answers) == (Label.ASSERTION_FAIL, [])
    assert len(raising.answers) == len(calls)
    stuck = (
        "def largest(v):\n    while v not in ([2, 1, 2], [4]):\n        pass\n    return max(v)\n"
    )
    quick = trial.model_copy(update={"timeout": 1})
    (verdict,) = labels_of(problem, quick, stuck)
    assert (verdict.label, verdict.fragile, verdict.answers) == (Label.TIMEOUT, True, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"plus_test": FEW},
        {"test": "def check(f):\n    assert f(*range(1)) is None\n"},
    ],
    ids=["additional tests", "no call to start from"],
)
def test_a_problem_to_which_nothing_can_be_added_is_tried_as_it_is(changes: dict[str, str]) -> None:
    problem = a_problem(**changes)
    assert generated_inputs(problem, 30) == []
    assert with_inputs(problem, "") is problem


def test_additional_tests_of_a_benchmark_raise_the_least_limit_and_generated_inputs_do_not() -> (
    None
):
    settings = SETTINGS.model_copy(update={"timeout": 8, "min_timeout": 0.5, "timeout_factor": 1})
    problems = [
        a_problem("t/0", entry_point="largest", reference=MANY, test=FEW, plus_test=FEW),
        a_problem("t/1", entry_point="largest", reference=MANY, test=FEW),
    ]
    trials = [*try_with_inputs(problems, settings, find_tier(), 2, 30)]
    assert [bool(trial.inputs) for trial in trials] == [False, True]
    assert [trial.timeout for trial in trials] == [4, 0.5]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"reference": "def f(x):\n    print 'Python 2'\n"}, "SYNTAX_ERROR"),
        ({"reference": "\x00"}, "SYNTAX_ERROR"),
        ({"test": "def check(f):\n    assert f(1 == 2\n"}, "does not compile"),
        ({"setup": "import ("}, "does not compile"),
        ({"reference": "import os\nos._exit(0)\ndef f(x):\n    return x\n"}, "EXIT"),
    ],
)
def test_a_broken_problem_is_named_with_generated_inputs_too(
    changes: dict[str, str], fault: str
) -> None:
    good, broken = a_problem("t/0"), a_problem("t/1", **changes)
    found = [*try_with_inputs([good, broken], SETTINGS, find_tier(), 2, 20)]
    assert found[0].fault is None
    assert fault in (found[1].fault or "")
