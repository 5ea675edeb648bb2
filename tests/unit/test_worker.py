import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import a_problem
from failpairs.canaries import find_tier
from failpairs.checks import compile_check
from failpairs.worker import Broken, Confinement, Worker, encode_job

CHECK = compile_check(a_problem())
OTHER = compile_check(a_problem(test="def check(candidate):\n    assert candidate(1) == 1\n"))
CPU = min(os.sched_getaffinity(0))


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker(Confinement(find_tier(), 256, 64), run=0, cpu=CPU, modules=[])
    yield worker
    worker.close()


def judge(worker: Worker, body: str, cpu_s: float = 5, wall_s: float = 20) -> str | None:
    program = f"def double(n):\n    {body}\n"
    report = worker.judge(encode_job(program, "double", CHECK), cpu_s, wall_s).report
    return None if report is None else report["label"]


def children() -> set[int]:
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(map(int, path.read_text("utf-8").split()))


def test_one_job_after_another_of_one_problem_or_of_several(worker: Worker) -> None:
    for check, factor, label in [(CHECK, 2, "PASS"), (CHECK, 3, None), (OTHER, 1, "PASS")] * 2:
        job = encode_job(f"def double(n):\n    return n * {factor}\n", "double", check)
        report = worker.judge(job, 5, 20).report
        assert report is not None
        assert report["label"] == label


def test_a_zygote_that_was_killed_is_replaced(worker: Worker) -> None:
    before = children()
    assert judge(worker, "return n * 2") == "PASS"
    (zygote,) = children() - before
    os.kill(zygote, signal.SIGKILL)
    with pytest.raises(Broken):
        judge(worker, "return n * 2")
    assert judge(worker, "return n * 2") == "PASS"


def test_a_zygote_that_cannot_start_says_why() -> None:
    worker = Worker(Confinement("no such tier", 256, 64), 0, CPU, modules=["no_such_module"])
    with pytest.raises(Broken, match=r"no_such_module|no such tier"):
        judge(worker, "return n * 2")


def test_nothing_is_left_when_it_is_closed(worker: Worker) -> None:
    before = children()
    assert judge(worker, "return n * 2") == "PASS"
    assert children() != before
    worker.close()
    assert children() == before


@pytest.mark.parametrize(
    ("body", "cpu_s", "wall_s", "stopped"),
    [
        ("while n: n += 1", 0.3, 20, "cpu"),
        ("import time; time.sleep(60)", 5, 0.3, "wall"),
    ],
)
def test_a_limit_that_is_reached_is_told(
    worker: Worker, body: str, cpu_s: float, wall_s: float, stopped: str
) -> None:
    job = encode_job(f"def double(n):\n    {body}\n", "double", CHECK)
    ending = worker.judge(job, cpu_s, wall_s)
    assert ending.stopped == stopped
    assert judge(worker, "return n * 2") == "PASS"


def test_what_a_job_used_is_told(worker: Worker) -> None:
    job = encode_job(
        "def double(n):\n    x = bytearray(50 << 20)\n    return n * 2\n", "double", CHECK
    )
    ending = worker.judge(job, 5, 20)
    assert 50 <= ending.max_rss_mb < 200
    assert 0 < ending.cpu_s < 5
    assert ending.wall_s > 0
