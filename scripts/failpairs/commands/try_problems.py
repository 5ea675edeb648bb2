"""Try problems before they are trusted: run each reference against its own tests."""

import argparse
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from failpairs.errors import InputError
from failpairs.exec_labels import ProblemTrial
from failpairs.execution.chosen_inputs import chosen_calls
from failpairs.execution.problem_trials import try_problems
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.problems.generated_inputs import (
    choosing,
    generated_inputs,
    has_reference,
    known,
    unknown,
    with_inputs,
)
from failpairs.problems.jsonl import read_problems
from failpairs.problems.rows import REMEDY, Fault, listed
from failpairs.progress import Progress
from failpairs.records import Problem
from failpairs.storage.files import write_jsonl
from failpairs.workflow.options import add_options, at_least_one, read_options

KEPT = 4  # one of so many generated inputs
BATCH = 64  # problems whose generated inputs are in memory at once

log = logging.getLogger(__name__)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="time limit of each problem and how its tests are run, for scripts/execute.py",
    )
    parser.add_argument(
        "--broken",
        choices=["stop", "drop"],
        default="stop",
        help="what to do about problems with a fault: stop, or leave them out of the problem file "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=at_least_one,
        default=os.cpu_count(),
        metavar="N",
        help="processes at once",
    )
    parser.add_argument(
        "--verify-inputs",
        type=int,
        default=0,
        metavar="N",
        help="inputs to generate for each problem; on the quarter of them that tells its reference "
        "best from its mutants, programs that pass its test are compared with it (default: none)",
    )
    add_options(parser, ExecutionSettings)
    args = parser.parse_args()

    settings = read_options(args, ExecutionSettings)
    problems = read_problems(args.problems)
    unknown = sum(not problem.reference.strip() for problem in problems)
    if unknown:
        log.warning("%d of %d problems have no reference and are not tried", unknown, len(problems))
    tier = find_tier(unsafe=settings.unsafe_no_sandbox)
    progress = Progress("tried problems", len(problems))
    trials: list[ProblemTrial] = []
    for trial in try_with_inputs(problems, settings, tier, args.workers, args.verify_inputs):
        trials.append(trial)
        progress.update(len(trials))
    faults = [Fault(trial.task_id, trial.fault) for trial in trials if trial.fault is not None]
    for fault in faults:
        log.warning("problem %s: %s", *fault)
    if faults and args.broken == "stop":
        raise InputError(f"{args.problems}: broken problems: {listed(faults)}. {REMEDY}")
    names = {fault.where for fault in faults}
    sound = [problem for problem in problems if problem.task_id not in names]
    if not sound:
        raise InputError(f"{args.problems}: every problem is broken: {listed(faults)}")
    if faults:
        log.warning("%d of %d problems are broken and left out", len(faults), len(problems))
        write_jsonl(args.problems, sound)
    if args.output is not None:
        write_jsonl(args.output, (trial for trial in trials if trial.task_id not in names))


def try_with_inputs(
    problems: Sequence[Problem], settings: ExecutionSettings, tier: str, workers: int, count: int
) -> Iterator[ProblemTrial]:
    """Try problems with generated inputs, and those without whose reference does not stand them.

    Args:
        count: how many inputs are generated for each, of which a quarter is chosen.
    """
    if not count:
        yield from try_problems(problems, settings, tier, workers)
        return
    inputs = []
    for start in range(0, len(problems), BATCH):
        batch = problems[start : start + BATCH]
        inputs += choose_inputs(batch, count, settings, tier, workers)
    more = [*map(with_inputs, problems, inputs)]
    generated = {problem.task_id for problem, text in zip(problems, inputs, strict=True) if text}
    trials = try_problems(more, settings, tier, workers, generated)
    n_more = 0
    for problem, text, trial in zip(problems, inputs, trials, strict=True):
        if not text:
            yield trial
        elif trial.fault is not None:
            yield from try_problems([problem], settings, tier, workers)
        else:
            n_more += 1
            yield trial.model_copy(update={"inputs": text})
    log.info("generated inputs for %d of %d problems", n_more, len(problems))


def choose_inputs(
    problems: Sequence[Problem], count: int, settings: ExecutionSettings, tier: str, workers: int
) -> list[str]:
    """The inputs of each problem as `with_inputs` takes them; nothing where there are none."""
    wanted = -(-count // KEPT)
    calls = {
        p.task_id: generated_inputs(p, count if has_reference(p) else wanted) for p in problems
    }
    compared = [p for p in problems if has_reference(p) and calls[p.task_id]]
    asked = [choosing(p, calls[p.task_id], wanted) for p in compared]
    chosen = chosen_calls(asked, settings, tier, workers)
    found = {
        problem.task_id: known((calls[problem.task_id][place], answer) for place, answer in each)
        for problem, each in zip(asked, chosen, strict=True)
    }
    found |= {p.task_id: unknown(calls[p.task_id]) for p in problems if not has_reference(p)}
    return [found.get(problem.task_id, "") for problem in problems]
