import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from failpairs.workflow.snakemake_console import Console
from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake.logging import ColorizingTextHandler, DefaultFilter, DefaultFormatter
from snakemake_interface_logger_plugins.common import LogEvent


class Run:
    """A console, and Snakemake's events as a run of some jobs would cause them."""

    def __init__(self, report: str | None) -> None:
        self.stream = io.StringIO()
        quiet = DefaultFilter(set(), False, False, False, False)
        usual = ColorizingTextHandler(True, self.stream, DefaultFormatter(), quiet)
        self.console = Console(usual, lambda: report)

    def log(self, event: LogEvent | None, message: str | None = None, **fields: Any) -> None:
        level = logging.ERROR if event in {LogEvent.JOB_ERROR, LogEvent.ERROR} else logging.INFO
        record = logging.makeLogRecord({"msg": message, "levelno": level, **fields})
        record.event = event
        self.console.handle(record)

    def start(self, jobid: int, log: str = "some.log", **wildcards: str) -> None:
        job = {"jobid": jobid, "rule_name": "train", "log": [log], "wildcards": wildcards}
        self.log(LogEvent.JOB_INFO, **job, rule_msg=None)

    def finish(self, jobid: int, done: int, total: int) -> None:
        self.log(LogEvent.JOB_FINISHED, f"Finished jobid: {jobid}", job_id=jobid)
        self.log(LogEvent.PROGRESS, done=done, total=total)

    def fail(self, jobid: int, *logs: Path | str) -> None:
        error = {"jobid": jobid, "rule_name": "train", "log": [*map(str, logs)], "rule_msg": None}
        self.log(LogEvent.JOB_ERROR, **error)

    def end(self) -> list[str]:
        self.console.close()
        return self.stream.getvalue().splitlines()


@pytest.fixture
def run() -> Iterator[Run]:
    run = Run("results/report.html")
    yield run
    run.console.close()


def without_times(lines: list[str]) -> list[str]:
    return [line[9:] if line[2:3] == ":" else line for line in lines]


def test_a_job_takes_a_line_at_its_start_and_one_at_its_end(run: Run) -> None:
    run.log(None, "Select jobs to execute...")
    run.log(LogEvent.JOB_STARTED, "Execute 1 jobs...")
    run.start(7, arm="", seed="0")
    run.finish(7, 1, 2)
    assert without_times(run.end()) == [
        "started  train seed=0, log some.log",
        "finished train seed=0, 1 of 2",
    ]


@pytest.mark.parametrize("done", [2, 1])
def test_the_report_is_named_when_all_is_done(run: Run, done: int) -> None:
    run.start(7)
    run.finish(7, done, 2)
    assert (run.end()[-1] == "The report is results/report.html") == (done == 2)


def test_the_report_is_named_where_nothing_was_to_do(run: Run) -> None:
    run.log(None, NOTHING_TO_BE_DONE_MSG)
    assert run.end()[-1] == "The report is results/report.html"


def test_what_was_not_asked_for_is_not_named() -> None:
    run = Run(None)
    run.log(None, NOTHING_TO_BE_DONE_MSG)
    assert run.end() == [NOTHING_TO_BE_DONE_MSG]


def test_a_run_that_never_began_ends_with_its_error(run: Run) -> None:
    run.log(LogEvent.ERROR, "LockException:\nDirectory cannot be locked.")
    assert run.end()[-1] == "Directory cannot be locked."


def test_a_failure_ends_with_the_last_lines_of_the_log(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "train.log"
    log.write_text("".join(f"line {i}\n" for i in range(1000)), encoding="utf-8")
    run.start(7, seed="0")
    run.fail(7, log)
    lines = run.end()
    assert lines[-21] == f"Failed: train seed=0. The end of {log}:"
    assert lines[-20:] == [f"line {i}" for i in range(980, 1000)]


def test_the_command_that_failed_is_not_repeated(run: Run) -> None:
    run.log(
        LogEvent.ERROR,
        'RuleException:\nCalledProcessError in file "rules/train.smk", line 61:\n'
        "Command 'set -euo pipefail; python 'a b' 2> log' returned non-zero exit status 137.",
        exception="RuleException",
    )
    assert run.end() == ["A command returned non-zero exit status 137."]


def test_a_cluster_log_is_shown_where_the_job_logged_nothing(run: Run, tmp_path: Path) -> None:
    empty, cluster = tmp_path / "train.log", tmp_path / "slurm.log"
    empty.touch()
    cluster.write_text("slurmstepd: error: *** CANCELLED ***\n", encoding="utf-8")
    run.start(7)
    run.fail(7, tmp_path / "missing.log", empty, cluster)
    assert run.end()[-1] == "slurmstepd: error: *** CANCELLED ***"


def test_a_job_that_logged_nothing_says_so(run: Run) -> None:
    run.start(7)
    run.fail(7)
    assert run.end()[-1] == "Failed: train. It logged nothing."


def test_a_job_that_was_tried_again_has_not_failed(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "train.log"
    log.write_text("first attempt\n", encoding="utf-8")
    run.start(7)
    run.fail(7, log)
    run.start(7)
    run.finish(7, 1, 1)
    lines = run.end()
    assert "first attempt" not in lines
    assert lines[-1] == "The report is results/report.html"


def test_of_many_failures_only_some_are_shown_in_full(run: Run) -> None:
    for jobid in range(50):
        run.start(jobid, seed=str(jobid))
        run.fail(jobid)
    lines = run.end()
    assert "50 jobs failed; the first 3 are shown." in lines
    assert sum(line.startswith("Failed: ") for line in lines) == 3


def test_the_end_is_said_once(run: Run) -> None:
    run.log(None, NOTHING_TO_BE_DONE_MSG)
    assert run.end() == run.end()
