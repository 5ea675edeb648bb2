"""What the log of a job tells: how far the job is, and why it failed."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

END = 16_384  # bytes at the end of a log that are read
CLOCK_SKEW = 1.0  # seconds by which the clock of a file system may be behind
# As failpairs/progress.py writes them.
PROGRESS = re.compile(r"[\w ]+: (\d+)/(\d+)(?:, (\d+\.\d/(?:s|min))(?:, .*)?)?")
SECONDS_LEFT = re.compile(r", (\d+) s left$")
# Of programs, and of argparse, which puts the name of the program before.
ERROR = re.compile(r"(?:\S+: )?error: (.*)")
TRACEBACK = "Traceback (most recent call last):"


@dataclass(frozen=True)
class JobProgress:
    """A line of progress: `done` of `total`, the rate as it stands there, empty in the first line,
    and the seconds that were left when the line was written, None where the job could not tell."""

    done: int
    total: int
    rate: str
    seconds_left: float | None


def read_end(log: Path, since: float) -> tuple[str, float]:
    """The last lines of a log, and when it was last written to.

    Args:
        since: when its job began (seconds since the epoch). A log that is older belongs to an
            earlier attempt, and counts as empty, as one does that cannot be read from here.
    """
    try:
        with log.open("rb") as file:
            found = os.fstat(file.fileno())
            file.seek(max(0, found.st_size - END))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return "", since
    return text if found.st_mtime >= since - CLOCK_SKEW else "", found.st_mtime


def last_progress(text: str) -> JobProgress | None:
    """The last line of progress in a log, if there is one.

    Example:
        >>> last_progress("model: float32 on the CPU\\nsampled problems: 3/12, 0.5/s, 18 s left\\n")
        JobProgress(done=3, total=12, rate='0.5/s', seconds_left=18.0)
    """
    for line in reversed(text.splitlines()):
        if found := PROGRESS.fullmatch(line):
            done, total = int(found[1]), int(found[2])
            left = SECONDS_LEFT.search(line)
            is_done = done >= total
            seconds = 0.0 if is_done else float(left[1]) if left else None
            return JobProgress(done, total, found[3] or "", seconds)
    return None


def reason_of(text: str) -> str:
    """Why a job failed, in one line of printable characters: its last error, or the exception of
    its last traceback, or else the last line of its log. Empty where the log is.

    Example:
        >>> reason_of("reading model.gguf\\nerror: the disk is full: free some space\\n")
        'the disk is full: free some space'
    """
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [found[1] for line in lines if (found := ERROR.fullmatch(line))]
    if errors:
        return _printable(errors[-1])
    if exception := _last_exception(lines):
        return _printable(exception)
    if not lines:
        return ""
    return f"it told no error, as when it is killed; its log ends with: {_printable(lines[-1])}"


def _last_exception(lines: list[str]) -> str:
    if TRACEBACK not in lines:
        return ""
    begin = len(lines) - lines[::-1].index(TRACEBACK)
    return next((line for line in lines[begin:] if not line.startswith(" ")), "")


def _printable(line: str) -> str:
    """A line without what would move the cursor of a terminal or colour it."""
    return "".join(c if c.isprintable() else "�" for c in " ".join(line.split()))
