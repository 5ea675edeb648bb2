"""Rows as other tools write them: each becomes a problem that tells right programs from wrong ones
in the real executor."""

import json
from pathlib import Path
from typing import Any

import pytest
from builders import a_problem, bigcodebench_row, humaneval_row, mbpp_row, write_lines
from failpairs.errors import InputError
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.problem_trials import try_problems
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.labels import Label
from failpairs.problems.jsonl import read_problems
from failpairs.records import ForeignSample, Problem

SETTINGS = ExecutionSettings(timeout=2, min_timeout=1, memory_mb=256, runs=1)
PROMPT = 'def double(n):\n    """Return n times two."""\n'
ASYNC_PROMPT = PROMPT.replace("def", "async def", 1)
RIGHT, WRONG = "def double(n):\n    return n + n\n", "def double(n):\n    return n + 2.5\n"
ASYNC = {"prompt": ASYNC_PROMPT}
CHECK = "def check(candidate):\n    assert candidate(3) == 6\n"


def multipl_e_row(**changes: Any) -> dict[str, Any]:
    """A row as in MultiPL-E: no reference, and tests that run themselves."""
    return {
        "name": "HumanEval_0_double",
        "language": "py",
        "prompt": PROMPT,
        "doctests": "keep",
        "original": "double.py",
        "prompt_terminology": "verbatim",
        "tests": f"{CHECK}\ndef test_check():\n    check(double)\n\ntest_check()\n",
        "stop_tokens": ["\ndef"],
        **changes,
    }


def mxeval_row(**changes: Any) -> dict[str, Any]:
    """A row as in mxeval: HumanEval's fields and a language."""
    tabs = {"prompt": '\n\ndef double(n):\n\t"""\n\tDouble.\n\t"""\n', "test": f"\n\n{CHECK}\n"}
    return humaneval_row(canonical_solution="\treturn n * 2", language="python", **tabs, **changes)


def sanitized_row(**changes: Any) -> dict[str, Any]:
    """A row as in the sanitized MBPP."""
    fields = {"source_file": "f", "prompt": "Double a number.", "test_imports": ["import math"]}
    tests = ["assert math.floor(double(2)) == 4", "assert double(0.5) == 1"]
    return {**mbpp_row(text=..., test_setup_code=..., test_list=tests), **fields, **changes}


def humanevalpack_row() -> dict[str, Any]:
    """A row as in HumanEvalPack, with a declaration and a wrong solution."""
    return humaneval_row(
        task_id="Python/0",
        declaration="def double(n):\n",
        buggy_solution="    return n\n",
        **{"import": "", "test_setup": "", "example_test": "check(double)"},
        test="\n\ndef check(double):\n    assert double(3) == 6\n\ncheck(double)",
    )


FORMS: dict[str, dict[str, Any]] = {
    "ours": a_problem("own/1").model_dump(),
    "HumanEval": humaneval_row(),
    "HumanEvalPack": humanevalpack_row(),
    "mxeval": mxeval_row(),
    "mxeval without solutions": mxeval_row() | {"canonical_solution": None},
    "MultiPL-E": multipl_e_row(),
    "MultiPL-E that runs as a script": multipl_e_row(
        tests=f"{CHECK}\nif __name__ == '__main__':\n    check(double)\n"
    ),
    "MBPP": mbpp_row(test_list=["assert double(3) == 6"]),
    "sanitized MBPP": sanitized_row(),
    "MBPP without solutions": sanitized_row(code=None),
    "MBPP with a lambda": mbpp_row(code="double = lambda n: n * 2"),
    "MBPP with a function that is imported": mbpp_row(
        code="from operator import add as double", test_list=["assert double(1, 2) == 3"]
    ),
    "MBPP with a function that is assigned": mbpp_row(
        code="import functools, operator\ndouble = functools.partial(operator.mul, 2)"
    ),
    "MBPP with a coroutine": sanitized_row(
        code="async def double(n):\n    return n * 2",
        test_imports=["import asyncio"],
        test_list=["assert asyncio.run(double(3)) == 6"],
    ),
    "MBPP with a text of two lines": mbpp_row(
        test_list=['assert double("""a\nb""") == "a\\nba\\nb"']
    ),
    "no solution": humaneval_row(canonical_solution=...),
    "no docstring": humaneval_row(prompt="def double(n):\n"),
    "no end of line": humaneval_row(
        prompt="def double(n):", canonical_solution="    m = n\n    return m * 2"
    ),
    "solution that is a lambda": humaneval_row(canonical_solution="double = lambda n: n * 2"),
    "solution that is a program": humaneval_row(
        prompt="import math\n\ndef double(n):\n",
        canonical_solution="def double(n):\n    return math.prod([n, 2])\n",
    ),
    "solution of prose": humaneval_row(prompt="Write a function double.", canonical_solution=RIGHT),
    "reference that imports": {
        **a_problem(prompt="Write `neg`.", entry_point="neg").model_dump(),
        "reference": "from operator import neg\n",
        "test": "def check(candidate):\n    assert candidate(3) == -3\n",
    },
    "method": humaneval_row(
        prompt='class Solution:\n    def double(self, n):\n        """Double."""\n',
        entry_point="Solution.double",
        canonical_solution="        return n * 2\n",
    ),
    "coroutine that the test runs": humaneval_row(
        **ASYNC,
        test=f"import asyncio\n{CHECK.replace('candidate(3)', 'asyncio.run(candidate(3))')}",
    ),
    "coroutine that the test awaits": humaneval_row(
        **ASYNC, test=f"async {CHECK.replace('candidate(3)', 'await candidate(3)')}"
    ),
    "ends of lines of Windows": {
        key: value.replace("\n", "\r\n") for key, value in humaneval_row().items()
    },
    "whole number as a task id": humaneval_row(task_id=0),
    "BigCodeBench without solutions": bigcodebench_row(canonical_solution=...),
}
TASK_IDS = {
    "ours": "own/1",
    "HumanEvalPack": "Python/0",
    "MultiPL-E": "HumanEval_0_double",
    "sanitized MBPP": "mbpp/1",
    "whole number as a task id": "0",
    "no solution": "Own/0",
}
UNKNOWN = {  # forms without a reference
    "mxeval without solutions",
    "MultiPL-E",
    "MultiPL-E that runs as a script",
    "MBPP without solutions",
    "no solution",
    "BigCodeBench without solutions",
}

