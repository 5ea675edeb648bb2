"""A run that is killed again and again ends like one that was left alone."""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from conftest import Project
from deliverables import content, deliverables, visible
from failpairs.execution.sandbox.syscalls import call
from failpairs.storage.locks import open_alone

SEED = "FAILPAIRS_CRASH_SEED"
PR_SET_CHILD_SUBREAPER = 36
PATIENCE_S = 60  # for what should end at once
# Who is killed while which program runs; each program runs at least so often.
PLAN = (
    ("sample.py", "job"),
    ("sample.py", "snakemake"),
    ("execute.py", "job"),
    ("execute.py", "zygote"),
    ("execute.py", "snakemake"),
    ("execute.py", "zygote"),
    ("reference.py", "job"),
    ("train.py", "job"),
    ("train.py", "snakemake"),
    ("train.py", "job"),
    ("report.py", "job"),
    ("report.py", "snakemake"),
)


@dataclass(frozen=True)
class Strike:
    """Kill somebody when a program has run for a share of the time that it usually takes."""

    script: str
    victim: str
    share: float


@pytest.fixture
def orphans() -> Iterator["Orphans"]:
    """While it lasts, processes whose parent has died become children of the test."""
    call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    found = Orphans()
    yield found
    for process in found.left():
        process.kill()
    call("prctl", PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


class Orphans:
    """What a run leaves behind."""

    def __init__(self) -> None:
        self._strangers = {process.pid for process in psutil.Process().children(recursive=True)}

    def left(self) -> list[psutil.Process]:
        found = psutil.Process().children(recursive=True)
        return [process for process in found if process.pid not in self._strangers]

    def bury(self) -> dict[int, int]:
        """Wait until none is left; the exit codes of those that nobody else waited for."""
        codes = {}
        end = time.monotonic() + PATIENCE_S
        while left := self.left():
            assert time.monotonic() < end, f"still there: {left}"
            for process in left:
                with suppress(ChildProcessError):  # the child of another one
                    pid, status = os.waitpid(process.pid, os.WNOHANG)
                    if pid:
                        codes[pid] = os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        return codes


class Watch:
    """Looks at results that are being written: whatever can be seen must be whole, that is, have
    the content that it has in the end."""

    def __init__(self, results: Path, expected: dict[str, bytes]) -> None:
        self._results = results
        self._expected = expected
        self._seen: dict[Path, tuple[int, int]] = {}

    def look(self) -> None:
        for path in visible(self._results):
            with suppress(FileNotFoundError):  # the workflow has just removed it
                found = path.stat()
                version = (found.st_ino, found.st_mtime_ns)
                if self._seen.get(path) != version:
                    name = str(path.relative_to(self._results))
                    assert content(path) == self._expected[name], name
                    self._seen[path] = version


def usual_seconds(project: Project) -> dict[str, float]:
    """How long each program took in a run that was left alone, the shortest time of each."""
    usual: dict[str, float] = {}
    for path in (project.folder / ".snakemake/metadata").iterdir():
        record = json.loads(path.read_text(encoding="utf-8"))
        if script := re.search(r"scripts/(\w+\.py)", record["shellcmd"] or ""):
            seconds = record["endtime"] - record["starttime"]
            usual[script[1]] = min(seconds, usual.get(script[1], seconds))
    return usual


def running(snakemake: psutil.Process) -> Iterator[tuple[psutil.Process, str, str]]:
    """The stages' programs that run now, each with its script and where its output goes."""
    for process in snakemake.children(recursive=True):
        with suppress(psutil.Error):
            command = process.cmdline()
            if len(command) > 1 and command[1].startswith("scripts/"):
                place = next(n for n, word in enumerate(command) if word.startswith("--output"))
                yield process, Path(command[1]).name, command[place + 1]


def is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def find_victim(
    kind: str, snakemake: psutil.Process, program: psutil.Process
) -> psutil.Process | None:
    """Who is to be killed, if there is one yet."""
    if kind != "zygote":
        return program if kind == "job" else snakemake
    with suppress(psutil.Error):
        for child in program.children():
            if any(word.endswith("zygote.py") for word in child.cmdline()):
                return child
    return None


class Crasher:
    """Runs the workflow and kills as planned."""

    def __init__(self, project: Project, plan: list[Strike], orphans: Orphans, watch: Watch):
        self.project = project
        self.plan = plan
        self.usual = usual_seconds(project)
        self.orphans = orphans
        self.watch = watch
        self.runs = 0
        self.bereaved: int | None = None  # the job that ran when its Snakemake was killed

    def run(self) -> int:
        """One run of the documented command; its exit status."""
        self.runs += 1
        output = self.project.folder / "run.log"
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        with output.open("w") as file:
            started = subprocess.Popen(
                ["snakemake", "--cores", "2", "--configfile", "config/test.yaml"],
                cwd=self.project.folder,
                env={**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        snakemake = psutil.Process(started.pid)
        known: set[int] = set()
        self.bereaved = None
        while started.poll() is None:
            self.watch.look()
            for program, script, made in running(snakemake):
                strike = next((s for s in self.plan if s.script == script), None)
                if program.pid in known or strike is None or not is_alive(snakemake):
                    continue
                known.add(program.pid)
                if self.strike(strike, snakemake, program, made):
                    self.plan.remove(strike)
            with suppress(subprocess.TimeoutExpired):
                started.wait(0.05)
        codes = self.orphans.bury()
        if self.bereaved in codes:  # killed too, itself or the program below its shell
            assert codes[self.bereaved] in (-signal.SIGKILL, 128 + signal.SIGKILL)
        self.watch.look()
        text = output.read_text(encoding="utf-8")
        rules = re.findall(r"^(\w+) +(\d+)$", text, re.MULTILINE)
        ran = ", ".join(f"{rule} {count}" for rule, count in rules if rule not in ("all", "total"))
        print(f"  run {self.runs} had to run {ran}: status {started.returncode}")
        return started.returncode

    def strike(
        self, strike: Strike, snakemake: psutil.Process, program: psutil.Process, made: str
    ) -> bool:
        """Wait for the moment, and kill, unless the program has ended before."""
        start = program.create_time()
        moment = start + strike.share * self.usual[strike.script]
        while is_alive(program):
            victim = find_victim(strike.victim, snakemake, program)
            if victim is not None and time.time() >= moment:
                with suppress(psutil.NoSuchProcess):
                    family = [program, *program.parents()]
                    victim.kill()
                    if victim is snakemake:
                        self.bereaved = family[family.index(snakemake) - 1].pid
                    print(
                        f"{time.time() - start:.2f} s into {strike.script} for {made} "
                        f"({strike.share:.2f} of the usual, or later): {strike.victim} is killed"
                    )
                    return True
            self.watch.look()
            time.sleep(0.01)
        return False


def test_a_run_killed_again_and_again_ends_with_the_same_bytes(
    finished: Project, orphans: Orphans
) -> None:
    seed = int(os.environ.get(SEED) or random.randrange(2**32))
    print(f"{SEED}={seed}")
    random_share = random.Random(seed)
    plan = [Strike(*planned, random_share.uniform(0, 0.7)) for planned in PLAN]
    expected = deliverables(finished.results)
    bytes_before = {path: path.read_bytes() for path in visible(finished.results)}
    crasher = Crasher(finished, plan, orphans, Watch(finished.results, expected))
    shutil.rmtree(finished.results)
    shutil.rmtree(finished.folder / ".snakemake")

    while crasher.run() != 0:
        assert crasher.runs <= len(PLAN), "a run failed although nobody was killed"
    assert len(PLAN) - len(plan) >= 10
    after = deliverables(finished.results)
    assert after == expected
    assert [path.name for path in finished.results.rglob(".*")] == [".lock"]
    assert finished.planned() == {}
    for path, before in bytes_before.items():
        name = str(path.relative_to(finished.results))
        digest = hashlib.sha256(after[name]).hexdigest()[:16]
        print(digest, name, "" if path.read_bytes() == before else "(but for measurements)")


def test_a_second_run_into_the_same_results_is_refused(finished: Project) -> None:
    before = deliverables(finished.results)
    with open_alone(finished.results / ".lock"):
        done = finished.snakemake("results/test/eval/base.json", "--forcerun", "evaluate")
    assert done.returncode == 1
    assert "results/test/.lock: another process is at work on it" in done.stdout + done.stderr
    assert deliverables(finished.results) == before
    assert finished.planned() == {}
