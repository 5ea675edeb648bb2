"""Run samples in a sandbox and label how each one ended."""

import argparse
import logging
import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel, ProblemTrial
from failpairs.execution.label_samples import count_samples, execute_samples
from failpairs.execution.packages import find_packages
from failpairs.execution.problem_trials import try_problems
from failpairs.execution.sandbox.self_test import choose_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.labels import INFRA_ERROR
from failpairs.problems.generated_inputs import with_inputs
from failpairs.problems.jsonl import read_problems
from failpairs.progress import Progress
from failpairs.provenance.hardware import machine
from failpairs.provenance.protocol import LabelsMeta, write_meta
from failpairs.records import ForeignSample, Problem, Sample
from failpairs.storage.files import read_jsonl, require_output, sha256_file, sha256_json
from failpairs.storage.resumable import write_resumable
from failpairs.workflow.digests import code_digest
from failpairs.workflow.options import add_options, at_least_one, read_options

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]  # holds the package
MANY, MANY_SHARE = 10, 0.05  # fenced samples of another tool that are worth a warning


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--samples", required=True, type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--trials",
        type=Path,
        metavar="FILE",
        help="what scripts/try_problems.py found out about the problems; without it they are tried "
        "first",
    )
    parser.add_argument(
        "--workers",
        type=at_least_one,
        default=os.cpu_count(),
        metavar="N",
        help="processes at once",
    )
    parser.add_argument(
        "--extract",
        action="store_true",
        help="extract programs from the prose and fences of other tools' samples, which otherwise "
        "run as they are (those of failpairs are always extracted)",
    )
    add_options(parser, ExecutionSettings)
    args = parser.parse_args()

    settings = read_options(args, ExecutionSettings)
    require_output(args.output, args.problems, args.samples, args.trials)
    problems = read_problems(args.problems)
    samples = iterate_samples(args.samples, [p.task_id for p in problems], args.extract)
    total = count_samples(warn_of_fences(samples, args.samples), str(args.samples)).total()
    tier = find_tier_and_say_why(settings)
    if args.trials is None:
        trials = judged_all_the_same(try_problems(problems, settings, tier, args.workers))
    else:
        trials = {trial.task_id: trial for trial in read_jsonl(args.trials, ProblemTrial)}
    problems = [
        with_inputs(problem, trials[problem.task_id].inputs)
        if problem.task_id in trials
        else problem
        for problem in problems
    ]
    meta = labels_meta(args.samples, settings, tier, args.extract)
    label_file(
        problems, args.samples, args.output, total, settings, tier, args.workers, trials, meta
    )


def find_tier_and_say_why(settings: ExecutionSettings) -> str:
    """The best tier of the sandbox here; the log says why it is not a better one."""
    tier, reasons = choose_tier(unsafe=settings.unsafe_no_sandbox)
    if reasons:
        log.info("sandbox: using tier %s, since %s", tier, "; ".join(reasons))
    return tier


def judged_all_the_same(trials: Iterable[ProblemTrial]) -> dict[str, ProblemTrial]:
    """The trials by task id, without the faults, of which the log has a warning.

    A workflow judges only problems that its configuration accepts; here nobody was asked.
    """
    found = {}
    for trial in trials:
        if trial.fault is not None:
            log.warning("problem %s: %s", trial.task_id, trial.fault)
        found[trial.task_id] = trial.model_copy(update={"fault": None})
    return found


def labels_meta(samples: Path, settings: ExecutionSettings, tier: str, extract: bool) -> LabelsMeta:
    """What stands beside the labels of a samples file."""
    return LabelsMeta(
        samples_sha256=sha256_file(samples),
        validator=validator(settings, tier, extract),
        hardware=machine(),
    )


def validator(settings: ExecutionSettings, tier: str, extract: bool) -> dict[str, Any]:
    """What labels samples: the code, the Python, the sandbox and the limits."""
    return {
        "code": code_digest(Path(__file__).resolve(), ROOT),
        "python": platform.python_version(),
        "sandbox": tier,
        "extract": extract,
        **settings.model_dump(),
        "packages": find_packages(settings.packages).versions,
    }


def label_file(
    problems: Sequence[Problem],
    samples: Path,
    output: Path,
    total: int,
    settings: ExecutionSettings,
    tier: str,
    workers: int,
    trials: Mapping[str, ProblemTrial],
    meta: LabelsMeta,
) -> None:
    """Label the samples of a file, going on where an interrupted run stopped.

    Args:
        total: samples in the file.

    Raises:
        InputError: too many of them could not be executed.
    """
    task_ids = [problem.task_id for problem in problems]
    extract = meta.validator["extract"]

    def verdicts_after(done: int) -> Iterator[ExecLabel]:
        rest = islice(iterate_samples(samples, task_ids, extract), done, None)
        verdicts = execute_samples(problems, rest, settings, tier, workers, trials)
        progress = Progress("executed samples", total, before=done)
        broken = 0
        for number, verdict in enumerate(verdicts, start=done + 1):
            trial = trials.get(verdict.task_id)
            broken += verdict.label == INFRA_ERROR and (trial is None or trial.fault is None)
            progress.update(number)
            yield verdict
        if broken > settings.max_infra_errors * total:
            raise InputError(
                f"{broken} of {total} samples could not be executed (INFRA_ERROR), more than "
                f"execution.max_infra_errors {settings.max_infra_errors} allows"
            )

    decisive = [
        meta.model_dump(exclude={"hardware"}),
        [problem.model_dump() for problem in problems],
        [trial.model_dump() for trial in trials.values()],
    ]
    write_resumable(
        output,
        ExecLabel,
        sha256_json(decisive),
        verdicts_after,
        is_final=lambda verdict: verdict.label != INFRA_ERROR,
    )
    write_meta(output, meta)


def warn_of_fences(samples: Iterable[Sample], path: Path) -> Iterator[Sample]:
    """Passes the samples of a file on, and says at the end if many that run as they are hold
    fences."""
    foreign = fenced = 0
    for sample in samples:
        yield sample
        if isinstance(sample, ForeignSample):
            foreign += 1
            fenced += "```" in sample.completion
    if fenced >= MANY and fenced > MANY_SHARE * foreign:
        log.warning(
            f"warning: {path}: {fenced} of {foreign} samples hold ``` fences and run as they are; "
            "--extract runs the code in them"
        )
