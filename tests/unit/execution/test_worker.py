import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from builders import a_problem
from failpairs.execution.compiled_test import CompiledTest, compile_check
from failpairs.execution.run_outcome import RunOutcome
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.worker import Confinement, Job, Worker, WorkerBroken, encode_job, wait_for

CHECK = compile_check(a_problem())
OTHER = compile_check(a_problem(test="def check(candidate):\n    assert candidate(1) == 1\n"))
PATIENCE_S = 600  # turns a hang into a failure, on however busy a machine
CPU = min(os.sched_getaffinity(0))


def start() -> Worker:
    return Worker(Confinement(find_tier(), 256, 64), run=0, cpu=CPU, modules=[])


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = start()
    yield worker
    worker.close()


def run(worker: Worker, job: Job, wall_s: float = PATIENCE_S) -> RunOutcome:
    worker.send(job, wall_s)
    assert wait_for([worker]) == [worker]
    return worker.receive()


def a_job(body: str, check: CompiledTest = CHECK, timeout: float = 5.0) -> Job:
    return encode_job(f"def double(n):\n    {body}\n", check, timeout)


def children() -> set[int]:
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(map(int, path.read_text("utf-8").split()))


def test_one_job_after_another_of_one_problem_or_of_several(worker: Worker) -> None:
    for check, factor, label in [
        (CHECK, 2, "PASS"),
        (CHECK, 3, "ASSERTION_FAIL"),
        (OTHER, 1, "PASS"),
    ] * 2:
        assert run(worker, a_job(f"return n * {factor}", check)).label == label


@pytest.mark.parametrize("last", range(59, 70))
def test_a_worker_judges_whatever_files_are_open(last: int) -> None:
    with ExitStack() as stack:
        while (number := os.open(os.devnull, os.O_RDONLY)) < last:
            stack.callback(os.close, number)
        stack.callback(os.close, number)
        worker = start()
        stack.callback(worker.close)
        assert run(worker, a_job("return n * 2")).label == "PASS"


def test_nothing_is_left_for_a_killed_executor_to_remove(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_tier() == "landlock":
        pytest.skip("without namespaces programs write to a real folder")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    worker = start()
    assert run(worker, a_job("return n * 2")).label == "PASS"
    assert [*tmp_path.iterdir()] == []
    worker.close()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_a_program_also_where_the_run_ignores_it(number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_IGN)  # as under nohup, and in the background
    try:
        worker = start()
        body = f"__import__('signal').raise_signal({int(number)}); return n * 2"
        assert run(worker, a_job(body)).label in {"CRASH", "RUNTIME_ERROR"}
        worker.close()
    finally:
        signal.signal(number, before)


def test_a_zygote_that_was_killed_is_replaced() -> None:
    before = children()
    worker = start()
    assert run(worker, a_job("return n * 2")).label == "PASS"
    (zygote,) = children() - before
    os.kill(zygote, signal.SIGKILL)
    with pytest.raises(WorkerBroken):
        run(worker, a_job("return n * 2"))
    assert run(worker, a_job("return n * 2")).label == "PASS"
    worker.close()


def test_a_zygote_that_cannot_start_says_why() -> None:
    worker = Worker(Confinement("no such tier", 256, 64), 0, CPU, modules=["no_such_module"])
    with pytest.raises(WorkerBroken, match=r"no_such_module|no such tier"):
        run(worker, a_job("return n * 2"))


def test_nothing_is_left_when_it_is_closed() -> None:
    before = children()
    worker = start()
    assert run(worker, a_job("return n * 2")).label == "PASS"
    assert children() != before
    worker.close()
    assert children() == before


@pytest.mark.parametrize(
    ("body", "cpu_s", "wall_s", "stopped"),
    [
        ("while n: n += 1", 0.3, PATIENCE_S, "cpu"),
        ("import time; time.sleep(9999)", 5, 0.3, "wall"),
    ],
)
def test_a_limit_that_is_reached_is_told(
    worker: Worker, body: str, cpu_s: float, wall_s: float, stopped: str
) -> None:
    assert run(worker, a_job(body, timeout=cpu_s), wall_s).stopped == stopped
    assert run(worker, a_job("return n * 2")).label == "PASS"


def test_what_a_job_used_is_told(worker: Worker) -> None:
    ending = run(worker, a_job("x = bytearray(50 << 20); return n * 2"))
    assert 50 <= ending.max_rss_mb < 200
    assert ending.cpu_s > 0
    assert ending.wall_s > 0
