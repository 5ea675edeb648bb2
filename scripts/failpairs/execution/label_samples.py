"""Labels samples by running them.

Each program runs in a process of its own inside a sandbox, with an empty environment, an empty
temporary folder and limits on CPU time, memory and output; another process there runs the test
(see `executor.py`, `zygote.py`, `checker.py` and `candidate.py`).
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from failpairs.code.extraction import extract_program
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel, ProblemTrial
from failpairs.execution.compiled_test import CompiledTest, compile_check
from failpairs.execution.executor import Executor, ProgramOutcome, Task
from failpairs.execution.settings import ExecutionSettings
from failpairs.execution.worker import encode_job
from failpairs.labels import INFRA_ERROR, Label
from failpairs.records import ForeignSample, Problem, Sample

WINDOW = 4096  # samples that may overtake one that takes long, since verdicts come in order


def execute_samples(
    problems: Sequence[Problem],
    samples: Iterable[Sample],
    settings: ExecutionSettings,
    tier: str,
    workers: int,
    trials: Mapping[str, ProblemTrial] | None = None,
) -> Iterator[ExecLabel]:
    """Label every sample, in the order given, reading only so many ahead.

    A program that was run before for the same problem is not run again.

    Args:
        tier: the sandbox, one of `layers.TIERS` or `none`.
        trials: what trying the problems showed, by task id. Programs of a problem that is not there
            may use the whole limit.

    Raises:
        InputError: the test of a problem does not compile.
    """
    known = trials or {}
    tried = {
        p.task_id: known.get(p.task_id) or ProblemTrial(task_id=p.task_id, timeout=settings.timeout)
        for p in problems
    }
    checks = {p.task_id: compile_check(p) for p in problems if tried[p.task_id].fault is None}
    by_id = {problem.task_id: problem for problem in problems}
    with Executor.for_problems(problems, settings, tier, workers) as executor:
        waiting: deque[tuple[Sample, Task]] = deque()
        for sample in samples:
            problem, trial = by_id[sample.task_id], tried[sample.task_id]
            check = checks.get(sample.task_id)
            task = _submit(executor, problem, check, trial, sample)
            waiting.append((sample.model_copy(update={"completion": ""}), task))
            while executor.is_full or len(waiting) > WINDOW:
                executor.advance()
                yield from _ready(waiting, checks)
        while waiting:
            executor.advance()
            yield from _ready(waiting, checks)


def count_samples(samples: Iterable[Sample], where: str) -> Counter[str]:
    """How many samples there are of each problem, once it is known that they differ.

    Args:
        where: their file, for messages.

    Raises:
        InputError: a sample that is given twice.
    """
    seen: dict[str, set[int]] = {}
    for sample in samples:
        indices = seen.setdefault(sample.task_id, set())
        if sample.sample_index in indices:
            raise InputError(
                f"{where}: task_id {sample.task_id!r} has sample_index {sample.sample_index} twice"
            )
        indices.add(sample.sample_index)
    return Counter({task_id: len(indices) for task_id, indices in seen.items()})


def _submit(
    executor: Executor,
    problem: Problem,
    check: CompiledTest | None,
    trial: ProblemTrial,
    sample: Sample,
) -> Task:
    if check is None:
        return Task(ProgramOutcome(INFRA_ERROR, problem=f"{problem.task_id}: {trial.fault}"))
    program, label = program_of(problem, sample)
    if program is None:
        return Task(ProgramOutcome(label))
    return executor.submit(encode_job(program, check, trial.timeout, trial.inside))


def _ready(
    waiting: deque[tuple[Sample, Task]], checks: dict[str, CompiledTest]
) -> Iterator[ExecLabel]:
    """Take the samples that have their outcome from the front, up to the first that has not."""
    while waiting and waiting[0][1].outcome is not None:
        sample, task = waiting.popleft()
        assert task.outcome is not None
        yield _verdict(sample, task.outcome, checks)


def program_of(problem: Problem, sample: Sample) -> tuple[str | None, str]:
    """The program that is run for a sample; or None and the label that says why there is none."""
    if not isinstance(sample, ForeignSample):
        return extract_program(problem, sample.completion)
    if not sample.completion.strip():
        return None, Label.EMPTY
    before = problem.prompt if sample.form == "completion" else ""
    return before + sample.completion, ""


def _message(sample: Sample, label: Label, report: dict[str, Any]) -> str | None:
    """What is known of a failure in words; an error of ours always names the problem."""
    message: str | None = report.get("message")
    if label != INFRA_ERROR:
        return message
    cause = ": ".join(filter(None, (report.get("exception"), message))) or "no report came"
    return f"{sample.task_id}: the test cannot be run: {cause}"


def _verdict(sample: Sample, outcome: ProgramOutcome, checks: dict[str, CompiledTest]) -> ExecLabel:
    label, endings = Label[outcome.label], outcome.endings
    was_cut = sample.finish_reason == "length"
    if was_cut and endings and label not in {Label.PASS, Label.STUB, Label.INFRA_ERROR}:
        label = Label.TRUNCATED
    # Only the first run has all tests.
    ending = endings[-1 if label == Label.FLAKY else 0] if endings else None
    report = (ending.report if ending else None) or {}
    return ExecLabel(
        task_id=sample.task_id,
        sample_index=sample.sample_index,
        label=label,
        exception=report.get("exception"),
        message=outcome.problem or _message(sample, label, report),
        raised_in=report.get("raised_in"),
        line=report.get("line"),
        tests_passed=report.get("tests_passed", 0),
        tests_total=checks[sample.task_id].assertions if endings else 0,
        verified=report.get("verified", True),
        fragile=report.get("fragile", False),
        differing=report.get("differing", []),
        answers=report.get("answers", []),
        runs=len(endings),
        cpu_s=round(sum(e.cpu_s for e in endings), 3),
        wall_s=round(sum(e.wall_s for e in endings), 3),
        max_rss_mb=round(max((e.max_rss_mb for e in endings), default=0.0), 1),
    )
