"""Problem files in JSON: those of the pipeline, and a user's own in several formats."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.problems.bigcodebench import BIGCODEBENCH_MARKS, problem_from_bigcodebench
from failpairs.problems.evalplus import EVALPLUS_MARKS, problem_from_evalplus
from failpairs.problems.humaneval import (
    HUMANEVAL_MARKS,
    UNSOLVED_MARKS,
    problem_from_humaneval,
)
from failpairs.problems.livecodebench import LIVECODEBENCH_MARKS, problem_from_livecodebench
from failpairs.problems.mbpp import MBPP_MARKS, problem_from_mbpp
from failpairs.problems.multipl_e import MULTIPL_E_MARKS, problem_from_multipl_e
from failpairs.problems.rows import Convert, Loaded, check_name, listed, load_file
from failpairs.problems.standard_input import (
    APPS_MARKS,
    CODECONTESTS_MARKS,
    problem_from_apps,
    problem_from_codecontests,
)
from failpairs.problems.starter_bank import half_of
from failpairs.records import Problem
from failpairs.storage.files import parse_row

HALVES = ("train", "eval")


@dataclass(frozen=True)
class RowFormat:
    """A format of rows that a problem file may have.

    Attributes:
        marks: fields that tell it: a row that has any of them is taken to be in the first such
            format of `FORMATS`.
        convert: makes a problem of a row.
    """

    name: str
    marks: Collection[str]
    convert: Convert


FORMATS = (
    RowFormat("EvalPlus", EVALPLUS_MARKS, problem_from_evalplus),
    RowFormat("BigCodeBench", BIGCODEBENCH_MARKS, problem_from_bigcodebench),
    RowFormat("LiveCodeBench", LIVECODEBENCH_MARKS, problem_from_livecodebench),
    RowFormat("APPS, TACO", APPS_MARKS, problem_from_apps),
    RowFormat("CodeContests", CODECONTESTS_MARKS, problem_from_codecontests),
    RowFormat("HumanEval", HUMANEVAL_MARKS, problem_from_humaneval),
    RowFormat("MBPP", MBPP_MARKS, lambda row, where, _: problem_from_mbpp(row, where)),
    RowFormat("failpairs", {"reference"}, lambda row, where, _: parse_row(Problem, row, where)),
    RowFormat("MultiPL-E", MULTIPL_E_MARKS, problem_from_multipl_e),
    RowFormat("HumanEval without solutions", UNSOLVED_MARKS, problem_from_humaneval),
)


def read_problems(path: Path) -> list[Problem]:
    """The problems of a file of the pipeline, or of any file that the source `jsonl` takes.

    Raises:
        InputError: a missing or malformed file, no problems in it, or a task id twice.
    """
    loaded = load_file(path, _convert, path.name)
    if loaded.faults:
        raise InputError(listed(loaded.faults))
    check_set(loaded.problems, str(path))
    return loaded.problems


def load_jsonl(argument: str, split: str) -> Loaded:
    """The problems of a file, which serve as either split.

    Args:
        argument: `PATH`, or `PATH:train` or `PATH:eval` for one of two parts of the file.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    path, half = _path_and_half(argument)
    return load_file(
        path, _convert, path.name, lambda problem: half in ("", half_of(problem.task_id))
    )


def jsonl_files(argument: str) -> list[Path]:
    """The file that `load_jsonl` reads."""
    return [_path_and_half(argument)[0]]


def check_set(problems: Sequence[Problem], where: str) -> None:
    """Refuse a set of problems that is empty or holds a task id twice, in whichever case.

    Raises:
        InputError: it begins with `where`.
    """
    if not problems:
        raise InputError(f"{where}: no problems in it")
    seen: dict[str, str] = {}
    for problem in problems:
        check_name(problem, seen, where)


def _path_and_half(argument: str) -> tuple[Path, str]:
    path, _, half = argument.rpartition(":")
    return (Path(path), half) if path and half in HALVES else (Path(argument), "")


def _convert(row: dict[str, Any], where: str, source: str) -> Problem:
    for row_format in FORMATS:
        if not row.keys().isdisjoint(row_format.marks):
            return row_format.convert(row, where, source)
    known = "; ".join(f"{each.name}: {' or '.join(sorted(each.marks))}" for each in FORMATS)
    raise InputError(f"{where}: not a problem: it has no field that tells its format ({known})")
