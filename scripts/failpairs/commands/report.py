"""Compare the evaluations of the base model, of the seeds and of control arms; write the report."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from failpairs.errors import InputError
from failpairs.problems.settings import ProblemLimits
from failpairs.report.exports import write_failures, write_figures, write_tables
from failpairs.report.figures import all_figures
from failpairs.report.in_short import what_was_measured
from failpairs.report.inputs import ReportInputs, compare_run
from failpairs.report.page import render_report
from failpairs.report.run_folder import OF_CURATION, RunFolder, read_evaluation
from failpairs.statistics.effects import Criteria
from failpairs.statistics.settings import StatisticsSettings
from failpairs.storage.files import atomic_write, write_json
from failpairs.workflow.config import Seeds
from failpairs.workflow.options import add_options, read_options


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, type=Path, metavar="FILE")
    parser.add_argument("--eval", required=True, nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--again",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="a second evaluation of the base model, with another batch size",
    )
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument("--stats", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--results",
        type=Path,
        metavar="DIR",
        help="folder of the run, for its pairs, programs, training curves, control arms and "
        "machines; the report leaves out what is missing there",
    )
    parser.add_argument(
        "--arms",
        nargs="*",
        default=[],
        metavar="NAME",
        help="control arms to compare, evaluated in DIR/arms/NAME/eval for every seed of --eval",
    )
    parser.add_argument(
        "--benchmarks",
        nargs="*",
        default=[],
        metavar="NAME",
        help="benchmark files of the run, DIR/benchmarks/NAME.tsv; missing ones are left out",
    )
    parser.add_argument(
        "--of-curation",
        nargs="*",
        default=OF_CURATION,
        choices=OF_CURATION,
        metavar="NAME",
        help="files of the run's training side to show, of %(choices)s (default: all of them)",
    )
    parser.add_argument(
        "--config", type=json.loads, metavar="JSON", help="configuration of the run, to be shown"
    )
    parser.add_argument(
        "--failures", type=Path, metavar="FILE", help="CSV with one row per problem and model"
    )
    parser.add_argument("--figures", type=Path, metavar="DIR", help="figures as SVG and PNG files")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="tables as CSV files")
    add_options(parser, StatisticsSettings)
    add_options(parser, Seeds, only=("vary",))
    add_options(parser, ProblemLimits, only=("ngram",))
    args = parser.parse_args()

    settings = read_options(args, StatisticsSettings)
    criteria = Criteria(
        confidence=settings.confidence, equivalence_margin=settings.equivalence_margin
    )
    paths = by_name(args.base, args.eval)
    base = read_evaluation(args.base)
    seeds = {name: read_evaluation(path) for name, path in paths.items() if name != "base"}
    vary = read_options(args, Seeds).vary
    run = RunFolder(
        args.results, list(seeds), args.arms, args.benchmarks, args.of_curation, vary == "both"
    )
    again = read_evaluation(args.again) if args.again else None
    stats = compare_run(
        base,
        seeds,
        run,
        criteria,
        settings.resamples,
        settings.seed,
        again,
        settings.compare,
        args.config and {k: v for k, v in args.config.items() if k != "pathvars"},
    )
    subject = f"{', '.join(seeds)} against {args.base.stem}"
    if base.protocol:  # else another tool drew the samples
        subject = base.protocol["model"]["id"]
    title = "What did the pairs fix?" if run.pairs else "What changed?"
    measured = what_was_measured(subject, base, seeds, len(run.pairs))
    report = ReportInputs(
        base,
        seeds,
        run,
        stats,
        figures=all_figures(base, seeds, stats, run.pairs, run.curves, title, measured),
        seeds_vary=vary,
        ngram=read_options(args, ProblemLimits).ngram,
        title=title,
        subject=subject,
        measured=measured,
        config=args.config,
    )
    page = render_report(report)
    write_json(args.stats, stats.model_dump())
    if args.failures:
        write_failures(args.failures, base, {"curated": seeds, **run.arm_evaluations})
    if args.figures:
        write_figures(args.figures, report.figures)
    if args.tables:
        write_tables(args.tables, stats)
    with atomic_write(args.output) as file:
        file.write(page)


def by_name(base: Path, tuned: Sequence[Path]) -> dict[str, Path]:
    """The files of evaluations by the names that the models have in the report: `base`, and those
    of the files of the tuned models.

    Raises:
        InputError: two would have one name.
    """
    found = {"base": base}
    for path in tuned:
        if path.stem in found:
            raise InputError(
                f"{found[path.stem]} and {path}: the report would call both of them "
                f"{path.stem!r}; rename the second file"
            )
        found[path.stem] = path
    return found