OTHER_TASKS = {  # forms that do not ask for twice a number
    "MBPP with a function that is imported",
    "MBPP with a text of two lines",
    "reference that imports",
    "method",
    "BigCodeBench without solutions",
}


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Problem]:
    """The problem of each form, with the form as its task id."""
    folder = tmp_path_factory.mktemp("forms")
    found = {}
    for number, (form, row) in enumerate(FORMS.items()):
        (problem,) = read_problems(write_lines(folder / f"{number}.jsonl", row))
        assert problem.task_id == TASK_IDS.get(form, problem.task_id)
        found[form] = problem.model_copy(update={"task_id": form})
    return found


def test_every_form_tells_right_programs_from_wrong_ones(problems: dict[str, Problem]) -> None:
    assert {form for form, problem in problems.items() if not problem.reference} == UNKNOWN
    tier = find_tier()
    trials = {t.task_id: t for t in try_problems([*problems.values()], SETTINGS, tier, workers=2)}
    assert {form: trial.fault for form, trial in trials.items() if trial.fault} == {}

    samples = [
        ForeignSample(
            task_id=form,
            sample_index=index,
            completion=f"async {program}" if "coroutine" in form else program,
            form="solution",
        )
        for form in FORMS.keys() - OTHER_TASKS
        for index, program in enumerate((RIGHT, WRONG))
    ]
    labels = execute_samples([*problems.values()], samples, SETTINGS, tier, 2, trials)
    expected = (Label.PASS, Label.ASSERTION_FAIL)
    wrong = [each for each in labels if each.label != expected[each.sample_index]]
    assert wrong == []


def test_a_prompt_shows_what_its_row_tells(problems: dict[str, Problem]) -> None:
    text = "Write a function to double a number.\n\n    >>> double(2) == 4\n    "
    assert problems["MBPP with a lambda"].prompt == f'def double(n):\n    """{text}"""\n'
    assert problems["MBPP with a coroutine"].prompt.startswith("async def double(n):\n")
    assert problems["MBPP without solutions"].prompt == (
        "Double a number.\n\nWrite the Python function `double`: math.floor(double(2)) == 4\n"
    )
    assert problems["MultiPL-E"].test == CHECK
    assert "\r" not in problems["ends of lines of Windows"].model_dump_json()


def test_a_problem_of_any_form_is_read_back_the_same(
    tmp_path: Path, problems: dict[str, Problem]
) -> None:
    path = write_lines(
        tmp_path / "p.jsonl", *(problem.model_dump() for problem in problems.values())
    )
    assert read_problems(path) == [*problems.values()]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (multipl_e_row(language="rs"), "'rs', expected python"),
        (multipl_e_row(tests=CHECK), "field 'tests': expected check(FUNCTION) at its end"),
        (multipl_e_row(tests="def check("), "field 'tests': '(' was never closed"),
        (mbpp_row(code=..., test_list=["assert True"]), "the first test calls no function"),
        (mbpp_row(code=..., test_list=["assert ("]), "field 'test_list': '(' was never closed"),
        (mbpp_row(code="class double: pass"), "calls no function of the reference"),
        (mbpp_row(task_id=...), "field 'task_id': field required"),
        (humaneval_row(entry_point="Solution.half"), "does not define 'half'"),
    ],
)
def test_what_a_row_lacks_is_named(tmp_path: Path, row: dict[str, Any], named: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_problems(path)
    assert str(caught.value).startswith(f"{path}:1: ")
    assert named in str(caught.value)
