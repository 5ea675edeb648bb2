"""Runs programs, each as often as it takes to know how it ends, on several workers at once."""

import os
import resource
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from failpairs.execution.packages import find_packages
from failpairs.execution.preloading import modules_for
from failpairs.execution.run_outcome import RunOutcome
from failpairs.execution.settings import ExecutionSettings
from failpairs.execution.worker import Confinement, Job, Worker, WorkerBroken, wait_for
from failpairs.labels import FLAKY, INFRA_ERROR, PASS
from failpairs.records import Problem

INFRA_TRIES = 3
READY = 2048  # programs that wait, so that those of a problem can be run one after another
BUSY = 2  # processes that want a processor, for each processor, on a machine that is busy
PATIENCE = 10  # times the wall time, for a program that a busy machine may have kept waiting
REMEMBERED = 20_000  # programs whose ending is known if they come again


def wall_limit(timeout: float) -> float:
    """Seconds of wall time after which a program is stopped: far more than its CPU seconds, since a
    busy machine must not turn into wrong verdicts."""
    return 4 * timeout + 5


def is_busy() -> bool:
    """Whether programs may wait long for a processor here."""
    return os.getloadavg()[0] > BUSY * len(os.sched_getaffinity(0))


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
    """A program that was submitted, and what came of it, once that is known.

    Attributes:
        endings: how its runs ended so far.
        tries: how often its next run failed through no fault of the program's.
        patience: times the usual wall time that its next run has.
    """

    outcome: ProgramOutcome | None = None
    job: Job | None = None
    endings: list[RunOutcome] = field(default_factory=list)
    tries: int = 0
    patience: int = 1


class Team:
    """A worker for each run of a program, of which one works at a time.

    Attributes:
        problem: the fingerprint of the problem that it is at.
        run: the number of the worker that works, or worked last.
    """

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.workers = workers
        self.task: Task | None = None
        self.problem = ""
        self.run = 0

    @property
    def worker(self) -> Worker:
        return self.workers[self.run]


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
        first = os.getpid() * workers  # not where other executors of this machine have theirs
        # Each worker keeps four files open.
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self._runs = runs
        self._pending: dict[str, list[deque[Task]]] = {}  # by problem, and by the number of the run
        self._n_pending = 0
        self._known: OrderedDict[bytes, Task] = OrderedDict()
        self._teams = [
            Team(
                [Worker(confinement, run, cpus[number % len(cpus)], modules) for run in range(runs)]
            )
            for number in range(first, first + workers)
        ]

    @classmethod
    def for_problems(
        cls, problems: Sequence[Problem], settings: ExecutionSettings, tier: str, workers: int
    ) -> "Executor":
        """An executor that suits some problems.

        Args:
            tier: the sandbox, one of `layers.TIERS` or `none`.

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
        return self._n_pending >= READY

    def submit(self, job: Job) -> Task:
        """A task that has an outcome once the program has been run, which is not done again for one
        that came before."""
        key = job.key
        if key not in self._known:
            self._known[key] = Task(job=job)
            self._queue(self._known[key])
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return self._known[key]

    def _queue(self, task: Task) -> None:
        """Have a task wait for its next run."""
        assert task.job is not None
        queues = self._pending.setdefault(
            task.job.check.fingerprint, [deque() for _ in range(self._runs)]
        )
        queues[len(task.endings)].append(task)
        self._n_pending += 1

    def finish(self) -> None:
        """Wait until all tasks have an outcome."""
        while self._pending or any(team.task is not None for team in self._teams):
            self.advance()

    def advance(self) -> None:
        """Begin runs where a team is free, and wait until one of them has ended."""
        for team in self._teams:
            if team.task is None and self._pending:
                self._begin(team)
        working = [team for team in self._teams if team.task is not None]
        answered = wait_for([team.worker for team in working])
        for team in working:
            if team.worker in answered:
                self._end(team)

    def _begin(self, team: Team) -> None:
        """Give a team a run like its last one: of the same problem, since another costs some time,
        and with the same number, since a process that has just worked is faster.

        Of other problems those come first whose programs may take longest, so that none of these is
        left alone at the end, and among them those that no other team is at.
        """
        if team.problem not in self._pending:
            taken = {other.problem for other in self._teams if other.task is not None}
            free = [problem for problem in self._pending if problem not in taken]
            team.problem = max(free or self._pending, key=self._timeout)
        queues = self._pending[team.problem]
        if not queues[team.run]:
            team.run = next(run for run, queue in enumerate(queues) if queue)
        team.task = queues[team.run].popleft()
        self._n_pending -= 1
        if not any(queues):
            del self._pending[team.problem]
        job = team.task.job
        assert job is not None
        team.worker.send(job, team.task.patience * wall_limit(job.timeout))

    def _timeout(self, problem: str) -> float:
        task = next(task for queue in self._pending[problem] for task in queue)
        return task.job.timeout if task.job else 0.0

    def _end(self, team: Team) -> None:
        """Note how the run of a team ended; its task waits for another one, or has its outcome.

        What fails through no fault of the program's is tried again, and so is, with more patience,
        what the wall clock has stopped on a busy machine.
        """
        task, team.task = team.task, None
        assert task is not None
        try:
            ending = team.worker.receive()
        except WorkerBroken as error:
            ending, problem = None, str(error)
        has_failed = ending is None or ending.label == INFRA_ERROR
        if has_failed and task.tries < INFRA_TRIES - 1:
            task.tries += 1
            self._queue(task)
            return
        task.tries = 0
        if ending is not None and ending.stopped == "wall" and task.patience == 1 and is_busy():
            task.patience = PATIENCE
            self._queue(task)
            return
        if ending is None:
            self._finish(task, INFRA_ERROR, problem)
            return
        task.endings.append(ending)
        if ending.label == INFRA_ERROR:
            self._finish(task, INFRA_ERROR)
            return
        passes = ending.label == PASS or ending.is_fragile
        if passes and len(task.endings) < self._runs:
            self._queue(task)
            return
        # Only the first run has additional tests; if it fails them, the others need not.
        first = task.endings[0]
        wanted = PASS if first.is_fragile else first.label
        agree = all(run.label == wanted or run.is_fragile for run in task.endings)
        self._finish(task, first.label if agree else FLAKY)

    def _finish(self, task: Task, label: str, problem: str | None = None) -> None:
        task.outcome = ProgramOutcome(label, tuple(task.endings), problem)
        task.job = None
        task.endings = []
