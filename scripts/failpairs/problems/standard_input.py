"""Problems of programming contests: APPS (Hendrycks et al. 2021, arXiv 2105.09938), TACO (Li et al.
2023, arXiv 2312.14852) and CodeContests (Li et al. 2022, arXiv 2203.07814).

Most of them ask for a program that reads standard input and prints; some ask for a function.
"""

import ast
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.problems.generated_tests import oracle_test
from failpairs.records import Problem
from failpairs.storage.files import parse_json, parse_row

APPS_MARKS = {"input_output"}
CODECONTESTS_MARKS = {"public_tests", "private_tests", "generated_tests"}
PROGRAM_REQUEST = (
    "Write a complete Python program that reads standard input and prints to standard output."
)
# Of a function or a method, up to the code to begin with, as `function_problem` writes it.
FUNCTION_REQUEST = re.compile(
    r"\n\nWrite the Python function `[^`\n]+`(?: of the class `Solution`)?"
    r"(?:\.|, beginning with this code:\n\n.*)\s*\Z",
    re.DOTALL,
)
PYTHON3 = (3, "PYTHON3")  # a language of CodeContests, as a number and as a name

# What the harnesses of LiveCodeBench (`lcb_runner/evaluation/testing_util.py`) and of APPS put
# before every program: the names of these modules, those that they hide, and the modules.
_MODULES = """string re datetime collections heapq bisect copy math random statistics itertools
    functools operator io sys json""".split()
SETUP = "".join(
    [f"from {name} import *\n" for name in [*_MODULES, "builtins", "typing"]]
    + [f"import {name}\n" for name in _MODULES]
)


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _AppsRow(_Row):
    question: str
    input_output: str | dict[str, Any]
    solutions: str | list[str] = ""
    starter_code: str = ""


class _InputOutput(_Row):
    inputs: list[Any]
    outputs: list[Any]
    fn_name: str | None = None


class _Columns(_Row):
    """Tests of CodeContests, as on the Hub: one list for each field."""

    input: list[str] = []
    output: list[str] = []


class _Solutions(_Row):
    language: list[int | str] = []
    solution: list[str] = []


class _CodeContestsRow(_Row):
    name: str
    description: str
    public_tests: _Columns = _Columns()
    private_tests: _Columns = _Columns()
    generated_tests: _Columns = _Columns()
    solutions: _Solutions = _Solutions()


def problem_from_apps(row: dict[str, Any], where: str, source: str) -> Problem:
    """A row of APPS or TACO as a problem.

    Raises:
        InputError: a field is missing or malformed, or there are no tests.
    """
    is_taco = "skill_types" in row
    given = parse_row(_AppsRow, row, where)
    tests = parse_row(_InputOutput, _parsed(given.input_output, where, "input_output"), where)
    reference = _first_python(_parsed(given.solutions or [], where, "solutions"))
    number = next((row[key] for key in ("problem_id", "id") if key in row), where.split(":")[-1])
    task_id = f"{'taco' if is_taco else 'apps'}/{number}"
    more = {
        "task_id": task_id,
        "reference": reference,
        "source": source,
        "license": "Apache-2.0" if is_taco else "MIT",
        "setup": SETUP,
    }
    cases = paired(tests.inputs, tests.outputs, f"{where}: {task_id}")
    if tests.fn_name is None:
        lines = [(_joined(given), _joined(printed)) for given, printed in cases]
        return program_problem(given.question, lines, "numbers", more, where)
    starter = given.starter_code
    in_class = "class Solution" in (starter or reference)
    return function_problem(
        given.question, starter, tests.fn_name, in_class, cases, more, where, wrapped=True
    )


def problem_from_codecontests(row: dict[str, Any], where: str, source: str) -> Problem:
    """A row of CodeContests as a problem, with its public, private and generated tests.

    Raises:
        InputError: a field is missing or malformed, or there are no tests.
    """
    given = parse_row(_CodeContestsRow, row, where)
    columns = (given.public_tests, given.private_tests, given.generated_tests)
    task_id = f"codecontests/{given.name}"
    cases = paired(
        [text for each in columns for text in each.input],
        [text for each in columns for text in each.output],
        f"{where}: {task_id}",
    )
    solutions = zip(given.solutions.language, given.solutions.solution, strict=False)
    more = {
        "task_id": task_id,
        "reference": _first_python(text for language, text in solutions if language in PYTHON3),
        "source": source,
        "license": "CC-BY-4.0",
    }
    return program_problem(given.description, cases, "tokens", more, where)


def program_problem(
    question: str,
    cases: Sequence[tuple[str, str]],
    comparison: str,
    more: dict[str, str],
    where: str,
) -> Problem:
    """A problem that asks for a program.

    Args:
        cases: texts for standard input, and the outputs expected.
        comparison: how outputs are compared, by the oracle `check_output`.
        more: the remaining fields of the problem.
    """
    value = {
        "prompt": f"{question.strip()}\n\n{PROGRAM_REQUEST}\n",
        "entry_point": "main",
        "test": oracle_test("check_output", json.dumps(cases), comparison),
        "kind": "program",
        **more,
    }
    return parse_row(Problem, value, where)


def function_problem(
    question: str,
    starter: str,
    name: str,
    in_class: bool,
    cases: Sequence[tuple[list[Any], Any]],
    more: dict[str, str],
    where: str,
    wrapped: bool,
) -> Problem:
    """A problem that asks for a function, or for a method of a class Solution.

    Args:
        starter: the code to begin with, or nothing.
        cases: lists of arguments, and the values expected.
        wrapped: as the oracle `check_calls` explains it.
        more: the remaining fields of the problem.
    """
    owner = " of the class `Solution`" if in_class else ""
    request = f"Write the Python function `{name}`{owner}"
    request += f", beginning with this code:\n\n{starter.rstrip()}" if starter.strip() else "."
    value = {
        "prompt": f"{question.strip()}\n\n{request}\n",
        "entry_point": f"Solution.{name}" if in_class else name,
        "test": oracle_test("check_calls", json.dumps(cases), wrapped=wrapped),
        **more,
    }
    return parse_row(Problem, value, where)


def paired(inputs: Sequence[Any], outputs: Sequence[Any], where: str) -> list[tuple[Any, Any]]:
    """Inputs and their outputs.

    Raises:
        InputError: there are none, or not as many of both; it begins with `where`.
    """
    if len(inputs) != len(outputs) or not inputs:
        raise InputError(f"{where} has {len(inputs)} test inputs and {len(outputs)} outputs")
    return [*zip(inputs, outputs, strict=True)]


def own_words(prompt: str) -> str:
    """A prompt without the request with which `program_problem` and `function_problem` end it: its
    words, and much of the code to begin with, are those of many problems."""
    return FUNCTION_REQUEST.sub("", prompt.replace(PROGRAM_REQUEST, ""))


def _parsed(value: Any, where: str, field: str) -> Any:
    if isinstance(value, str):
        return parse_json(value.encode(), f"{where}: field {field!r}")
    return value


def _joined(lines: Any) -> str:
    """The text of a test, which may be given as a list of lines."""
    return "\n".join(map(str, lines)) if isinstance(lines, list) else str(lines)


def _first_python(programs: Iterable[str]) -> str:
    """The first program in the Python of today, since many solutions are older, or nothing."""
    for program in programs:
        try:
            ast.parse(program)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return program
    return ""
