"""How far a run is, and how long it still takes by what its jobs took and say of themselves."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from failpairs.workflow.job_logs import JobProgress

# From this share of its work on, a job's own estimate counts where nothing else is known. Sampling
# begins many samples together, so that the first of them come late.
TELLING_SHARE = 0.05


@dataclass(frozen=True)
class Job:
    """A job that is planned.

    Attributes:
        name: where its log lies among the logs, such as train/seed0; its rule where it has none.
        needs: the numbers of the jobs that must have succeeded before.
        may_be_long: whether a time left without its time would be no more than a lower bound.
    """

    rule: str
    name: str
    log: Path | None
    needs: frozenset[int]
    may_be_long: bool


@dataclass
class Run:
    """What became of planned jobs, by their numbers. Times are in seconds, of one clock.

    Attributes:
        usual: what a job of a rule took in earlier runs, on average.
        running: when a job began.
        failed: the same, of jobs that have failed.
        lost: what all failures took.
    """

    jobs: Mapping[int, Job]
    usual: Mapping[str, float]
    began: float
    running: dict[int, float] = field(default_factory=dict)
    took: dict[int, float] = field(default_factory=dict)
    failed: dict[int, float] = field(default_factory=dict)
    lost: float = 0.0

    def start(self, number: int, now: float) -> None:
        """A job begins, maybe once more."""
        self.failed.pop(number, None)
        self.running[number] = now

    def finish(self, number: int, now: float) -> None:
        """A job has succeeded."""
        self.took[number] = now - self.running.pop(number, now)

    def fail(self, number: int, now: float) -> None:
        """A job has failed."""
        self.failed[number] = self.running.pop(number, now)
        self.lost += now - self.failed[number]

    def stuck(self) -> set[int]:
        """The jobs that cannot run, since a job that they need has failed."""
        without = set(self.failed)
        while more := {n for n in self.jobs.keys() - without if self.jobs[n].needs & without}:
            without |= more
        return without - self.failed.keys()


@dataclass(frozen=True)
class TimeLeft:
    """Seconds until a run ends; it takes longer if nobody knows what some of its jobs take."""

    seconds: float
    is_lower_bound: bool


def time_left(run: Run, now: float, progress: Mapping[int, JobProgress]) -> TimeLeft:
    """The time until the last job ends, if as many jobs run at once as did on average so far.

    What a job of a rule takes is known from those that have ended in this run, else from one that
    runs and says how far it is, else from earlier runs.

    Args:
        progress: of running jobs, with the seconds that are left to them now.
    """
    ended = _mean_by_rule(run, run.took)
    running = _left_to_running(run, now, progress, {**run.usual, **ended})
    will_take = {number: now - run.running[number] + left for number, left in running.items()}
    usual = {**run.usual, **_mean_by_rule(run, will_take), **ended}
    waiting = run.jobs.keys() - {*run.running, *run.took, *run.failed, *run.stuck()}
    left = [usual.get(run.jobs[number].rule, 0.0) for number in waiting]
    unknown = {number for number in waiting if run.jobs[number].rule not in usual}
    unknown |= run.running.keys() - running.keys()
    return TimeLeft(
        seconds=max([0.0, *running.values(), sum([*running.values(), *left]) / _at_once(run, now)]),
        is_lower_bound=any(run.jobs[number].may_be_long for number in unknown),
    )


def _left_to_running(
    run: Run, now: float, progress: Mapping[int, JobProgress], usual: Mapping[str, float]
) -> dict[int, float]:
    """The seconds that are left to each running job of which they are known."""
    found = {
        number: seconds_left(now - since, usual.get(run.jobs[number].rule), progress.get(number))
        for number, since in run.running.items()
    }
    return {number: seconds for number, seconds in found.items() if seconds is not None}


def seconds_left(
    elapsed: float, expected: float | None, progress: JobProgress | None
) -> float | None:
    """What a running job still takes: by what jobs of its rule take, and the more of its work is
    done, the more by its own estimate. None where neither is known.

    Example:
        >>> seconds_left(60, 100, JobProgress(done=5, total=10, rate="0.1/s", seconds_left=60))
        50.0
    """
    by_others = None if expected is None else max(0.0, expected - elapsed)
    if progress is None or progress.seconds_left is None:
        return by_others
    share = progress.done / progress.total if progress.total else 1.0
    if by_others is None:
        return progress.seconds_left if share >= TELLING_SHARE else None
    return share * progress.seconds_left + (1 - share) * by_others


def _mean_by_rule(run: Run, took: Mapping[int, float]) -> dict[str, float]:
    """What jobs take, given for each of them, as a mean for each rule."""
    found = defaultdict(list)
    for number, seconds in took.items():
        found[run.jobs[number].rule].append(seconds)
    return {rule: fmean(seconds) for rule, seconds in found.items()}


def _at_once(run: Run, now: float) -> float:
    """How many jobs ran at once so far, on average; at least one."""
    busy = run.lost + sum(run.took.values()) + sum(now - since for since in run.running.values())
    return max(1.0, busy / (now - run.began)) if now > run.began else 1.0


def status_line(run: Run, now: float, progress: Mapping[int, JobProgress]) -> str:
    """One line on a run: the jobs that are done, that failed and that run, and the time left."""
    stuck = len(run.stuck())
    parts = [f"failpairs: {len(run.took)} of {len(run.jobs)} jobs"]
    parts += [f"{len(run.failed)} failed"] if run.failed else []
    parts += [f"{stuck} cannot run"] if stuck else []
    parts += first([_running(run.jobs[number], progress.get(number)) for number in run.running])
    line = ", ".join(parts)
    is_over = len(run.took) + len(run.failed) + stuck == len(run.jobs)
    return line if is_over else f"{line}; {_told(time_left(run, now, progress))}"


def _running(job: Job, progress: JobProgress | None) -> str:
    if progress is None:
        return job.name
    rate = f" ({progress.rate})" if progress.rate else ""
    return f"{job.name} {progress.done}/{progress.total}{rate}"


def _told(left: TimeLeft) -> str:
    if left.seconds < 60:
        return "time left unknown" if left.is_lower_bound else "less than 1 min left"
    bound = "at least" if left.is_lower_bound else "about"
    minutes = round(left.seconds / 60)
    return f"{bound} {f'{minutes} min' if minutes < 100 else f'{minutes / 60:.1f} h'} left"


def first(names: list[str], most: int = 3) -> list[str]:
    """The first of some names, and how many more there are.

    Example:
        >>> first(["a", "b", "c", "d", "e"])
        ['a', 'b', 'c', '2 more']
    """
    more = len(names) - most
    return names if more <= 0 else [*names[:most], f"{more} more"]
