"""LiveCodeBench (Jain et al. 2024, arXiv 2403.07974): contest problems with the days on which they
were published, so that those can be chosen which a model has not seen in training."""

import base64
import binascii
import io
import json
import pickle
import re
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from failpairs.errors import InputError
from failpairs.problems.rows import Loaded, load_file
from failpairs.problems.standard_input import SETUP, function_problem, paired, program_problem
from failpairs.records import Problem
from failpairs.storage.files import parse_json, parse_row

LIVECODEBENCH_MARKS = {"public_test_cases", "private_test_cases"}
DAYS = re.compile(r"(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?")
LIKE_DAYS = re.compile(r"[^/]*\.\.[^/]*|[\d-]+")  # also what is no day, to be named


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Test(_Row):
    input: str
    output: str


class _LiveCodeBenchRow(_Row):
    question_id: str
    question_content: str
    starter_code: str = ""
    public_test_cases: str
    private_test_cases: str
    metadata: str = "{}"
    contest_date: str = ""


TESTS = TypeAdapter(list[_Test])


def load_livecodebench(argument: str, split: str) -> Loaded:
    """The problems of a file, which serve as either split.

    Args:
        argument: `PATH`, or `PATH@FROM..TO` for the problems that were published on these days,
            both included; either day may be left out. Then a row without a date has a fault.

    Raises:
        InputError: the file cannot be read.
    """
    path, first, last = _days(argument)

    def dated(row: dict[str, Any], where: str, source: str) -> Problem:
        problem = problem_from_livecodebench(row, where, source)
        if (first or last) and not problem.released:
            raise InputError(f"{where}: {problem.task_id} has no contest_date to choose by")
        return problem

    return load_file(
        Path(path),
        dated,
        "livecodebench",
        lambda problem: first <= problem.released and (not last or problem.released <= last),
    )


def livecodebench_files(argument: str) -> list[Path]:
    """The file that `load_livecodebench` reads."""
    return [Path(_days(argument)[0])]


def problem_from_livecodebench(row: dict[str, Any], where: str, source: str) -> Problem:
    """A row as a problem, with its public and private tests.

    Raises:
        InputError: a field is missing or malformed, or there are no tests.
    """
    given = parse_row(_LiveCodeBenchRow, row, where)
    task_id = f"livecodebench/{given.question_id}"
    tests = _tests(given.public_test_cases, f"{where}: field 'public_test_cases'")
    tests += _tests(given.private_test_cases, f"{where}: field 'private_test_cases'")
    cases = paired([t.input for t in tests], [t.output for t in tests], f"{where}: {task_id}")
    more = {
        "task_id": task_id,
        "reference": "",
        "source": source,
        "setup": SETUP,
        "license": "CC",  # its publisher does not say which
        "released": _day(given.contest_date, where),
    }
    metadata = parse_json(given.metadata.encode(), f"{where}: field 'metadata'")
    name = metadata.get("func_name") if isinstance(metadata, dict) else None
    if name is None:
        return program_problem(given.question_content, cases, "lines", more, where)
    calls = [_call(*case, f"{where}: a test of {task_id}") for case in cases]
    starter = given.starter_code
    in_class = "class Solution" in starter
    return function_problem(
        given.question_content, starter, name, in_class, calls, more, where, wrapped=False
    )


def _days(argument: str) -> tuple[str, str, str]:
    """The path of an argument, and the first and the last day, each empty if it is not given."""
    path, at, days = argument.rpartition("@")
    if not at or not LIKE_DAYS.fullmatch(days):  # an @ in the name of a folder or file
        return argument, "", ""
    span = DAYS.fullmatch(days)
    if span is None:
        raise InputError(
            f"livecodebench: days {days!r}: expected FROM..TO, each YYYY-MM-DD or empty"
        )
    return path, span[1] or "", span[2] or ""


def _day(date: str, where: str) -> str:
    try:
        return datetime.fromisoformat(date).date().isoformat() if date else ""
    except ValueError as error:
        raise InputError(f"{where}: field 'contest_date': {error}") from None


def _call(given: str, expected: str, where: str) -> tuple[list[Any], Any]:
    """A call: its arguments are JSON values, one per line."""
    arguments = [parse_json(line.encode(), where) for line in given.split("\n")]
    return arguments, parse_json(expected.encode(), where)


def _tests(text: str, where: str) -> list[_Test]:
    if not text:
        return []
    try:
        value = json.loads(text)
    except ValueError:
        value = parse_json(_unpacked(text, where).encode(), where)
    try:
        return TESTS.validate_python(value)
    except ValidationError as error:
        raise InputError(f"{where}: {error.errors()[0]['msg'].lower()}") from None


class _TextUnpickler(pickle.Unpickler):
    """Reads a pickle of plain values; what would import or call anything is refused."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")


def _unpacked(text: str, where: str) -> str:
    """The text inside a base64 text of a zlib stream of a pickle, as LiveCodeBench packs tests."""
    try:
        data = zlib.decompress(base64.b64decode(text, validate=True))
        value = _TextUnpickler(io.BytesIO(data)).load()
    except (binascii.Error, ValueError, zlib.error, pickle.UnpicklingError, EOFError) as error:
        raise InputError(f"{where}: neither JSON nor a packed text: {error}") from None
    if not isinstance(value, str):
        raise InputError(f"{where}: the packed value is no text")
    return value
