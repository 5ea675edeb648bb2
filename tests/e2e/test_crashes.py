"""A run that is killed again and again ends like one that was left alone."""

import hashlib
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
from deliverables import content, deliverables, leftovers, visible
from failpairs.execution.sandbox.syscalls import call
from failpairs.storage.locks import open_alone
from warm_python import warm_python

SEED = "FAILPAIRS_CRASH_SEED"
PR_SET_CHILD_SUBREAPER = 36
PATIENCE_S = 600  # for what should end at once: turns a hang into a failure, on any machine
ATTEMPTS = 3  # per strike, since a program may end between a look at it and the strike
RULES = {
    "sample.py": "sample_shard",
    "execute.py": "execute",
    "reference.py": "reference",
    "train.py": "train",
    "report.py": "report",
}


@dataclass(frozen=True)
class Strike:
    """Kill somebody while a program runs: once it has written so many bytes, to files and to other
    processes, as chance draws between `earliest` and `latest`."""

    script: str
    victim: str
    earliest: int
    latest: int


# The libraries write 44 kB before the first sample, and the executor 7 kB before the first label.
# In the end they have written 51 kB and 50 kB at least, training 9 MB with its checkpoints, and the
# report 600 kB. The reference is written all at once.
PLAN = (
    Strike("sample.py", "job", 0, 44_000),
    Strike("sample.py", "snakemake", 44_000, 47_000),
    Strike("execute.py", "job", 0, 30_000),
    Strike("execute.py", "zygote", 7_000, 30_000),
    Strike("execute.py", "snakemake", 7_000, 30_000),
    Strike("execute.py", "zygote", 7_000, 30_000),
    Strike("reference.py", "job", 0, 0),
    Strike("train.py", "job", 0, 7_000_000),
    Strike("train.py", "snakemake", 0, 7_000_000),
    Strike("train.py", "job", 0, 0),
    Strike("report.py", "job", 0, 300_000),
    Strike("report.py", "snakemake", 0, 300_000),
)


@pytest.fixture
def orphans() -> Iterator["Orphans"]:
    """While it lasts, processes whose parent has died become children of the test."""
    warm_python()  # which is to survive it
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


def running(snakemake: psutil.Process) -> Iterator[tuple[psutil.Process, str, str]]:
    """The stages' programs that run now, each with its script and where its output goes."""
    for process in snakemake.children(recursive=True):
        with suppress(psutil.Error):
            command = process.cmdline()
            if len(command) > 1 and command[1].startswith("scripts/"):
                words = iter(command)
                if any(word.startswith("--output") for word in words):
                    yield process, Path(command[1]).name, next(words)


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


def fell(victim: psutil.Process) -> bool:
    """Kill a process, unless it ends before: one that is stopped can end by nothing else."""
    with suppress(psutil.NoSuchProcess):
        victim.suspend()
        while (status := victim.status()) != psutil.STATUS_STOPPED:
            if status == psutil.STATUS_ZOMBIE:
                return False
            time.sleep(0.001)
        victim.kill()
        return True
    return False


class Crasher:
    """Runs the workflow and kills as planned."""

    def __init__(self, project: Project, chance: random.Random, orphans: Orphans, watch: Watch):
        self.project = project
        self.plan = list(PLAN)
        self.chance = chance
        self.orphans = orphans
        self.watch = watch
        self.runs = 0
        self.bereaved: int | None = None  # the job that ran when its Snakemake was killed
        self.ends_of_the_bereaved: list[int] = []

    def run(self, *arguments: str) -> int:
        """One run of the documented command; its exit status."""
        self.runs += 1
        output = self.project.folder / "run.log"
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        with output.open("w") as file:
            started = subprocess.Popen(
                ["snakemake", *arguments, "--cores", "2", "--configfile", "config/test.yaml"],
                cwd=self.project.folder,
                env={**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        snakemake = psutil.Process(started.pid)
        known: set[int] = set()
        killed: list[str] = []
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
                    killed.append(strike.victim)
            with suppress(subprocess.TimeoutExpired):
                started.wait(0.05)
        codes = self.orphans.bury()
        if self.bereaved in codes:
            self.ends_of_the_bereaved.append(codes[self.bereaved])
        self.watch.look()
        text = output.read_text(encoding="utf-8")
        rules = re.findall(r"^(\w+) +(\d+)$", text, re.MULTILINE)
        ran = ", ".join(f"{rule} {count}" for rule, count in rules if rule not in ("all", "total"))
        print(f"  run {self.runs} had to run {ran}: status {started.returncode}")
        # A zygote is replaced; nothing else but a kill makes a run fail.
        assert (started.returncode != 0) == bool({*killed} - {"zygote"}), text
        return started.returncode

    def strike(
        self, strike: Strike, snakemake: psutil.Process, program: psutil.Process, made: str
    ) -> bool:
        """Wait for the moment, and kill, unless the program has ended before."""
        moment = self.chance.randint(strike.earliest, strike.latest)
        with suppress(psutil.Error):  # the program has ended
            while is_alive(program):
                victim = find_victim(strike.victim, snakemake, program)
                written = program.io_counters().write_chars
                if victim is not None and written >= moment:
                    family = [program, *program.parents()]
                    if not fell(victim):
                        return False
                    if victim is snakemake:
                        self.bereaved = family[family.index(snakemake) - 1].pid
                    print(
                        f"{strike.script} for {made} has written {written} bytes "
                        f"({moment} or more were awaited): {strike.victim} is killed"
                    )
                    return True
                self.watch.look()
                time.sleep(0.01)
        print(f"{strike.script} for {made} has ended before it had written {moment} bytes")
        return False


def test_a_run_killed_again_and_again_ends_with_the_same_bytes(
    finished: Project, orphans: Orphans
) -> None:
    seed = int(os.environ.get(SEED) or random.randrange(2**32))
    print(f"{SEED}={seed}")
    expected = deliverables(finished.results)
    bytes_before = {path: path.read_bytes() for path in visible(finished.results)}
    watch = Watch(finished.results, expected)
    crasher = Crasher(finished, random.Random(seed), orphans, watch)
    shutil.rmtree(finished.results)
    shutil.rmtree(finished.folder / ".snakemake")

    status = crasher.run()
    while status != 0 or crasher.plan:
        assert crasher.runs < ATTEMPTS * len(PLAN), f"could not be killed: {crasher.plan}"
        # Who escaped to the end of the run is made to run again.
        again = {RULES[strike.script] for strike in crasher.plan}
        status = crasher.run(*(["--forcerun", *sorted(again)] if status == 0 else []))
    # Jobs die with their Snakemake, themselves or the program below their shell, but for one that
    # was at its end.
    died = (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert {*crasher.ends_of_the_bereaved} <= {0, *died}
    assert {*crasher.ends_of_the_bereaved} & {*died}
    after = deliverables(finished.results)
    assert after == expected
    assert leftovers(finished.results) == set()
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
    assert "results/test/.lock: locked by another process" in done.stdout + done.stderr
    assert deliverables(finished.results) == before
    assert finished.planned() == {}
