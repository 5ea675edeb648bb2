"""Compare the evaluations of the base model, of the seeds and of control arms; write the report."""

import argparse
import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.problems.decontamination import Contamination, decontaminate
from failpairs.problems.jsonl import read_problems
from failpairs.problems.settings import ProblemLimits
from failpairs.provenance.versions import Fact, distinct_values
from failpairs.records import Pair
from failpairs.report.exports import FAILURE_COLUMNS, failure_rows, write_figures, write_tables
from failpairs.report.figures import all_figures
from failpairs.report.moved_problems import MovedProblem, cases, read_programs
from failpairs.report.page import ReportInputs, render_report, require_comparable
from failpairs.report.pair_examples import examples
from failpairs.report.timings import read_timings
from failpairs.statistics.comparison import Statistics, compare
from failpairs.statistics.effects import Criteria
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.settings import StatisticsSettings
from failpairs.storage.files import (
    atomic_write,
    parse_row,
    read_json,
    read_jsonl,
    read_objects,
    write_json,
)
from failpairs.training.model_card import trained_on
from failpairs.workflow import cli
from failpairs.workflow.config import Seeds
from failpairs.workflow.options import add_options, read_options

N_EXAMPLES = 30  # pairs on the page


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
    parser.add_argument(
        "--problems", type=Path, metavar="FILE", help="evaluation problems, for their programs"
    )
    parser.add_argument(
        "--train-problems",
        type=Path,
        metavar="FILE",
        help="training problems; those that match one of --problems are named",
    )
    add_options(parser, ProblemLimits, only=("ngram",))
    for name in ("samples", "labels"):
        parser.add_argument(
            f"--{name}",
            nargs="*",
            default=[],
            type=Path,
            metavar="FILE",
            help=f"{name} of the base model and of each seed, for their programs: MODEL/{name}",
        )
    parser.add_argument(
        "--training-samples-meta",
        type=Path,
        metavar="FILE",
        help="samples.meta.json, for the machines that drew the samples",
    )
    parser.add_argument(
        "--model-cards",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="SEED/README.md, for the machines that trained",
    )
    parser.add_argument(
        "--benchmarks",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="Snakemake's; missing ones are left out",
    )
    parser.add_argument(
        "--config", type=json.loads, metavar="JSON", help="configuration of the run, to be shown"
    )
    parser.add_argument("--figures", type=Path, metavar="DIR", help="figures as SVG and PNG files")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="tables as CSV files")
    add_options(parser, StatisticsSettings)
    add_options(parser, Seeds, only=("vary",))
    args = parser.parse_args()

    settings = read_options(args, StatisticsSettings)
    base = _read_evaluation(args.base)
    seeds = {path.stem: _read_evaluation(path) for path in args.eval}
    arms = _read_arms(args.arm_eval)
    require_comparable(base, seeds)
    for arm, evaluations in arms.items():
        require_comparable(base, {f"{arm} {name}": one for name, one in evaluations.items()})
    pairs = list(read_jsonl(args.pairs, Pair)) if args.pairs else []
    curves = {path.parent.name: [row for _, row in read_objects(path)] for path in args.train_log}
    statistics = compare(
        base,
        seeds,
        Criteria(confidence=settings.confidence, equivalence_margin=settings.equivalence_margin),
        settings.resamples,
        settings.seed,
        arms,
        pairs,
        _read_optional(args.funnel),
        curves,
    )
    material = ReportInputs(
        figures=all_figures(base, seeds, statistics, pairs, curves),
        curves=curves,
        decontamination=_read_optional(args.decontamination),
        contamination=_contamination(args),
        seeds_vary=read_options(args, Seeds).vary,
        cases=_read_cases(args, statistics, {"base": base, **seeds}),
        examples=examples(pairs, N_EXAMPLES),
        timings=read_timings(args.benchmarks),
        machines=_read_machines(args, {"base": base, **seeds}),
        config=args.config,
    )
    page = render_report(base, seeds, statistics, material)
    write_json(args.stats, statistics.model_dump())
    if args.failures:
        _write_failures(args.failures, base, {"curated": seeds, **arms})
    if args.figures:
        write_figures(args.figures, material.figures)
    if args.tables:
        write_tables(args.tables, statistics)
    with atomic_write(args.output) as file:
        file.write(page)


def _read_cases(
    args: argparse.Namespace, statistics: Statistics, evaluations: Mapping[str, Evaluation]
) -> list[MovedProblem]:
    if len(args.samples) != len(args.labels):
        raise InputError("--samples and --labels: expected as many files of one as of the other")
    moved = {movement.task_id for movement in statistics.movements}
    programs = {}
    for samples, labels in zip(args.samples, args.labels, strict=True):
        name = samples.parent.name
        if name not in evaluations or labels.parent != samples.parent:
            raise InputError(f"{samples}, {labels}: expected files of base and seeds, in one order")
        programs[name] = read_programs(samples, labels, evaluations[name], moved)
    problems = read_problems(args.problems) if args.problems else []
    return cases(statistics.movements, {one.task_id: one for one in problems}, programs)


def _read_arms(paths: Iterable[Path]) -> dict[str, dict[str, Evaluation]]:
    arms: dict[str, dict[str, Evaluation]] = {}
    for path in paths:
        arms.setdefault(path.parents[1].name, {})[path.stem] = _read_evaluation(path)
    return arms


def _read_machines(args: argparse.Namespace, evaluations: Mapping[str, Evaluation]) -> list[Fact]:
    meta = _read_optional(args.training_samples_meta)
    sampled = {"base": meta.get("hardware")} if meta else {}
    trained = {card.parent.name: trained_on(card) for card in args.model_cards}
    evaluated = {name: one.provenance.get("hardware") for name, one in evaluations.items()}
    return [
        *distinct_values("sampling the training problems", sampled),
        *distinct_values("training", trained),
        *distinct_values("sampling the evaluation problems", evaluated),
    ]


def _write_failures(
    path: Path, base: Evaluation, arms: Mapping[str, Mapping[str, Evaluation]]
) -> None:
    with atomic_write(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FAILURE_COLUMNS)
        writer.writerows(failure_rows(base, arms))


def _read_evaluation(path: Path) -> Evaluation:
    return parse_row(Evaluation, read_json(path), str(path))


def _contamination(args: argparse.Namespace) -> list[Contamination]:
    if not (args.problems and args.train_problems):
        return []
    train, evaluation = read_problems(args.train_problems), read_problems(args.problems)
    return decontaminate(train, evaluation, args.ngram)[1]


def _read_optional(path: Path | None) -> Any:
    return None if path is None else read_json(path)


if __name__ == "__main__":
    cli.run(main)
