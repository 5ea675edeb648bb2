"""Time and memory of each stage, from Snakemake's benchmark files."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from failpairs.errors import InputError

COLUMNS = ("s", "max_rss", "cpu_time")


@dataclass(frozen=True)
class Timing:
    """What one job took: wall-clock and CPU time in seconds, the largest resident set in MiB; NA
    where it ended before it could be measured."""

    stage: str
    seconds: str
    max_rss_mb: str
    cpu_seconds: str


def read_timings(paths: Iterable[Path]) -> list[Timing]:
    """The jobs of some benchmark files, named by their paths after `benchmarks/`.

    Raises:
        InputError: a file is missing or no benchmark file.
    """
    return [_read(path) for path in paths]


def _read(path: Path) -> Timing:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file, delimiter="\t"))
        seconds, memory, cpu = (row[column] for column in COLUMNS)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except (StopIteration, KeyError):
        raise InputError(f"{path}: expected a benchmark file with {', '.join(COLUMNS)}") from None
    parts = path.with_suffix("").parts
    after = parts.index("benchmarks") + 1 if "benchmarks" in parts else -1
    return Timing("/".join(parts[after:]), seconds, memory, cpu)
