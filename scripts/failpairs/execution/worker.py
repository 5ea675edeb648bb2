"""Talks to the zygotes: starts them, hands them jobs, starts another where one has broken."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from multiprocessing import connection
from pathlib import Path
from typing import IO, Any

from failpairs.execution.compiled_test import CompiledTest
from failpairs.execution.harness import scratch_folder, zygote
from failpairs.execution.run_outcome import RunOutcome
from failpairs.execution.sandbox.namespaces import Packages

# Without the user's folders and packages, and without warnings, which cost time.
PYTHON = (sys.executable, "-B", "-P", "-s", "-S", "-Wignore")
# Local time differs by a day between runs, so that a program that reads the clock is found out.
TIME_ZONES = ("UTC0", "DAY-24", "DAY+24")
# Libraries of installed packages would start a thread for each processor, and a fork loses them.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
GRACE_S = 60.0  # a zygote that answers so much later than the limit on wall time hangs
MOST_INPUTS = 100  # of a script that take all of their wall time


@dataclass(frozen=True)
class Confinement:
    """What holds for every program that a zygote runs: memory in MiB, output in KiB, and the
    installed packages that it can import."""

    tier: str
    memory_mb: int
    output_kb: int
    packages: Packages = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A program to be judged.

    Attributes:
        check: the tests.
        timeout: CPU seconds that the program may use.
        paper: what the judge is told of the program, see `encode_job`.
    """

    check: CompiledTest
    timeout: float
    paper: bytes

    @property
    def key(self) -> bytes:
        """The same for equal programs of equal problems."""
        return hashlib.sha256(self.check.fingerprint.encode() + self.paper).digest()


class WorkerBroken(Exception):
    """The zygote did not do its work, through no fault of the program's."""


class Worker:
    """A zygote, which is started again whenever it has broken."""

    def __init__(
        self, confinement: Confinement, run: int, cpu: int, modules: Sequence[str]
    ) -> None:
        """
        Args:
            run: number of the execution; each has another hash seed and another time zone. Only
                the first, 0, has the additional tests, which may take a hundred times as long as
                the others and would tell little more about what differs between runs.
            cpu: the processor to stay on, since a judge and its candidate take turns.
            modules: to be imported before any program needs them.
        """
        self._confinement = confinement
        self._run = run
        self._cpu = cpu
        self._modules = list(modules)
        self._open = ExitStack()
        self._control: socket.socket | None = None
        self._written = ""  # the fingerprint of the tests that the zygote can read
        self._start()

    def send(self, job: Job, wall_s: float) -> None:
        """Have one job judged, within so many seconds; `receive` tells how it ended."""
        if self._control is None:
            self._start()
        runs = MOST_INPUTS if job.check.is_script else 1
        self._deadline = time.monotonic() + runs * wall_s + GRACE_S
        if self._written != job.check.fingerprint:
            _rewrite(self._tests, job.check.encoded_base if self._run else job.check.encoded)
            self._written = job.check.fingerprint
        _rewrite(self._paper, job.paper)
        self._output_bytes = self._confinement.output_kb * 1024
        if job.check.is_script:  # what is expected of it may be longer
            self._output_bytes = max(self._output_bytes, len(job.check.encoded))
        message = {
            "problem": job.check.fingerprint,
            "is_script": job.check.is_script,
            "cpu_s": job.timeout,
            "wall_s": wall_s,
            "output_bytes": self._output_bytes,
        }
        with suppress(OSError):  # it has ended, which `receive` will find out
            self.control.send(json.dumps(message).encode())

    def seconds_left(self) -> float:
        """Until an answer must be there."""
        return max(0.0, self._deadline - time.monotonic())

    @property
    def control(self) -> socket.socket:
        """It can be read from once there is an answer."""
        assert self._control is not None
        return self._control

    def receive(self) -> RunOutcome:
        """How the job ended.

        Raises:
            WorkerBroken: there is no verdict; the next job gets another zygote.
        """
        try:
            self.control.setblocking(False)
            answer = self.control.recv(zygote.MESSAGE_BYTES)
            if not answer:
                raise EOFError("it has ended")
            return self._ending(json.loads(answer))
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise WorkerBroken(f"{type(error).__name__} {error}; {self._last_error}") from None

    def _ending(self, answer: dict[str, Any]) -> RunOutcome:
        output_full = answer.pop("output_bytes") >= self._output_bytes
        return RunOutcome(report=self._report(), output_full=output_full, **answer)

    def _report(self) -> dict[str, Any] | None:
        """What has taken the place of the job, or None if the judge never wrote it."""
        self._paper.seek(0)
        report = json.loads(self._paper.read())
        return report if "label" in report else None

    def close(self) -> None:
        """End the zygote and all that it has started."""
        self._control = None
        self._open.close()

    def _start(self) -> None:
        """Start the zygote, without waiting for it. It ends with the thread that started it."""
        folder = tempfile.mkdtemp(prefix="failpairs-")
        self._open.callback(_remove, folder)
        self._errors = self._open.enter_context(_memory_file("errors"))
        self._open.callback(self._note_last_error)
        self._paper = self._open.enter_context(_memory_file("paper"))
        self._tests = self._open.enter_context(_memory_file("tests"))
        self._written = ""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {
            **asdict(self._confinement),
            "cpu": self._cpu,
            "modules": self._modules,
            "control": theirs.fileno(),
            "paper": self._paper.fileno(),
            "tests": self._tests.fileno(),
        }
        environment = {
            "PYTHONHASHSEED": str(self._run),
            "LANG": "C.UTF-8",
            "TZ": TIME_ZONES[self._run % len(TIME_ZONES)],
            "LD_BIND_NOW": "1",  # bind symbols once, and not in every copy
            **dict.fromkeys(THREADS, "1"),
        }
        with theirs:
            process = subprocess.Popen(
                [*PYTHON, zygote.__file__, json.dumps(settings)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd=folder,
                env=environment,
                pass_fds=[theirs.fileno(), self._paper.fileno(), self._tests.fileno()],
                start_new_session=True,
            )
        self._open.callback(_end, process)
        self._control = self._open.enter_context(control)

    def _note_last_error(self) -> None:
        self._errors.seek(0)
        self._last_error = self._errors.read()[-300:].decode("utf-8", "replace").strip()


def wait_for(workers: Sequence[Worker]) -> list[Worker]:
    """Wait until one of the workers has an answer, or should have had one: all that are so far."""
    limit = min((worker.seconds_left() for worker in workers), default=0.0)
    answered = connection.wait([worker.control for worker in workers], limit)
    return [w for w in workers if w.control in answered or not w.seconds_left()]


def encode_job(program: str, check: CompiledTest, timeout: float, inside: bool = False) -> Job:
    """What a judge is to do with a program.

    Args:
        timeout: CPU seconds that it may use.
        inside: whether the tests are run in the program's own process.
    """
    return Job(check, timeout, json.dumps({"program": program, "inside": inside}).encode())


def _rewrite(file: IO[bytes], data: bytes) -> None:
    file.truncate(0)
    file.seek(0)
    file.write(data)


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
        scratch_folder.empty(folder)
        Path(folder).rmdir()
