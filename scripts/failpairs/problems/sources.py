"""Problem sets: where they come from, and how each format becomes a HumanEval-shaped problem."""

import ast
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from failpairs.errors import InputError
from failpairs.problems.humaneval import (
    HUMANEVAL_FIELDS,
    humaneval_path,
    problem_from_humaneval,
)
from failpairs.problems.mbpp import MBPP_FIELDS, load_mbpp, problem_from_mbpp
from failpairs.problems.starter_bank import HARDEST, load_starter, starter_split
from failpairs.records import Problem
from failpairs.storage.files import parse_row, read_objects

SOURCES = (
    "starter",
    "starter:LEVEL",
    "humaneval",
    "mbpp",
    "mbpp:train",
    "mbpp:test",
    "mbpp:PATH",
    "jsonl:PATH",
)
MBPP_SPLITS = {"mbpp:train": "train", "mbpp:test": "eval"}


def load_problems(source: str, split: str) -> list[Problem]:
    """The problems of `NAME` or `NAME:PATH`, or of the starter bank up to `starter:LEVEL`.

    Args:
        split: `train` or `eval`; `humaneval` and `jsonl` have one set, which serves as either.

    Raises:
        InputError: an unknown source, a missing or malformed file, no problems in it.
    """
    name, _, path = source.partition(":")
    if name == "starter" and path in {"", "1", "2", "3"}:
        bank = load_starter(max_level=int(path or HARDEST))
        problems = [p for p in bank if starter_split(p.task_id) == split]
    elif source == "humaneval":
        problems = _load_file(humaneval_path(), "humaneval", "MIT")
    elif source in MBPP_SPLITS:
        problems = load_mbpp(None, MBPP_SPLITS[source])
    elif name == "mbpp":
        problems = load_mbpp(Path(path) if path else None, split)
    elif name == "jsonl" and path:
        problems = _load_file(Path(path), Path(path).name, "unknown")
    else:
        raise InputError(f"problem source {source!r}: expected one of {', '.join(SOURCES)}")
    if not problems:
        raise InputError(f"problem source {source!r}: no problems in it")
    _refuse_duplicates(problems, f"problem source {source!r}")
    return problems


def load_all(sources: Sequence[str], split: str, limit: int = 0) -> list[Problem]:
    """The problems of several sources one after the other, so many of each where `limit` is not 0.

    Raises:
        InputError: as `load_problems`, or a problem of one source is named like one of another.
    """
    problems = [p for source in sources for p in load_problems(source, split)[: limit or None]]
    _refuse_duplicates(problems, f"problem sources {', '.join(sources)}")
    return problems


def read_problems(path: Path) -> list[Problem]:
    """A problem file of the pipeline, or any file that the source `jsonl` takes.

    Raises:
        InputError: as `load_problems`.
    """
    return load_problems(f"jsonl:{path}", "eval")


def _refuse_duplicates(problems: Iterable[Problem], where: str) -> None:
    seen: set[str] = set()
    for problem in problems:
        if problem.task_id in seen:
            raise InputError(f"{where}: task_id {problem.task_id!r} occurs twice")
        seen.add(problem.task_id)


def _load_file(path: Path, source: str, license: str) -> list[Problem]:
    problems = []
    for number, row in read_objects(path):
        where = f"{path}:{number}"
        if row.keys() >= Problem.model_fields.keys():
            problem = parse_row(Problem, row, where)
        elif row.keys() >= HUMANEVAL_FIELDS:
            problem = problem_from_humaneval(row, where, source, license)
        elif row.keys() >= MBPP_FIELDS:
            problem = problem_from_mbpp(row, where)
        else:
            raise InputError(
                f"{where}: not a problem: as a HumanEval row it lacks "
                f"{', '.join(sorted(HUMANEVAL_FIELDS - row.keys()))}, as an MBPP row "
                f"{', '.join(sorted(MBPP_FIELDS - row.keys()))}"
            )
        _check_sources(problem, where)
        problems.append(problem)
    return problems


def _check_sources(problem: Problem, where: str) -> None:
    for field in ("prompt", "test", "reference"):
        try:
            ast.parse(getattr(problem, field))
        except (SyntaxError, ValueError) as error:
            raise InputError(f"{where}: field {field!r} of {problem.task_id}: {error}") from None
    if not re.search(rf"^def {re.escape(problem.entry_point)}\b", problem.prompt, re.MULTILINE):
        raise InputError(f"{where}: the prompt does not define {problem.entry_point!r}")
    if not re.search(r"^def check\(", problem.test, re.MULTILINE):
        raise InputError(f"{where}: the test does not define check(candidate)")
