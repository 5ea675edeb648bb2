"""Processes that do some work together: how they fail, and that they end together."""

import os
import select
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import torch
from failpairs.errors import InputError
from failpairs.models.load import model_identity
from failpairs.models.out_of_memory import within_memory
from failpairs.workflow.job_lifetime import LEADER
from failpairs.workflow.processes import in_processes
from places import SCRIPTS

WAITING = """
import os, signal
from failpairs.workflow.processes import in_processes
def work():
    os.write(1, f"{os.getpid()}\\n".encode())  # at once, since two processes write
    signal.pause()
if __name__ == "__main__":
    in_processes(2, 1, work)
"""


@pytest.fixture(autouse=True)
def leader(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process leads those of the test alone."""
    monkeypatch.setenv(LEADER, "")


def with_one_at_most(size: int) -> str:
    """Work for which the process of rank 1 lacks memory, and that of rank 0 waits for it."""
    if size > 1:
        if os.environ["RANK"] == "1":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")
        select.select([], [], [])
    return f"{size} in each of {os.environ['WORLD_SIZE']} by rank {os.environ['RANK']}"


def test_memory_that_runs_out_in_one_process_starts_all_again_with_less() -> None:
    def work(size: int) -> str:
        return in_processes(2, 1, partial(with_one_at_most, size))

    assert within_memory(work, 2, 2) == "1 in each of 2 by rank 0"


def test_a_bad_input_is_the_error_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such model folder"):
        in_processes(2, 1, partial(model_identity, tmp_path))


def test_the_processes_of_a_program_that_was_killed_end_with_it(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(WAITING, encoding="utf-8")
    started = subprocess.Popen(
        [sys.executable, program],
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    workers = [os.pidfd_open(int(started.stdout.readline())) for _ in range(2)]
    started.kill()
    started.wait()
    for worker in workers:
        # A process that has ended can be read from.
        assert select.select([worker], [], [], 600)[0] == [worker]
        os.close(worker)
