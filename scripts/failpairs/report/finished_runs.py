"""Finished runs, read from their folders."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.report.inputs import require_comparable
from failpairs.report.run_folder import read_evaluation
from failpairs.statistics.label_counts import in_order_of
from failpairs.statistics.run_comparison import Run, RunStatistics
from failpairs.storage.files import parse_row, read_json, read_objects


class NotFinished(InputError):
    """There is no finished run in a folder."""


def folders_by_name(paths: Sequence[Path]) -> dict[str, Path]:
    """A name for each folder, in the order given; one that is given again is left out.

    The name is the last part of the path, after as many parts as tell it from the other folders.

    >>> [*folders_by_name([Path("a/run"), Path("b/run"), Path("b/other"), Path("a/run/")])]
    ['a/run', 'b/run', 'other']
    """
    folders: dict[Path, Path] = {}
    for path in paths:
        folders.setdefault(path.resolve(), path)
    parts = [path.absolute().parts for path in folders.values()]
    return dict(zip((_name(one, parts) for one in parts), folders.values(), strict=True))


def _name(parts: Sequence[str], others: Sequence[Sequence[str]]) -> str:
    lengths = (n for n in count(1) if [other[-n:] for other in others].count(parts[-n:]) == 1)
    return "/".join(parts[-next(lengths) :])


def read_run(folder: Path, name: str) -> Run:
    """The run in a folder of results.

    Raises:
        NotFinished: it is no folder, or a file that every finished run has is missing.
        InputError: there is no such folder, a file in it is not what its name says, or the files do
            not belong together.
    """
    if not folder.exists():
        raise InputError(f"{folder}: no such folder")
    stats = _statistics(_existing(folder, "stats.json"))
    base, *tuned = (
        read_evaluation(_existing(folder, f"eval/{model}.json")) for model in ("base", *stats.seeds)
    )
    seeds = dict(zip(stats.seeds, tuned, strict=True))
    run = Run(name, stats, base, seeds, _n_pairs(folder, stats))
    try:
        _require_consistent(run)
    except InputError as error:
        raise InputError(f"{folder}: {error}") from None
    return run


def files_of(folder: Path, run: Run) -> list[Path]:
    """What a run was read from, and its report."""
    evaluations = [f"eval/{model}.json" for model in ("base", *run.seeds)]
    return [folder / name for name in ("stats.json", "pairs.jsonl", "report.html", *evaluations)]


def _existing(folder: Path, name: str) -> Path:
    if not (folder / name).exists():
        raise NotFinished(f"{folder}: no finished run: {name} is missing")
    return folder / name


def _statistics(path: Path) -> RunStatistics:
    value: Any = read_json(path)
    if not isinstance(value, dict):
        raise InputError(f"{path}: expected a JSON object")
    return parse_row(RunStatistics, value, str(path))


def _n_pairs(folder: Path, stats: RunStatistics) -> int | None:
    """How many pairs the models were trained on; what an earlier run left in the folder of models
    that were tuned elsewhere does not count."""
    path = folder / "pairs.jsonl"
    if (stats.config or {}).get("tuned") or not path.exists():
        return None
    return sum(1 for _ in read_objects(path))


def _require_consistent(run: Run) -> None:
    """Refuse evaluations that do not belong together, or from which others the statistics are.

    Raises:
        InputError: names what is wrong.
    """
    for name, one in {"base": run.base, **run.seeds}.items():
        if not all(problem.labels for problem in one.problems) or not one.problems:
            raise InputError(f"eval/{name}.json: expected problems with labels")
    require_comparable(run.base, run.seeds)
    in_order_of(run.base, run.seeds)  # of the same problems
    evaluated = [run.base.pass_at_1, *(one.pass_at_1 for one in run.seeds.values())]
    stated = [run.stats.base_pass_at_1, *run.stats.tuned_pass_at_1.values]
    if evaluated != stated:
        raise InputError("stats.json is of other evaluations than those in eval; make it again")
