"""Putting the shards of a sampling run together, without holding them in memory."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from failpairs.errors import InputError
from failpairs.records import Sample
from failpairs.storage.files import parse_json, parse_row


class Block(NamedTuple):
    """Where the samples of one problem stand: the bytes from `start` to `end` of a shard."""

    shard: Path
    start: int
    end: int


def find_blocks(shards: Iterable[Path]) -> dict[str, Block]:
    """Where the samples of every problem stand, once each row is known to be valid.

    Raises:
        InputError: a missing shard, a malformed row, or samples of a problem that do not stand
            together in the order of their indexes.
    """
    blocks: dict[str, Block] = {}
    for shard in shards:
        start = 0
        for task_id, group in groupby(_read_shard(shard), key=lambda row: row[0].task_id):
            rows = list(group)
            indexes = [sample.sample_index for sample, _ in rows]
            if task_id in blocks or indexes != sorted(set(indexes)):
                raise InputError(
                    f"{shard}: the samples of {task_id!r} do not stand together, once each and in "
                    "the order of their indexes"
                )
            end = start + sum(size for _, size in rows)
            blocks[task_id] = Block(shard, start, end)
            start = end
    return blocks


def read_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """The text of each block, as it stands in its shard."""
    for block in blocks:
        with block.shard.open("rb") as file:
            file.seek(block.start)
            yield file.read(block.end - block.start).decode("utf-8")


def in_order(blocks: dict[str, Block], task_ids: Sequence[str]) -> list[Block]:
    """The blocks in the order of the problems.

    Raises:
        InputError: there are samples of another problem.
    """
    unknown = next(iter(blocks.keys() - set(task_ids)), None)
    if unknown is not None:
        shard = blocks[unknown].shard
        raise InputError(f"{shard}: has samples of {unknown!r}, which is not among the problems")
    return [blocks[task_id] for task_id in task_ids if task_id in blocks]


def _read_shard(path: Path) -> Iterator[tuple[Sample, int]]:
    """The samples of a shard, each with the number of its bytes."""
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            where = f"{path}:{number}"
            if not line.endswith(b"\n"):
                raise InputError(f"{where}: the file is cut short")
            yield parse_row(Sample, parse_json(line, where), where), len(line)
