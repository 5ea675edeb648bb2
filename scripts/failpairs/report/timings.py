"""Time and memory of each stage, from Snakemake's benchmark files."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from failpairs.errors import InputError

COLUMNS = ("s", "cpu_time", "max_rss")
ONE_OF_MANY = re.compile(r"base|seed\d+|\d+-of-\d+")  # a model, a shard
NOT_MEASURED = ("NA", "-")  # where a job ended first, or the kernel did not say
Row = tuple[float | None, ...]


@dataclass(frozen=True)
class Timing:
    """What the jobs of one stage took: wall-clock time, all together and the longest one, and CPU
    time in seconds, and the largest resident set in MiB; None where no job could be measured.

    `stage` is the path of their benchmark files, with `*` for model, shard and arm.
    """

    stage: str
    n_jobs: int
    seconds: float | None
    longest: float | None
    cpu_seconds: float | None
    max_rss_mb: float | None


def read_timings(paths: Iterable[Path]) -> list[Timing]:
    """The stages of some benchmark files, in the order in which they first occur.

    Args:
        paths: of the files; missing files are left out.

    Raises:
        InputError: a file is no benchmark file.
    """
    stages: dict[str, list[Row]] = {}
    for path in paths:
        if path.is_file():
            stages.setdefault(_stage(path), []).append(_read(path))
    return [_timing(stage, rows) for stage, rows in stages.items()]


def _stage(path: Path) -> str:
    parts = path.with_suffix("").as_posix().rpartition("benchmarks/")[2].split("/")
    return "/".join(
        "*" if before == "arms" or ONE_OF_MANY.fullmatch(part) else part
        for before, part in pairwise(["", *parts])
    )


def _read(path: Path) -> Row:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file, delimiter="\t"))
        return tuple(None if row[name] in NOT_MEASURED else float(row[name]) for name in COLUMNS)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except (StopIteration, KeyError, TypeError, ValueError):
        raise InputError(f"{path}: expected a benchmark file with {', '.join(COLUMNS)}") from None


def _timing(stage: str, rows: Sequence[Row]) -> Timing:
    seconds, cpu, memory = (
        [value for value in column if value is not None] for column in zip(*rows, strict=True)
    )
    return Timing(
        stage=stage,
        n_jobs=len(rows),
        seconds=sum(seconds) if seconds else None,
        longest=max(seconds, default=None),
        cpu_seconds=sum(cpu) if cpu else None,
        max_rss_mb=max(memory, default=None),
    )
