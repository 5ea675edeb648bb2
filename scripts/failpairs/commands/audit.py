"""Audit preference pairs: run both sides, and find leaks, duplicates and what length tells."""

import argparse
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from failpairs.curation.audit import Audit, audit, samples_of
from failpairs.curation.pair_problems import ProblemIndex
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.exchange.pairs import FORMS, read_pairs
from failpairs.exec_labels import ExecLabel
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.problem_trials import try_problems
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.problems.jsonl import read_problems
from failpairs.problems.settings import ProblemLimits
from failpairs.problems.sources import load_problems
from failpairs.progress import Progress
from failpairs.records import Problem, Sample
from failpairs.report.audit_page import render_audit
from failpairs.storage.files import atomic_write, require_output, write_jsonl
from failpairs.workflow.options import add_options, at_least_one, read_options

log = logging.getLogger(__name__)
ALWAYS = "humaneval"
NAMED = 6  # rows of a finding that the table names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "pairs", metavar="PAIRS", help=f"a file of pairs, or one of {', '.join(FORMS)}"
    )
    parser.add_argument(
        "--problems",
        required=True,
        metavar="SOURCE",
        help="what the pairs were made for: a problem file, or a source as in the configuration",
    )
    parser.add_argument(
        "--eval",
        nargs="*",
        default=[],
        metavar="SOURCE",
        help=f"evaluation problems that must not leak, beside {ALWAYS}",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="the audit as an HTML page")
    parser.add_argument(
        "--rows", type=Path, metavar="FILE", help="the audit as JSONL with one row per pair"
    )
    parser.add_argument(
        "--workers",
        type=at_least_one,
        default=os.cpu_count(),
        metavar="N",
        help="processes at once",
    )
    add_options(parser, ExecutionSettings)
    add_options(parser, ProblemLimits, only=("ngram",))
    add_options(parser, Policy, only=("near_duplicate",))
    args = parser.parse_args()

    given = [Path(text.removeprefix("jsonl:")) for text in (args.pairs, args.problems, *args.eval)]
    for path in filter(None, (args.rows, args.output)):
        require_output(path, *given)
    if args.rows and args.rows == args.output:
        raise InputError(f"{args.rows}: --rows and --output name the same file")
    settings = read_options(args, ExecutionSettings)
    ngram = read_options(args, ProblemLimits).ngram
    near_duplicate = read_options(args, Policy).near_duplicate
    pairs = read_pairs(args.pairs)
    index = ProblemIndex(_all_problems(args.problems))
    evaluation = {p.task_id: p for name in (ALWAYS, *args.eval) for p in _all_problems(name)}
    problems = [index.find(pair) for pair in pairs]
    samples = samples_of(pairs, problems)
    used = list({problem.task_id: problem for problem in problems if problem}.values())
    log.info("%d of %d pairs match a problem", sum(map(bool, problems)), len(pairs))
    verdicts = _execute(used, samples, settings, args.workers) if used else iter(())
    found = audit(pairs, problems, verdicts, [*evaluation.values()], ngram, near_duplicate)
    print(audit_table(found), flush=True)  # first, since files may be impossible to write
    if args.rows:
        write_jsonl(args.rows, found.rows)
    if args.output:
        with atomic_write(args.output) as file:
            file.write(render_audit(found, pairs, args.pairs))


def _all_problems(source: str) -> list[Problem]:
    """The problems of a file, or of both splits of a source."""
    if Path(source).is_file():
        return read_problems(Path(source))
    splits = (load_problems(source, split) for split in ("train", "eval"))
    return list({problem.task_id: problem for split in splits for problem in split}.values())


def _execute(
    problems: Sequence[Problem],
    samples: Sequence[Sample],
    settings: ExecutionSettings,
    workers: int,
) -> Iterator[ExecLabel]:
    """The verdicts on samples; those of a problem with a fault cannot be judged."""
    tier = find_tier(unsafe=settings.unsafe_no_sandbox)
    trials = {trial.task_id: trial for trial in try_problems(problems, settings, tier, workers)}
    for trial in trials.values():
        if trial.fault is not None:
            log.warning("problem %s: %s", trial.task_id, trial.fault)
    progress = Progress("executed sides", len(samples))
    verdicts = execute_samples(problems, samples, settings, tier, workers, trials)
    for number, verdict in enumerate(verdicts, start=1):
        progress.update(number)
        yield verdict


def audit_table(found: Audit) -> str:
    """What an audit found, as lines for a console."""
    total = len(found.rows)
    width = max(map(len, found.found))
    lines = [f"{'pairs':{width}}  {total:>7}"]
    for name, rows in found.found.items():
        named = ", ".join(map(str, rows[:NAMED])) + (", …" if len(rows) > NAMED else "")
        named = f"rows {named}" if rows else ""
        lines.append(f"{name:{width}}  {len(rows):>7}  {len(rows) / total:>6.1%}  {named}".rstrip())
    for side, labels in found.labels.items():
        counts = ", ".join(f"{label} {count}" for label, count in labels.most_common())
        lines.append(f"labels of the {side} sides: {counts or 'none'}")
    tells = found.lengths
    kind = "at most" if tells.shorter_is_chosen else "more than"
    lines.append(
        f"the chosen side is longer in {tells.chosen_longer:.1%} of the pairs "
        f"({_interval(tells.longer_null)} if length tells nothing)"
    )
    lines.append(
        f'the rule "a text of {kind} {tells.threshold} characters is chosen" is right for '
        f"{tells.accuracy:.1%} of the sides ({_interval(tells.accuracy_null)} if length tells "
        "nothing)"
    )
    return "\n".join(lines)


def _interval(bounds: tuple[float, float]) -> str:
    return f"{bounds[0]:.1%} to {bounds[1]:.1%}"
