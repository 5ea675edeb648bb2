"""Runs programs, each as often as it takes to know how it ends, on several workers at once."""

import os
from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from failpairs.execution.packages import find_packages
from failpairs.execution.preloading import modules_for
from failpairs.execution.run_outcome import RunOutcome
from failpairs.execution.settings import ExecutionSettings
from failpairs.execution.worker import Confinement, Job, Worker, WorkerBroken, wait_for
from failpairs.labels import FLAKY, INFRA_ERROR, PASS
from failpairs.records import Problem

INFRA_TRIES = 3
READY = 64  # programs for each team that wait to be run
REMEMBERED = 20_000  # programs whose ending is known if they come again


def wall_limit(timeout: float) -> float:
    """Seconds of wall time after which a program is stopped: far more than its CPU seconds, since a
    busy machine must not turn into wrong verdicts."""
    return 4 * timeout + 5


@dataclass(frozen=True)
class ProgramOutcome:
    """What running a program showed: its label, and how each of its runs ended.

    A finished run without an ending could not be carried out; `problem` says why.
    """

    label: str
    endings: tuple[RunOutcome, ...] = ()
    problem: str | None = None


@dataclass(eq=False)
class Task:
    """A program that was submitted, and what came of it, once that is known."""

    outcome: ProgramOutcome | None = None


# The steps of a task: each names the worker of a run, and is told how that ended.
Steps = Generator[Worker, RunOutcome, ProgramOutcome]


class Team:
    """The workers that run one task after another: one for each of its runs."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.workers = workers
        self.task: Task | None = None
        self.job: Job | None = None  # of that task, or of the last one
        self.steps: Steps
        self.busy: Worker


class Executor:
    """So many teams of workers, each of which runs one program at a time."""

    def __init__(
        self, confinement: Confinement, runs: int, workers: int, modules: Sequence[str]
    ) -> None:
        """
        Args:
            runs: executions of a passing program, each with another hash seed and local time.
            workers: how many programs run at once.
            modules: of the standard library, to be imported before any program needs them.
        """
        cpus = sorted(os.sched_getaffinity(0))
        self._pending: deque[tuple[Job, Task]] = deque()
        self._known: OrderedDict[bytes, Task] = OrderedDict()
        self._teams = [
            Team(
                [Worker(confinement, run, cpus[number % len(cpus)], modules) for run in range(runs)]
            )
            for number in range(workers)
        ]

    @classmethod
    def for_problems(
        cls, problems: Sequence[Problem], settings: ExecutionSettings, tier: str, workers: int
    ) -> "Executor":
        """An executor that suits some problems.

        Args:
            tier: the sandbox, one of `sandbox.TIERS` or `none`.

        Raises:
            InputError: a package of the settings is not installed.
        """
        files = find_packages(settings.packages).files
        confinement = Confinement(tier, settings.memory_mb, settings.output_kb, files)
        return cls(confinement, settings.runs, workers, modules_for(problems, files))

    def __enter__(self) -> "Executor":
        return self

    def __exit__(self, *exception: object) -> None:
        for team in self._teams:
            for worker in team.workers:
                worker.close()

    @property
    def is_full(self) -> bool:
        """Whether enough programs wait for all teams to have work."""
        return len(self._pending) >= READY * len(self._teams)

    def submit(self, job: Job) -> Task:
        """A task that has an outcome once the program has been run, which is not done again for one
        that came before."""
        key = job.key
        if key not in self._known:
            self._known[key] = Task()
            self._pending.append((job, self._known[key]))
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return self._known[key]

    def finish(self) -> None:
        """Wait until all tasks have an outcome."""
        while self._pending or any(team.task is not None for team in self._teams):
            self.advance()

    def advance(self) -> None:
        """Begin tasks where a team is free, and wait until one of them has got a step further."""
        for team in self._teams:
            if team.task is None and self._pending:
                self._begin(team)
        working = [team for team in self._teams if team.task is not None]
        answered = wait_for([team.busy for team in working])
        for team in working:
            if team.busy in answered:
                self._go_on(team)

    def _begin(self, team: Team) -> None:
        """Give a team a task of the problem that it was at, or else that no other team is at, since
        a new problem costs some time."""
        own = team.job and team.job.check
        taken = {other.job.check.fingerprint for other in self._teams if other.job}
        same = (entry for entry in self._pending if entry[0].check is own)
        free = (entry for entry in self._pending if entry[0].check.fingerprint not in taken)
        entry = next(chain(same, free, self._pending))
        self._pending.remove(entry)
        team.job, team.task = entry
        team.steps = self._steps(team)
        self._hand_over(team, lambda: next(team.steps))

    def _go_on(self, team: Team) -> None:
        try:
            ending = team.busy.receive()
        except WorkerBroken as error:
            broken = error
            self._hand_over(team, lambda: team.steps.throw(broken))
        else:
            self._hand_over(team, lambda: team.steps.send(ending))

    def _hand_over(self, team: Team, step: Callable[[], Worker]) -> None:
        """Take the next step of a team's task, or note its outcome."""
        assert team.task is not None and team.job is not None
        try:
            team.busy = step()
        except StopIteration as done:
            team.task.outcome, team.task = done.value, None
        else:
            team.busy.send(team.job, wall_limit(team.job.timeout))

    def _steps(self, team: Team) -> Steps:
        endings: list[RunOutcome] = []
        labels: list[str] = []
        for worker in team.workers:
            try:
                endings.append((yield from self._run(worker)))
            except WorkerBroken as error:
                return ProgramOutcome(INFRA_ERROR, tuple(endings), str(error))
            labels.append(endings[-1].label)
            if labels[-1] != PASS:
                break
        return ProgramOutcome(labels[0] if len(set(labels)) == 1 else FLAKY, tuple(endings))

    def _run(self, worker: Worker) -> Generator[Worker, RunOutcome, RunOutcome]:
        """One run; what fails through no fault of the program's is tried again."""
        for _ in range(INFRA_TRIES - 1):
            with suppress(WorkerBroken):
                ending = yield worker
                if ending.label != INFRA_ERROR:
                    return ending
        return (yield worker)
