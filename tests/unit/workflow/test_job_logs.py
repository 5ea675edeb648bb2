import logging
import os
from pathlib import Path

import pytest
from failpairs.progress import Progress
from failpairs.workflow.job_logs import JobProgress, last_progress, read_end, reason_of

TRACEBACK = """
Traceback (most recent call last):
  File "train.py", line 1, in <module>
ValueError: the first one

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "train.py", line 9, in <module>
    main()
KeyError: 'gone'
"""


def test_the_lines_that_programs_write_are_read(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="failpairs.progress")
    progress = Progress("executed samples", 8, interval=0)
    for done in (2, 8):
        progress.update(done, "loss 0.5")
    read = [last_progress(line) for line in caplog.messages]
    assert [(each.done, each.total) for each in read if each] == [(0, 8), (2, 8), (8, 8)]
    none, some, zero = [each.seconds_left for each in read if each]
    assert none is None
    assert some is not None
    assert zero == 0


def test_the_last_line_of_progress_counts() -> None:
    log = (
        "model: float32 on the CPU\n"
        "sampled problems: 1/106, 0.0/s, 1 tokens/s, 2565 s left\n"
        "sampled problems: 53/106, 1.3/s, 46 tokens/s, 40 s left\n"
        "memory ran out: going on with 4 sequences at once\n"
    )
    assert last_progress(log) == JobProgress(53, 106, "1.3/s", 40)
    assert last_progress("leased GPU-1\n12/24, 0.5/s\n") is None
    assert last_progress("") is None


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("a: 1/2, 0.1/s\nerror: a.jsonl:3: not valid JSON\n", "a.jsonl:3: not valid JSON"),
        ("error: the first one\nerror: the last one\n", "the last one"),
        (
            "usage: train.py [-h]\ntrain.py: error: argument --seed: invalid int value: 'x'\n",
            "argument --seed: invalid int value: 'x'",
        ),
        (TRACEBACK, "KeyError: 'gone'"),
        (f"{TRACEBACK}error: interrupted\n", "interrupted"),
        (
            "bash: line 1: python: command not found\n\n",
            "it told no error, as when it is killed; its log ends with: "
            "bash: line 1: python: command not found",
        ),
        ("error: \x1b[31mred\x07\n", "�[31mred�"),
        ("", ""),
    ],
)
def test_the_reason_of_a_failure_is_one_line(log: str, reason: str) -> None:
    assert reason_of(log) == reason


def test_the_log_of_an_earlier_attempt_tells_nothing(tmp_path: Path) -> None:
    log = tmp_path / "train.log"
    log.write_text("error: what once went wrong\n", encoding="utf-8")
    os.utime(log, (1000, 1000))
    assert read_end(log, since=900) == ("error: what once went wrong\n", 1000)
    assert read_end(log, since=1100)[0] == ""
    assert read_end(tmp_path / "none.log", since=900) == ("", 900)


def test_of_a_long_log_the_end_is_read(tmp_path: Path) -> None:
    log = tmp_path / "train.log"
    log.write_text("ü" * 100_000 + "\nerror: full\n", encoding="utf-8")
    text, _ = read_end(log, since=0)
    assert len(text) < 20_000
    assert reason_of(text) == "full"
