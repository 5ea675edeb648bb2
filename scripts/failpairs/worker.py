"""Talks to the zygotes: starts them, hands them jobs, starts another where one has broken."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from failpairs import scratch, zygote
from failpairs.checks import Check

# Without the user's folders and packages, and without warnings, which cost time.
PYTHON = (sys.executable, "-B", "-P", "-s", "-S", "-Wignore")
# Local time differs by a day between runs, so that a program that reads the clock is found out.
TIME_ZONES = ("UTC0", "DAY-24", "DAY+24")
START_S = 60.0  # a zygote that takes longer to answer than this (and the limit on wall time) hangs


@dataclass(frozen=True)
class Confinement:
    """What holds for every program that a zygote runs: memory in MiB, output in KiB."""

    tier: str
    memory_mb: int
    output_kb: int


@dataclass(frozen=True)
class Job:
    """A program to be judged: `problem` names what is the same in all jobs of a problem."""

    problem: str
    paper: bytes


@dataclass(frozen=True)
class Ending:
    """How a job ended.

    Attributes:
        report: what the judge said, or None if it ended before that.
        judge_status: wait status of the judge, or None if it lives on.
        status: wait status of the candidate.
        stopped: the limit that was reached: `cpu`, `wall` or None.
        output_full: whether the candidate printed as much as it may.
        cpu_s: CPU seconds of the candidate.
        wall_s: seconds from start to end.
        max_rss_mb: MiB of memory that the candidate had at its peak.
    """

    report: dict[str, Any] | None
    judge_status: int | None
    status: int
    stopped: str | None
    output_full: bool
    cpu_s: float
    wall_s: float
    max_rss_mb: float


class Broken(Exception):
    """The zygote did not do its work, through no fault of the program's."""


class Worker:
    """A zygote, which can be started ahead, and is again whenever it has broken."""

    def __init__(
        self, confinement: Confinement, run: int, cpu: int, modules: Sequence[str]
    ) -> None:
        """
        Args:
            run: number of the execution; each has another hash seed and another time zone.
            cpu: the processor to stay on, since a judge and its candidate take turns.
            modules: of the standard library, to be imported before any program needs them.
        """
        self._confinement = confinement
        self._run = run
        self._cpu = cpu
        self._modules = list(modules)
        self._open = ExitStack()
        self._control: socket.socket | None = None

    def judge(self, job: Job, cpu_s: float, wall_s: float) -> Ending:
        """Have one job judged, within so many seconds.

        Raises:
            Broken: there is no verdict; the next job gets another zygote.
        """
        try:
            if self._control is None:
                self.start()
            self._wait_until_ready()
            return self._hand_over(job, cpu_s, wall_s)
        except (OSError, EOFError, ValueError) as error:
            message = f"{type(error).__name__} {error}; {self._last_error()}"
            self.close()
            raise Broken(message) from None

    def close(self) -> None:
        """End the zygote and all that it has started."""
        self._control = None
        self._open.close()

    def start(self) -> None:
        """Start the zygote. It ends with the thread that started it."""
        folder = tempfile.mkdtemp(prefix="failpairs-")
        self._open.callback(_remove, folder)
        self._errors = self._open.enter_context(_memory_file("errors"))
        self._paper = self._open.enter_context(_memory_file("paper"))
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {
            **asdict(self._confinement),
            "cpu": self._cpu,
            "modules": self._modules,
            "control": theirs.fileno(),
            "paper": self._paper.fileno(),
        }
        environment = {
            "PYTHONHASHSEED": str(self._run),
            "LANG": "C.UTF-8",
            "TZ": TIME_ZONES[self._run % len(TIME_ZONES)],
            "LD_BIND_NOW": "1",  # bind symbols once, and not in every copy
        }
        with theirs:
            process = subprocess.Popen(
                [*PYTHON, zygote.__file__, json.dumps(settings)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd=folder,
                env=environment,
                pass_fds=[theirs.fileno(), self._paper.fileno()],
                start_new_session=True,
            )
        self._open.callback(_end, process)
        self._control = self._open.enter_context(control)
        self._is_ready = False

    def _wait_until_ready(self) -> None:
        if self._is_ready or self._control is None:
            return
        self._control.settimeout(START_S)
        if self._control.recv(zygote.MESSAGE_BYTES) != zygote.READY:
            raise EOFError("it did not start")
        self._is_ready = True

    def _hand_over(self, job: Job, cpu_s: float, wall_s: float) -> Ending:
        assert self._control is not None
        self._paper.truncate(0)
        self._paper.seek(0)
        self._paper.write(job.paper)
        self._control.settimeout(wall_s + START_S)
        limits = {"problem": job.problem, "cpu_s": cpu_s, "wall_s": wall_s}
        self._control.send(json.dumps(limits).encode())
        answer = self._control.recv(zygote.MESSAGE_BYTES)
        if not answer:
            raise EOFError("it has ended")
        ending = json.loads(answer)
        limit = self._confinement.output_kb * 1024
        output_full = ending.pop("output_bytes") >= limit
        return Ending(report=self._report(), output_full=output_full, **ending)

    def _report(self) -> dict[str, Any] | None:
        """What has taken the place of the job, or None if the judge never wrote it."""
        self._paper.seek(0)
        report = json.loads(self._paper.read())
        return report if "label" in report else None

    def _last_error(self) -> str:
        self._errors.seek(0)
        return self._errors.read()[-300:].decode("utf-8", "replace").strip()


def encode_job(program: str, entry_point: str, check: Check) -> Job:
    """What a judge is to do with a program."""
    paper = json.dumps({"program": program, "entry_point": entry_point, "code": check.code})
    return Job(check.fingerprint, paper.encode())


def _memory_file(name: str) -> IO[bytes]:
    return os.fdopen(os.memfd_create(name), "r+b", buffering=0)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a zygote whose socket was closed, but not long."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    process.kill()
    process.wait()


def _remove(folder: str) -> None:
    with suppress(OSError):
        scratch.empty(folder)
        Path(folder).rmdir()
