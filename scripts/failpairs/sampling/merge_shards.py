"""Putting the shards of a sampling run together."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from failpairs.errors import InputError
from failpairs.records import Sample
from failpairs.storage.files import parse_json, parse_row


def merge_shards(shards: Iterable[Path], task_ids: Sequence[str]) -> Iterator[str]:
    """The rows of all shards as they are written there, by problem and sample index.

    Args:
        task_ids: those of the problems, in the order that the rows are to have.

    Raises:
        InputError: a missing shard, a malformed row, a sample twice, or samples of another problem.
    """
    lines: dict[str, dict[int, bytes]] = {task_id: {} for task_id in task_ids}
    for shard in shards:
        for where, line in _read_lines(shard):
            sample = parse_row(Sample, parse_json(line, where), where)
            if sample.task_id not in lines:
                raise InputError(f"{where}: {sample.task_id!r} is not among the problems")
            of_problem = lines[sample.task_id]
            if sample.sample_index in of_problem:
                raise InputError(
                    f"{where}: sample {sample.sample_index} of {sample.task_id!r} occurs twice"
                )
            of_problem[sample.sample_index] = line
    for of_problem in lines.values():
        yield from (of_problem[index].decode("utf-8") for index in sorted(of_problem))


def _read_lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """The lines of a shard, each with its place for messages."""
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                raise InputError(f"{path}:{number}: the file is cut short")
            yield f"{path}:{number}", line
