"""Long JSONL files, written row by row so that after a crash the work goes on where it stopped."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import ValidationError

from failpairs.storage.files import Row, dump_row, name_path_in_errors
from failpairs.storage.locks import open_alone


def write_resumable(
    path: Path,
    model: type[Row],
    fingerprint: str,
    rows_after: Callable[[int], Iterable[Row]],
    is_final: Callable[[Row], bool],
) -> None:
    """Write a JSONL file, or the rest of it.

    Rows go to a hidden file beside `path`, one by one, and it takes the name `path` when it is
    whole. Started again, rows that stand there are kept up to the first that is damaged or not
    final.

    Args:
        fingerprint: stands for all that determines the rows; with another one nothing is kept.
        rows_after: gives the rows after so many.
        is_final: whether a row is worth keeping for another attempt.

    Raises:
        InputError: another process is writing the same rows.
    """
    partial = path.with_name(f".{path.name}.{fingerprint[:16]}.partial")
    with name_path_in_errors(path), open_alone(partial) as file:
        file.reconfigure(line_buffering=True)
        for row in rows_after(_keep(partial, model, is_final)):
            file.write(dump_row(row))
        os.fsync(file.fileno())
        partial.replace(path)
    for outdated in path.parent.glob(f".{path.name}.*.partial"):
        outdated.unlink()


def _keep(partial: Path, model: type[Row], is_final: Callable[[Row], bool]) -> int:
    """Cut a partial file off after its last usable row, and count the rows before."""
    count = size = 0
    with partial.open("rb") as file:
        for line in file:
            try:
                is_usable = line.endswith(b"\n") and is_final(model.model_validate_json(line))
            except ValidationError:
                is_usable = False
            if not is_usable:
                break
            count, size = count + 1, size + len(line)
    os.truncate(partial, size)
    return count
