"""Compare the evaluations of the base model and of the seeds, and write the report."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from failpairs import program
from failpairs.config import add_options, section_values
from failpairs.evaluation import Evaluation
from failpairs.files import atomic_write, parse_row, read_json, read_objects, write_json
from failpairs.report import Material, render_report, require_comparable
from failpairs.stats import compare


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, type=Path, metavar="FILE")
    parser.add_argument("--eval", required=True, nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument("--stats", required=True, type=Path, metavar="FILE")
    parser.add_argument("--funnel", type=Path, metavar="FILE", help="curation_funnel.json")
    parser.add_argument("--train-log", nargs="*", default=[], type=Path, metavar="FILE")
    parser.add_argument("--decontamination", type=Path, metavar="FILE")
    add_options(parser, "statistics")
    add_options(parser, "seeds", only=("vary",))
    args = parser.parse_args()

    settings = section_values(args, "statistics")
    base = _read_evaluation(args.base)
    seeds = {path.stem: _read_evaluation(path) for path in args.eval}
    require_comparable(base, seeds)
    statistics = compare(base, seeds, settings["resamples"], settings["seed"])
    material = Material(
        funnel=_read_optional(args.funnel),
        curves={
            path.parent.name: [row for _, row in read_objects(path)] for path in args.train_log
        },
        decontamination=_read_optional(args.decontamination),
        seeds_vary=section_values(args, "seeds")["vary"],
    )
    page = render_report(base, seeds, statistics, material)
    write_json(args.stats, asdict(statistics))
    with atomic_write(args.output) as file:
        file.write(page)


def _read_evaluation(path: Path) -> Evaluation:
    return parse_row(Evaluation, read_json(path), str(path))


def _read_optional(path: Path | None) -> Any:
    return None if path is None else read_json(path)


if __name__ == "__main__":
    program.run(main)
