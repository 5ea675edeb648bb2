"""Time and memory of each stage, from Snakemake's benchmark files."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from failpairs.errors import InputError
from failpairs.shards import shard_files

UNKNOWN = "NA"
COLUMNS = ("s", "max_rss", "cpu_time")


@dataclass(frozen=True)
class Timing:
    """What one job took: wall-clock and CPU time in seconds, the largest resident set in MiB; NA
    where it ended before it could be measured. Times of shards are summed, and of their memory
    the largest counts."""

    stage: str
    seconds: str
    max_rss_mb: str
    cpu_seconds: str


def read_timings(paths: Iterable[Path]) -> list[Timing]:
    """The jobs of some benchmark files, named by their paths after `benchmarks/`; a pattern that
    stands for shards makes one of them. Files that are missing are left out.

    Raises:
        InputError: a file is no benchmark file.
    """
    found = ([one for one in shard_files(path) if one.is_file()] for path in paths)
    return [_timing(files) for files in found if files]


def _timing(files: Sequence[Path]) -> Timing:
    seconds, memory, cpu = zip(*map(_read, files), strict=True)
    if len(files) == 1:
        return Timing(_stage(files[0]), seconds[0], memory[0], cpu[0])
    stage = f"{_stage(files[0].parent)} ({len(files)} shards)"
    return Timing(stage, _fold(sum, seconds), _fold(max, memory), _fold(sum, cpu))


def _read(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file, delimiter="\t"))
        return [row[column] for column in COLUMNS]
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except (StopIteration, KeyError):
        raise InputError(f"{path}: expected a benchmark file with {', '.join(COLUMNS)}") from None


def _stage(path: Path) -> str:
    parts = path.with_suffix("").parts
    after = parts.index("benchmarks") + 1 if "benchmarks" in parts else -1
    return "/".join(parts[after:])


def _fold(function: Callable[[Iterable[float]], float], values: Iterable[str]) -> str:
    known = [float(value) for value in values if value != UNKNOWN]
    return f"{function(known):.2f}" if known else UNKNOWN
