"""How one run of a program ended, and the label that it earns by that."""

import os
import signal
from dataclasses import dataclass
from typing import Any

from failpairs.labels import Label, exception_label

CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)


@dataclass(frozen=True)
class RunOutcome:
    """How a job ended.

    Attributes:
        report: what the judge said, or None if it ended before that.
        judge_status: wait status of the judge, or None if it lives on.
        status: wait status of the candidate, or None if none was needed.
        stopped: the limit that was reached: `cpu`, `wall` or None.
        output_full: whether the candidate printed as much as it may.
        cpu_s: CPU seconds of the candidate.
        longest_cpu_s: of a script, those of the input that took longest.
        wall_s: seconds from start to end.
        max_rss_mb: MiB of memory that the candidate had at its peak.
    """

    report: dict[str, Any] | None
    judge_status: int | None
    status: int | None
    stopped: str | None
    output_full: bool
    cpu_s: float
    longest_cpu_s: float
    wall_s: float
    max_rss_mb: float

    @property
    def is_fragile(self) -> bool:
        """Whether the program passed the test, and failed additional ones."""
        return bool(self.report and self.report.get("fragile"))

    @property
    def label(self) -> Label:
        """The label that this one run earns; see `labels.py`."""
        report, status = self.report, self.judge_status or 0
        if self.output_full or (report and report.get("too_large")):
            return Label.OUTPUT_LIMIT
        if self.stopped:
            return Label.TIMEOUT
        if report is None:
            # Nothing that we do makes the judge crash; a text or an answer that kills Python does.
            crashed = os.WIFSIGNALED(status) and os.WTERMSIG(status) in CRASHES
            return Label.CRASH if crashed else Label.INFRA_ERROR
        if report.get("died"):
            return _label_of_death(self.status or 0)
        if report["label"]:
            return Label[report["label"]]
        if "AssertionError" in report["ancestry"] and report["raised_in"] == "test":
            return Label.ASSERTION_FAIL
        return exception_label(report["ancestry"])


def _label_of_death(status: int) -> Label:
    """The label of a process that ended without an answer."""
    if not os.WIFSIGNALED(status):
        return Label.EXIT
    return Label.FORBIDDEN if os.WTERMSIG(status) == signal.SIGSYS else Label.CRASH
