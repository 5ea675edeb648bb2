"""Runs samples and labels how each one ended.

Each program runs in a process of its own inside a sandbox, with an empty environment, an empty
temporary folder and limits on CPU time, memory and output; another process there runs the test
(see `zygote.py`, `judge.py` and `candidate.py`).
"""

import hashlib
import os
import queue
import signal
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from failpairs.checks import Check, compile_check
from failpairs.errors import InputError
from failpairs.extraction import extract_program
from failpairs.preloading import modules_for
from failpairs.records import ForeignSample, Problem, Sample, Verdict
from failpairs.taxonomy import FLAKY, INFRA_ERROR, PASS, exception_label
from failpairs.worker import Broken, Confinement, Ending, Job, Worker, encode_job

INFRA_TRIES = 3
FIRST_TRY_CPU_S = 0.5  # enough for nearly every program; who needs more gets a second try
WINDOW = 64  # samples for each worker between the one written next and the one read last
REMEMBERED = 20_000  # programs whose ending is known if they come again
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)


@dataclass(frozen=True)
class Limits:
    """What a program may use: CPU seconds, MiB of memory, KiB of output."""

    timeout: float
    memory_mb: int
    output_kb: int

    @property
    def wall(self) -> float:
        """Seconds of wall time after which a process is stopped: far more than its CPU time, since
        a busy machine must not turn into wrong verdicts."""
        return 4 * self.timeout + 5


@dataclass(frozen=True)
class Outcome:
    """What running a program showed: its label, and how each of its runs ended.

    A finished run without an ending could not be carried out; `problem` says why.
    """

    label: str
    endings: tuple[Ending, ...] = ()
    problem: str | None = None


def execute_samples(
    problems: Sequence[Problem],
    samples: Iterable[Sample],
    limits: Limits,
    tier: str,
    runs: int,
    workers: int,
) -> Iterator[Verdict]:
    """Label every sample, in the order given, reading only so many ahead.

    A program that was run before for the same problem is not run again.

    Args:
        tier: the sandbox, one of `sandbox.TIERS` or `none`.
        runs: executions of a passing program, each with another hash seed and another local time.

    Raises:
        InputError: the test of a problem does not compile.
    """
    checks = {problem.task_id: compile_check(problem) for problem in problems}
    by_id = {problem.task_id: problem for problem in problems}
    with Executor(limits, tier, runs, workers, modules_for(problems)) as executor:
        waiting: deque[tuple[Sample, Future[Outcome]]] = deque()
        for sample in samples:
            problem, check = by_id[sample.task_id], checks[sample.task_id]
            waiting.append((sample, executor.submit(problem, check, sample)))
            if len(waiting) > WINDOW * workers:
                yield _verdict(*_next(waiting), checks)
        while waiting:
            yield _verdict(*_next(waiting), checks)


def count_samples(samples: Iterable[Sample], problems: Iterable[Problem]) -> int:
    """How many samples there are, once it is known that each can be run.

    Raises:
        InputError: a sample of an unknown problem, or one that is given twice.
    """
    seen: dict[str, set[int]] = {problem.task_id: set() for problem in problems}
    for sample in samples:
        if sample.task_id not in seen:
            raise InputError(f"samples: task_id {sample.task_id!r} is not among the problems")
        if sample.sample_index in seen[sample.task_id]:
            raise InputError(
                f"samples: task_id {sample.task_id!r} has sample_index {sample.sample_index} twice"
            )
        seen[sample.task_id].add(sample.sample_index)
    return sum(map(len, seen.values()))


