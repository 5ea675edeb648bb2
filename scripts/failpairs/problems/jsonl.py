"""Problem files in JSON Lines: those of the pipeline, and a user's own in several formats."""

import ast
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.problems.humaneval import HUMANEVAL_FIELDS, problem_from_humaneval
from failpairs.problems.mbpp import MBPP_FIELDS, problem_from_mbpp
from failpairs.records import Problem
from failpairs.storage.files import parse_row, read_objects


@dataclass(frozen=True)
class RowFormat:
    """A format of rows that a problem file may have.

    Attributes:
        fields: a row that has all of these is taken to be in this format.
        convert: makes a problem of a row, given also where the row stands (`FILE:LINE`, for errors)
            and the name of the file, and raises InputError if the row is malformed.
    """

    name: str
    fields: Collection[str]
    convert: Callable[[dict[str, Any], str, str], Problem]


FORMATS = (
    RowFormat("HumanEval", HUMANEVAL_FIELDS, problem_from_humaneval),
    RowFormat("MBPP", MBPP_FIELDS, lambda row, where, _: problem_from_mbpp(row, where)),
)


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
    if row.keys() >= Problem.model_fields.keys():
        problem = parse_row(Problem, row, where)
    else:
        problem = _format_of(row, where).convert(row, where, file_name)
    _check_code(problem, where)
    return problem


def _format_of(row: dict[str, Any], where: str) -> RowFormat:
    for row_format in FORMATS:
        if row.keys() >= set(row_format.fields):
            return row_format
    lacking = (
        f"as a row of {each.name} it lacks {', '.join(sorted(set(each.fields) - row.keys()))}"
        for each in FORMATS
    )
    raise InputError(f"{where}: not a problem: {'; '.join(lacking)}")


def _check_code(problem: Problem, where: str) -> None:
    for field in ("prompt", "test", "reference"):
        try:
            ast.parse(getattr(problem, field))
        except (SyntaxError, ValueError) as error:
            raise InputError(f"{where}: field {field!r} of {problem.task_id}: {error}") from None
    if not re.search(rf"^def {re.escape(problem.entry_point)}\b", problem.prompt, re.MULTILINE):
        raise InputError(f"{where}: the prompt does not define {problem.entry_point!r}")
    if not re.search(r"^def check\(", problem.test, re.MULTILINE):
        raise InputError(f"{where}: the test does not define check(candidate)")
