import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from failpairs.workflow.job_lifetime import LEADER, export_leader
from places import SCRIPTS

FOLLOWER = """
import signal, sys
from failpairs.workflow import cli
def main():
    print("at work", flush=True)
    signal.pause()
cli.run(main)
"""
LEADING = """
import os, signal, subprocess, sys
from failpairs.workflow.job_lifetime import export_leader
export_leader()
follower = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
follower.stdout.readline()
print(follower.pid, flush=True)
signal.pause()
"""
NAMESPACE = str(Path("/proc/self/ns/pid").readlink())


def start(code: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(SCRIPTS), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_programs_die_with_their_leader() -> None:
    leading = start(LEADING, FOLLOWER)
    assert leading.stdout is not None
    follower = os.pidfd_open(int(leading.stdout.readline()))
    leading.kill()  # and nobody waits for it before
    # A process that was killed can be read from.
    assert select.select([follower], [], [], 600)[0] == [follower]
    leading.wait()


def test_a_program_whose_leader_is_gone_when_it_starts_does_nothing() -> None:
    leading = subprocess.Popen(["true"])
    leading.wait()
    follower = start(FOLLOWER, **{LEADER: f"{leading.pid} {NAMESPACE}"})
    assert follower.communicate() == ("", None)
    assert follower.returncode == -signal.SIGKILL


@pytest.mark.parametrize("leader", [None, f"{2**22 - 1} pid:[1]"], ids=["none", "elsewhere"])
def test_a_program_without_a_leader_that_it_can_see_does_its_work(leader: str | None) -> None:
    follower = start(FOLLOWER, **({LEADER: leader} if leader else {}))
    assert follower.stdout is not None
    assert follower.stdout.readline() == "at work\n"
    assert follower.poll() is None
    follower.kill()
    follower.wait()


def test_a_leader_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LEADER, "another")
    export_leader()
    assert os.environ[LEADER] == f"{os.getpid()} {NAMESPACE}"