class Executor:
    """So many workers, each of which runs one program at a time."""

    def __init__(
        self, limits: Limits, tier: str, runs: int, workers: int, modules: Sequence[str]
    ) -> None:
        confinement = Confinement(tier, limits.memory_mb, limits.output_kb)
        cpus = sorted(os.sched_getaffinity(0))
        self._limits = limits
        self._idle: queue.SimpleQueue[list[Worker]] = queue.SimpleQueue()
        self._all = [
            [Worker(confinement, run, cpus[number % len(cpus)], modules) for run in range(runs)]
            for number in range(workers)
        ]
        for team in self._all:
            self._idle.put(team)
            for worker in team:
                worker.start()
        self._pool = ThreadPoolExecutor(workers)
        self._known: OrderedDict[bytes, Future[Outcome]] = OrderedDict()

    def __enter__(self) -> "Executor":
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for worker in (worker for team in self._all for worker in team):
            worker.close()

    def submit(self, problem: Problem, check: Check, sample: Sample) -> Future[Outcome]:
        """The outcome of a sample, once it has been run."""
        program, label = _program(problem, sample)
        if program is None:
            future: Future[Outcome] = Future()
            future.set_result(Outcome(label))
            return future
        job = encode_job(program, problem.entry_point, check)
        key = hashlib.sha256(job.paper).digest()
        if key not in self._known:
            self._known[key] = self._pool.submit(self._run, job)
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return self._known[key]

    def _run(self, job: Job) -> Outcome:
        team = self._idle.get()
        try:
            return self._run_with(team, job)
        finally:
            self._idle.put(team)

    def _run_with(self, team: list[Worker], job: Job) -> Outcome:
        endings: list[Ending] = []
        labels: list[str] = []
        for worker in team:
            try:
                endings.append(self._judge(worker, job))
            except Broken as error:
                return Outcome(INFRA_ERROR, tuple(endings), str(error))
            labels.append(label_of(endings[-1]))
            if labels[-1] != PASS:
                break
        return Outcome(labels[0] if len(set(labels)) == 1 else FLAKY, tuple(endings))

    def _judge(self, worker: Worker, job: Job) -> Ending:
        """One run; what fails through no fault of the program's is tried again."""
        for _ in range(INFRA_TRIES - 1):
            with suppress(Broken):
                ending = self._judge_in_time(worker, job)
                if label_of(ending) != INFRA_ERROR:
                    return ending
        return self._judge_in_time(worker, job)

    def _judge_in_time(self, worker: Worker, job: Job) -> Ending:
        """One run; what takes too long for a first try then gets all the time it may have."""
        timeout, wall = self._limits.timeout, self._limits.wall
        ending = worker.judge(job, min(FIRST_TRY_CPU_S, timeout), wall)
        if ending.stopped == "cpu" and timeout > FIRST_TRY_CPU_S:
            ending = worker.judge(job, timeout, wall)
        return ending


def _next(waiting: deque[tuple[Sample, Future[Outcome]]]) -> tuple[Sample, Outcome]:
    sample, future = waiting.popleft()
    return sample, future.result()


def _program(problem: Problem, sample: Sample) -> tuple[str | None, str]:
    if not isinstance(sample, ForeignSample):
        return extract_program(problem, sample.completion)
    if not sample.completion.strip():
        return None, "EMPTY"
    before = problem.prompt if sample.form == "completion" else sample.header
    return before + sample.completion, ""


def _verdict(sample: Sample, outcome: Outcome, checks: dict[str, Check]) -> Verdict:
    label, endings = outcome.label, outcome.endings
    was_cut = sample.finish_reason == "length"
    if was_cut and endings and label not in {PASS, "STUB", INFRA_ERROR}:
        label = "TRUNCATED"
    report = (endings[-1].report if endings else None) or {}
    return Verdict(
        task_id=sample.task_id,
        sample_index=sample.sample_index,
        label=label,
        exception=report.get("exception"),
        message=outcome.problem or report.get("message"),
        raised_in=report.get("raised_in"),
        line=report.get("line"),
        tests_passed=report.get("tests_passed", 0),
        tests_total=checks[sample.task_id].assertions if endings else 0,
        verified=report.get("verified", True),
        runs=len(endings),
        cpu_s=round(sum(e.cpu_s for e in endings), 3),
        wall_s=round(sum(e.wall_s for e in endings), 3),
        max_rss_mb=round(max((e.max_rss_mb for e in endings), default=0.0), 1),
    )


def label_of(ending: Ending) -> str:
    """The label of one run."""
    report, status = ending.report, ending.judge_status or 0
    if ending.output_full or (report and report.get("too_large")):
        return "OUTPUT_LIMIT"
    if ending.stopped:
        return "TIMEOUT"
    if report is None:
        # Nothing that we do makes the judge crash; a text or an answer that kills Python does.
        crashed = os.WIFSIGNALED(status) and os.WTERMSIG(status) in CRASHES
        return "CRASH" if crashed else INFRA_ERROR
    if report.get("died"):
        return _label_of_death(ending.status)
    if "AssertionError" in report.get("ancestry", []) and report["raised_in"] == "test":
        return "ASSERTION_FAIL"
    label: str = report["label"] or exception_label(report["ancestry"])
    return label


def _label_of_death(status: int) -> str:
    """The label of a process that ended without an answer."""
    if not os.WIFSIGNALED(status):
        return "EXIT"
    return "FORBIDDEN" if os.WTERMSIG(status) == signal.SIGSYS else "CRASH"
