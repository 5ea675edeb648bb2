"""Problem files in JSON Lines: those of the pipeline, and a user's own in several formats."""

import ast
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from failpairs.code.syntax import Function, parse_prompt
from failpairs.errors import InputError
from failpairs.problems.bigcodebench import BIGCODEBENCH_MARKS, problem_from_bigcodebench
from failpairs.problems.evalplus import EVALPLUS_MARKS, problem_from_evalplus
from failpairs.problems.humaneval import HUMANEVAL_MARKS, problem_from_humaneval
from failpairs.problems.livecodebench import LIVECODEBENCH_MARKS, problem_from_livecodebench
from failpairs.problems.mbpp import MBPP_MARKS, parse_code, problem_from_mbpp
from failpairs.problems.standard_input import (
    APPS_MARKS,
    CODECONTESTS_MARKS,
    problem_from_apps,
    problem_from_codecontests,
)
from failpairs.records import Problem
from failpairs.storage.files import parse_row, read_objects


@dataclass(frozen=True)
class RowFormat:
    """A format of rows that a problem file may have.

    Attributes:
        marks: fields that tell it: a row that has any of them is taken to be in the first such
            format of `FORMATS`.
        convert: makes a problem of a row, given also where the row stands (`FILE:LINE`, for errors)
            and the name of the file, and raises InputError if the row is malformed.
    """

    name: str
    marks: Collection[str]
    convert: Callable[[dict[str, Any], str, str], Problem]


FORMATS = (
    RowFormat("EvalPlus", EVALPLUS_MARKS, problem_from_evalplus),
    RowFormat("BigCodeBench", BIGCODEBENCH_MARKS, problem_from_bigcodebench),
    RowFormat("LiveCodeBench", LIVECODEBENCH_MARKS, problem_from_livecodebench),
    RowFormat("APPS, TACO", APPS_MARKS, problem_from_apps),
    RowFormat("CodeContests", CODECONTESTS_MARKS, problem_from_codecontests),
    RowFormat("HumanEval", HUMANEVAL_MARKS, problem_from_humaneval),
    RowFormat("MBPP", MBPP_MARKS, lambda row, where, _: problem_from_mbpp(row, where)),
    RowFormat("failpairs", {"reference"}, lambda row, where, _: parse_row(Problem, row, where)),
)
CODE_START = re.compile(r"\s*(def |async def |class |import |from \S+ import |@\w)")


def read_problems(path: Path) -> list[Problem]:
    """The problems of a file of the pipeline, or of any file that the source `jsonl` takes.

    Raises:
        InputError: a missing or malformed file, no problems in it, or a task id twice.
    """
    problems = load_jsonl(str(path))
    check_set(problems, str(path))
    return problems


def load_jsonl(path: str, split: str = "eval") -> list[Problem]:
    """The problems of a file, which serve as either split.

    Raises:
        InputError: a missing or malformed file.
    """
    return [
        _problem(row, f"{path}:{number}", Path(path).name)
        for number, row in read_objects(Path(path))
    ]


def check_set(problems: Sequence[Problem], where: str) -> None:
    """Refuse a set of problems that is empty or holds a task id twice.

    Raises:
        InputError: it begins with `where`.
    """
    if not problems:
        raise InputError(f"{where}: no problems in it")
    seen: set[str] = set()
    for problem in problems:
        if problem.task_id in seen:
            raise InputError(f"{where}: task_id {problem.task_id!r} occurs twice")
        seen.add(problem.task_id)


def _problem(row: dict[str, Any], where: str, file_name: str) -> Problem:
    for row_format in FORMATS:
        if not row.keys().isdisjoint(row_format.marks):
            problem = row_format.convert(row, where, file_name)
            _check_code(problem, where)
            return problem
    known = "; ".join(f"{each.name}: {' or '.join(sorted(each.marks))}" for each in FORMATS)
    raise InputError(f"{where}: not a problem: it has no field that tells its format ({known})")


def _check_code(problem: Problem, where: str) -> None:
    """Refuse a problem whose parts are not what they should be.

    Raises:
        InputError: it names the field and the task.
    """
    if problem.kind == "function":
        _check_prompt(problem, where)
    for field in ("test", "plus_test", "reference"):
        tree = parse_code(getattr(problem, field), f"{where}: field {field!r} of {problem.task_id}")
        if field != "reference" and getattr(problem, field) and not _defines(tree, "check"):
            raise InputError(
                f"{where}: field {field!r} of {problem.task_id} does not define check(candidate)"
            )


def _check_prompt(problem: Problem, where: str) -> None:
    name = problem.entry_point.rpartition(".")[2]
    try:
        known = _defines(parse_prompt(problem.prompt), name)
    except (SyntaxError, ValueError) as error:
        if CODE_START.match(problem.prompt):
            message = f"{where}: field 'prompt' of {problem.task_id}: {error}"
            raise InputError(message) from None
        known = re.search(rf"\b{re.escape(name)}\b", problem.prompt) is not None  # prose
    if not known:
        raise InputError(f"{where}: the prompt of {problem.task_id} does not define {name!r}")


def _defines(tree: ast.Module, name: str) -> bool:
    return any(isinstance(node, Function) and node.name == name for node in tree.body)
