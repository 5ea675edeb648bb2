"""Why the jobs of a run failed, in one line for each reason."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from failpairs.workflow.run_progress import first

ADVICE = (
    "failpairs: the same command goes on from what is done; docs/troubleshooting.md says what to "
    "do about such messages"
)


@dataclass(frozen=True)
class Failure:
    """A job that failed; its log and the reason are empty where nobody knows them."""

    job: str
    log: str
    reason: str


def failure_lines(failures: Iterable[Failure]) -> list[str]:
    """One line for each reason, however many jobs failed for it, and what to do, unless all reasons
    say so themselves.

    Reasons that differ in nothing but numbers are one reason, with the numbers of the first job.

    Example:
        >>> failure_lines([Failure("train/seed0", "logs/train/seed0.log", "disk full: run again")])
        ['failpairs: train/seed0 failed: disk full: run again (logs/train/seed0.log)']
    """
    alike: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        alike[re.sub(r"\d+", "0", failure.reason)].append(failure)
    lines = [_line(group) for group in alike.values()]
    says_so = all(re.search(r"\bagain\b", reason) for reason in alike)
    return lines if says_so else [*lines, ADVICE]


def _line(alike: list[Failure]) -> str:
    names = ", ".join(first([failure.job for failure in alike]))
    who = f"{len(alike)} jobs ({names})" if len(alike) > 1 else names
    failure = alike[0]
    reason = f": {failure.reason}" if failure.reason else "; its log tells no reason"
    where = f" ({failure.log})" if failure.log else ""
    return f"failpairs: {who} failed{reason}{where}"
