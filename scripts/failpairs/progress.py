"""Progress of long work as plain lines: a count, a rate and an estimate of the time left."""

import logging
import time

log = logging.getLogger(__name__)


class Progress:
    """Logs a line at once, at most one every `interval` seconds, and one at the end."""

    def __init__(self, what: str, total: int, interval: float = 15.0, before: int = 0) -> None:
        """`before` of the total were done already, and do not count for the rate."""
        self._what = what
        self._total = total
        self._interval = interval
        self._before = before
        self._start = self._last = time.monotonic()
        if before < total:
            log.info("%s: %d/%d", what, before, total)

    def update(self, done: int, extra: str = "") -> None:
        """Say that `done` of the total are done; `extra` is shown as it is."""
        now = time.monotonic()
        if done < self._total and now - self._last < self._interval:
            return
        self._last = now
        elapsed = now - self._start
        rate = (done - self._before) / elapsed if elapsed > 0 else 0.0
        parts = [f"{self._what}: {done}/{self._total}", pace(rate), extra]
        if done >= self._total:
            parts.append(f"{elapsed:.0f} s")
        elif rate > 0:
            parts.append(f"{(self._total - done) / rate:.0f} s left")
        log.info(", ".join(part for part in parts if part))


def pace(rate: float) -> str:
    """A rate in words.

    Args:
        rate: per second.

    Example:
        >>> pace(2.34), pace(0.02)
        ('2.3/s', '1.2/min')
    """
    return f"{rate:.1f}/s" if rate >= 0.1 else f"{60 * rate:.1f}/min"
