"""Tells on the console how far a run is, and at its end why jobs failed.

It is a handler of Snakemake's log, as Snakemake's plugins for logging are, and reads the events
that are promised to these. So nothing has to be installed, and it ends with the log. Nothing that
goes wrong here makes a run fail.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from threading import Event, Thread
from typing import Any

from failpairs.errors import InputError
from failpairs.report.timings import read_timings
from failpairs.workflow.job_failures import Failure, failure_lines
from failpairs.workflow.job_logs import JobProgress, last_progress, read_end, reason_of
from failpairs.workflow.run_progress import Job, Run, status_line

INTERVAL = 60.0  # seconds between two lines while no job ends
LONG = 60  # minutes; a job whose rule allows it more may be long


class RunWatcher(logging.Handler):
    """Follows the jobs of a run in Snakemake's log, and writes what it says of them there too."""

    def __init__(self, log: logging.Logger) -> None:
        super().__init__()
        self._log = log
        self._run = Run({}, {}, time.time())
        self._tells_progress = False
        self._is_broken = False
        self._ended = Event()

    def watch(self, workflow: Any) -> None:
        """Begin, once Snakemake has planned the jobs of `workflow` and before the first one."""
        self._safely(lambda: self._begin(workflow))

    def emit(self, record: logging.LogRecord) -> None:
        """Take in what became of a job."""
        self._safely(lambda: self._take(record))

    def tell_failures(self) -> None:
        """Say why jobs failed, and what to do."""
        self._safely(self._tell_failures)

    def close(self) -> None:
        """End, as Snakemake's log does."""
        self._ended.set()
        super().close()

    def _begin(self, workflow: Any) -> None:
        if workflow.touch:
            return
        self._run = planned_run(workflow.dag, time.time())
        self._log.addHandler(self)
        self._tells_progress = wants_progress(workflow)
        if self._tells_progress:
            Thread(target=self._tell_now_and_then, daemon=True).start()

    def _take(self, record: logging.LogRecord) -> None:
        match getattr(record, "event", None):
            case "job_info":
                self._run.start(vars(record)["jobid"], record.created)
            case "job_finished":
                self._run.finish(vars(record)["job_id"], record.created)
                self._tell_progress()
            case "job_error":
                self._run.fail(vars(record)["jobid"], record.created)
                self._tell_progress()

    def _tell_now_and_then(self) -> None:
        while not self._ended.wait(INTERVAL):
            self.acquire()  # as Snakemake does before it calls emit()
            try:
                self._safely(self._tell_progress)
            finally:
                self.release()

    def _tell_progress(self) -> None:
        if not self._tells_progress:
            return
        now = time.time()
        found = {
            number: read_progress(self._run.jobs[number], since, now)
            for number, since in self._run.running.items()
        }
        progress = {number: each for number, each in found.items() if each}
        self._log.info(status_line(self._run, now, progress))

    def _tell_failures(self) -> None:
        failed = self._run.failed.items()
        failures = [failure_of(self._run.jobs[number], since) for number, since in failed]
        for line in failure_lines(failures):
            self._log.error(line)

    def _safely(self, work: Callable[[], None]) -> None:
        """Do some work; after an exception, warn once and do nothing any more."""
        if self._is_broken:
            return
        try:
            work()
        except Exception as error:
            self._is_broken = True
            with suppress(Exception):
                self._log.warning(f"failpairs: progress and failures are not told: {error!r}")


def wants_progress(workflow: Any) -> bool:
    """Whether progress is told: the logs can be read before jobs end, which object storage does not
    allow, and Snakemake is not to be quiet about it."""
    quiet = {each.name for each in workflow.output_settings.quiet or ()}
    return not (workflow.storage_settings.default_storage_provider or quiet & {"PROGRESS", "ALL"})


def planned_run(dag: Any, now: float) -> Run:
    """The jobs that Snakemake has planned, and what jobs of their rules took in earlier runs."""
    jobs = {job.jobid: _job(job, dag.dependencies[job]) for job in dag.needrun_jobs()}
    benchmarks = defaultdict(list)
    for job in dag.jobs:
        if job.benchmark:
            benchmarks[job.rule.name].append(Path(job.benchmark))
    means = {rule: mean_seconds(paths) for rule, paths in benchmarks.items()}
    return Run(jobs, {rule: mean for rule, mean in means.items() if mean is not None}, now)


def _job(job: Any, needs: Iterable[Any]) -> Job:
    log = Path(job.log[0]) if job.log else None
    return Job(
        rule=job.rule.name,
        name=log.with_suffix("").as_posix().rpartition("logs/")[2] if log else job.rule.name,
        log=log,
        needs=frozenset(each.jobid for each in needs),
        may_be_long=job.resources.get("runtime", 0) > LONG,
    )


def mean_seconds(benchmarks: Iterable[Path]) -> float | None:
    """What the jobs of some benchmark files took on average; None where no file tells it."""
    found = []
    for path in benchmarks:
        with suppress(InputError):  # one that a killed Snakemake wrote
            found += [each.seconds for each in read_timings([path]) if each.seconds is not None]
    return fmean(found) if found else None


def read_progress(job: Job, since: float, now: float) -> JobProgress | None:
    """What a job that began at `since` says of its progress, with the time that is left now."""
    text, written = read_end(job.log, since) if job.log else ("", now)
    progress = last_progress(text)
    if progress is None or progress.seconds_left is None:
        return progress
    return replace(progress, seconds_left=max(0.0, progress.seconds_left - (now - written)))


def failure_of(job: Job, since: float) -> Failure:
    """A job that began at `since` and failed, with the reason that its log tells."""
    text, _ = read_end(job.log, since) if job.log else ("", since)
    return Failure(job.name, str(job.log or ""), reason_of(text))
