"""Snakemake's console, short enough to be read: a line when a job starts and one when it ends.

Snakemake has settings for less output, but they take away either what is running or how far it is.
What it says otherwise is in the log file that it names at the end.
"""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake.logging import ColorizingTextHandler, DefaultFormatter, get_event, logger
from snakemake_interface_logger_plugins.common import LogEvent

LAST_LINES = 20  # of the log of a job that failed
SHOWN_FAILURES = 3


def shorten(workflow: Any) -> None:
    """Let a run speak through a `Console`, unless it is a dry run, a job of a cluster, or asked to
    be verbose or quiet."""
    settings = workflow.output_settings
    if settings.dryrun or settings.verbose or settings.quiet or not workflow.is_main_process:
        return
    for handler in list(logger.handlers):
        if type(handler) is ColorizingTextHandler:
            logger.removeHandler(handler)
            logger.addHandler(Console(handler, lambda: _report(workflow)))


def _report(workflow: Any) -> str | None:
    """The path of the report, or its address in storage, if it is among what was asked for."""
    # A DAG without jobs to run is false, and still holds those that are done.
    jobs = [] if workflow.dag is None else workflow.dag.jobs
    page = next((job.output.page for job in jobs if job.rule.name == "report"), None)
    return page and str(page.storage_object.query if page.is_storage else page)


class JobFormatter(DefaultFormatter):  # type: ignore[misc]
    """A line for the start, the end and the failure of a job, and none for what lies between."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: dict[int, tuple[str, list[str]]] = {}  # job id: its name and its logs
        self.is_complete = False
        self._names: dict[int, str] = {}
        self._finished = ""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record; none is shown where it is empty."""
        event = get_event(record)
        text = str(super().format(record))
        if event == LogEvent.JOB_STARTED or text == "Select jobs to execute...":
            return ""
        if text == NOTHING_TO_BE_DONE_MSG:
            self.is_complete = True
        # The command itself is long, and stands in the log file.
        _, failed, status = text.partition("' returned non-zero exit status")
        return f"A command{failed[1:]}{status}" if failed and event == LogEvent.ERROR else text

    def format_workflow_started(self, msg: dict[str, Any]) -> str:
        return f"Snakemake {msg['snakemake_version']} on {msg['host']}"

    def format_job_info(self, msg: dict[str, Any]) -> str:
        wildcards = [f"{name}={value}" for name, value in msg["wildcards"].items() if value]
        self._names[msg["jobid"]] = name = " ".join([msg["rule_name"], *wildcards])
        return _line("started", name, _logs(msg))

    def format_job_finished(self, msg: dict[str, Any]) -> str:
        self._finished = self._names.get(msg["job_id"], "")
        self.failed.pop(msg["job_id"], None)  # it was tried again
        return ""

    def format_progress(self, msg: dict[str, Any]) -> str:
        self.is_complete = msg["done"] == msg["total"]
        return _line("finished", self._finished, f"{msg['done']} of {msg['total']}")

    def format_job_error(self, msg: dict[str, Any]) -> str:
        name = self._names.get(msg["jobid"], msg["rule_name"])
        self.failed[msg["jobid"]] = name, msg["log"]
        return _line("FAILED", name, msg["rule_msg"], _logs(msg))


def _line(what: str, name: str, *details: str | None) -> str:
    return f"{time.strftime('%H:%M:%S')} {what:8} {', '.join(filter(None, [name, *details]))}"


def _logs(msg: dict[str, Any]) -> str:
    return f"log {' '.join(msg['log'])}" if msg["log"] else ""


class Console(ColorizingTextHandler):  # type: ignore[misc]
    """Ends with where the report is or, of jobs that failed, with the last lines of their logs."""

    def __init__(self, replaced: ColorizingTextHandler, report: Callable[[], str | None]) -> None:
        """
        Args:
            replaced: the handler whose stream, filters and colours this one takes over.
            report: says where the report is, if it was asked for.
        """
        self._jobs = JobFormatter()
        super().__init__(replaced.nocolor, replaced.stream, self._jobs)
        self.filters = replaced.filters
        self._report = report
        self._is_over = False

    def emit(self, record: logging.LogRecord) -> None:
        """As Snakemake's, without an empty line before each job."""
        self.last_msg_was_job_info = True
        super().emit(record)

    def close(self) -> None:
        """Say how it ended: Snakemake closes its handlers after its last word."""
        if not self._is_over:
            self._is_over = True
            for line in self._end():
                self.stream.write(f"{line}\n")
        super().close()

    def _end(self) -> Iterator[str]:
        failed = list(self._jobs.failed.values())
        if len(failed) > SHOWN_FAILURES:
            yield f"{len(failed)} jobs failed; the first {SHOWN_FAILURES} are shown."
        for name, logs in failed[:SHOWN_FAILURES]:
            path, lines = _last_lines(logs)
            yield f"\nFailed: {name}. {f'The end of {path}:' if lines else 'It logged nothing.'}"
            yield from lines
        report = self._report()
        if report and self._jobs.is_complete:
            yield f"The report is {report}"


def _last_lines(logs: list[str]) -> tuple[str, list[str]]:
    """The last lines of the first log that has any: a job's own comes before those of a cluster."""
    for path in logs:
        if Path(path).is_file():
            lines = Path(path).read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
            if lines:
                return path, lines[-LAST_LINES:]
    return "", []
