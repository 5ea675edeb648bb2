"""Put finished runs beside each other on one page, and compare those of one protocol."""

import argparse
import logging
from collections.abc import Mapping
from pathlib import Path

from failpairs.errors import InputError
from failpairs.report.finished_runs import NotFinished, files_of, folders_by_name, read_run
from failpairs.report.runs_page import render_runs
from failpairs.statistics.run_comparison import Run, compare_runs
from failpairs.storage.files import atomic_write, require_output, write_json

log = logging.getLogger(__name__)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "runs",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="folders of results; the first run of a protocol is what the others are compared "
        "with, and a folder that is named again counts once: results/mine results/*",
    )
    parser.add_argument(
        "--output",
        required=True,
        type=Path,
        metavar="FILE",
        help="HTML page; its numbers are written beside it, with the suffix .json",
    )
    args = parser.parse_args()

    numbers = args.output.with_suffix(".json")
    if numbers == args.output:
        raise InputError(f"{args.output}: its numbers get this name; name the page .html")
    folders = folders_by_name(args.runs)
    runs = read_runs(folders)
    read = [path for run in runs for path in files_of(folders[run.name], run)]
    for path in (args.output, numbers):
        require_output(path, *read)
    comparison = compare_runs(runs)
    page = render_runs(comparison)
    write_json(numbers, comparison.model_dump())
    with atomic_write(args.output) as file:
        file.write(page)
    for group in comparison.groups:
        for one in group.comparisons:
            log.info("%s", one.effect.sentence)


def read_runs(folders: Mapping[str, Path]) -> list[Run]:
    """The finished runs; folders without one are left out with a warning.

    Raises:
        InputError: there is none, or as `read_run`.
    """
    runs = []
    for name, folder in folders.items():
        try:
            runs.append(read_run(folder, name))
        except NotFinished as error:
            log.warning("%s; left out", error)
    if not runs:
        named = ", ".join(map(str, folders.values()))
        raise InputError(f"no finished run, which has stats.json and eval/base.json, in {named}")
    return runs
