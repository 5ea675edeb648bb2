"""Compare the evaluations of the base model, of the seeds and of control arms; write the report."""

import argparse
import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from failpairs import program
from failpairs.comparison import compare
from failpairs.config import add_options, section_values
from failpairs.evaluation import Evaluation
from failpairs.failures import COLUMNS, failure_rows
from failpairs.files import (
    atomic_write,
    parse_row,
    read_json,
    read_jsonl,
    read_objects,
    write_json,
)
from failpairs.records import Pair
from failpairs.report import Material, render_report, require_comparable
from failpairs.verdicts import Criteria


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, type=Path, metavar="FILE")
    parser.add_argument("--eval", required=True, nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument("--stats", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--failures", type=Path, metavar="FILE", help="CSV, a row a problem a model"
    )
    parser.add_argument(
        "--arm-eval",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="evaluations of control arms: ARM/eval/SEED.json",
    )
    parser.add_argument("--pairs", type=Path, metavar="FILE", help="curated pairs, for their doses")
    parser.add_argument("--funnel", type=Path, metavar="FILE", help="curation_funnel.json")
    parser.add_argument("--train-log", nargs="*", default=[], type=Path, metavar="FILE")
    parser.add_argument("--decontamination", type=Path, metavar="FILE")
    add_options(parser, "statistics")
    add_options(parser, "seeds", only=("vary",))
    args = parser.parse_args()

    settings = section_values(args, "statistics")
    base = _read_evaluation(args.base)
    seeds = {path.stem: _read_evaluation(path) for path in args.eval}
    arms = _read_arms(args.arm_eval)
    require_comparable(base, seeds)
    for arm, evaluations in arms.items():
        require_comparable(base, {f"{arm} {name}": one for name, one in evaluations.items()})
    statistics = compare(
        base,
        seeds,
        Criteria(
            confidence=settings["confidence"], equivalence_margin=settings["equivalence_margin"]
        ),
        settings["resamples"],
        settings["seed"],
        arms,
        list(read_jsonl(args.pairs, Pair)) if args.pairs else [],
    )
    material = Material(
        funnel=_read_optional(args.funnel),
        curves={
            path.parent.name: [row for _, row in read_objects(path)] for path in args.train_log
        },
        decontamination=_read_optional(args.decontamination),
        seeds_vary=section_values(args, "seeds")["vary"],
    )
    page = render_report(base, seeds, statistics, material)
    write_json(args.stats, statistics.model_dump())
    if args.failures:
        _write_failures(args.failures, base, {"curated": seeds, **arms})
    with atomic_write(args.output) as file:
        file.write(page)


def _read_arms(paths: Iterable[Path]) -> dict[str, dict[str, Evaluation]]:
    arms: dict[str, dict[str, Evaluation]] = {}
    for path in paths:
        arms.setdefault(path.parents[1].name, {})[path.stem] = _read_evaluation(path)
    return arms


def _write_failures(
    path: Path, base: Evaluation, arms: Mapping[str, Mapping[str, Evaluation]]
) -> None:
    with atomic_write(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(failure_rows(base, arms))


def _read_evaluation(path: Path) -> Evaluation:
    return parse_row(Evaluation, read_json(path), str(path))


def _read_optional(path: Path | None) -> Any:
    return None if path is None else read_json(path)


if __name__ == "__main__":
    program.run(main)
