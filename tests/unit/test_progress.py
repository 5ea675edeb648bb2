import logging

import pytest
from failpairs.progress import Progress, pace

NEVER = 1e9


@pytest.fixture(autouse=True)
def _log_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="failpairs.progress")


def test_the_work_is_announced_and_then_nothing_said_for_the_interval(
    caplog: pytest.LogCaptureFixture,
) -> None:
    progress = Progress("steps", 3, interval=NEVER)
    progress.update(1)
    progress.update(2)
    assert caplog.messages == ["steps: 0/3"]


def test_the_end_is_always_said_with_the_count(caplog: pytest.LogCaptureFixture) -> None:
    Progress("steps", 3, interval=NEVER).update(3)
    _, line = caplog.messages
    assert line.startswith("steps: 3/3, ")
    assert "left" not in line


def test_a_line_has_count_rate_extra_and_time_left(caplog: pytest.LogCaptureFixture) -> None:
    Progress("steps", 3, interval=0).update(1, "loss 0.5")
    _, line = caplog.messages
    count, rate, extra, left = line.split(", ")
    assert (count, extra) == ("steps: 1/3", "loss 0.5")
    assert rate.endswith("/s")
    assert left.endswith(" s left")


def test_no_end_is_promised_while_nothing_is_done(caplog: pytest.LogCaptureFixture) -> None:
    Progress("steps", 3, interval=0).update(0)
    assert ", 0 s left" not in caplog.text


def test_no_work_at_all_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    Progress("steps", 0).update(0)
    assert caplog.messages[0].startswith("steps: 0/0")


@pytest.mark.parametrize(
    ("rate", "text"), [(12.34, "12.3/s"), (0.1, "0.1/s"), (0.05, "3.0/min"), (0.0, "0.0/min")]
)
def test_slow_work_is_told_by_the_minute(rate: float, text: str) -> None:
    assert pace(rate) == text
