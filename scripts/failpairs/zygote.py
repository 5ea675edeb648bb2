"""The process inside the sandbox that forks a judge for each problem, a candidate for each sample.

`worker.py` starts it as `python -B -P -s -S zygote.py SETTINGS`. It enters the sandbox once,
imports what programs often import, and then serves: each message names the problem and the limits
of a job, and the answer tells how it ended.

It never reads a job itself, so that a candidate, which is a copy of it, knows neither this test nor
an earlier one, and no earlier program. Only the judge reads the jobs, which `worker.py` writes to a
file in memory; it lives as long as the next job is of the same problem.
"""

import gc
import importlib
import json
import math
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from failpairs import candidate, judge, sandbox, scratch

sys.path.pop(0)

CHANNEL, ORDERS, PAPER = 3, 3, 4  # descriptors of a candidate, and of a judge
FREE = 64  # a number above those of all open descriptors
READY = b"ready"
MESSAGE_BYTES = 4096
JUDGE_GRACE_S = 1.0  # for the judge, once the candidate was stopped, to say how far it came
JUDGE_FILE_BYTES = 2**20


def main() -> None:
    settings = json.loads(sys.argv[1])
    folder = os.getcwd()
    if settings["tier"] != sandbox.NO_SANDBOX:
        os.sched_setaffinity(0, [settings["cpu"]])
        folder = sandbox.enter(settings["tier"], folder)
    os.environ["TMPDIR"] = os.environ["HOME"] = folder
    sys.argv = [""]
    for name in settings["modules"]:
        importlib.import_module(name)
    zygote = Zygote(settings, folder)
    gc.freeze()  # what is here now stays shared with the copies
    with socket.socket(fileno=settings["control"]) as control:
        os.write(control.fileno(), READY)
        while message := control.recv(MESSAGE_BYTES):
            ending = zygote.run(**json.loads(message))
            os.write(control.fileno(), json.dumps(ending).encode())


class Zygote:
    """Forks the processes of one job after another, and watches them."""

    def __init__(self, settings: dict[str, Any], folder: str) -> None:
        self._settings = settings
        self._folder = folder
        self._null = os.open(os.devnull, os.O_RDWR)
        self._candidate = candidate.Candidate(folder)
        self._problem: str | None = None  # that of the judge, if there is one
        self._judge: int
        self._orders: socket.socket

    def run(self, problem: str, cpu_s: float, wall_s: float) -> dict[str, Any]:
        """Have the job on the paper judged.

        Args:
            problem: a name for all that is the same in the jobs of a problem.
            cpu_s: seconds that the candidate, and apart from it the judge, may compute.
            wall_s: seconds until they are stopped in any case.

        Returns:
            `judge_status`: wait status of the judge, or None if it lives; `status`: that of the
            candidate; `stopped`: the limit that was reached, `cpu`, `wall` or None; `output_bytes`;
            and what the candidate used: `cpu_s` in seconds, `max_rss_mb` in MiB; and `wall_s`.
        """
        if problem != self._problem:
            self._start_judge(problem)
        start = time.monotonic()
        output = os.memfd_create("output")
        ours, theirs = (end.detach() for end in socket.socketpair())
        child = self._fork(lambda: self._be_candidate(theirs, output))
        os.close(theirs)
        socket.send_fds(self._orders, [judge.DONE], [ours])
        os.close(ours)
        stopped = self._watch(child, cpu_s, wall_s)
        os.kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        ending = {
            "judge_status": self._status_of_judge(),
            "status": status,
            "stopped": stopped,
            "output_bytes": os.fstat(output).st_size,
            "cpu_s": usage.ru_utime + usage.ru_stime,
            "wall_s": time.monotonic() - start,
            "max_rss_mb": usage.ru_maxrss / 1024,
        }
        os.close(output)
        scratch.empty(self._folder)
        return ending

    def _watch(self, child: int, cpu_s: float, wall_s: float) -> str | None:
        """Wait until the judge has answered, and stop what goes beyond a limit."""
        poll = select.poll()
        poll.register(self._orders, select.POLLIN)
        stopped = None
        before = cpu_time(self._judge)
        end = time.monotonic() + wall_s
        while True:
            cpu_left = cpu_s - max(cpu_time(child), cpu_time(self._judge) - before)
            left = min(cpu_left, end - time.monotonic())
            if left > 0:
                if poll.poll(math.ceil(left * 1000)):
                    return stopped
            elif stopped is None:
                stopped = "cpu" if left == cpu_left else "wall"
                os.kill(child, signal.SIGKILL)
                end, cpu_s = time.monotonic() + JUDGE_GRACE_S, cpu_s + JUDGE_GRACE_S
            else:
                os.kill(self._judge, signal.SIGKILL)
                return stopped

    def _start_judge(self, problem: str) -> None:
        if self._problem is not None:
            os.kill(self._judge, signal.SIGKILL)
            self._status_of_judge()
        self._orders, theirs = socket.socketpair()
        self._judge = self._fork(lambda: self._be_judge(theirs.fileno()))
        theirs.close()
        self._problem = problem

    def _status_of_judge(self) -> int | None:
        """The wait status of the judge, if it has ended or is about to."""
        if os.read(self._orders.fileno(), 1) == judge.DONE:
            return None
        self._orders.close()
        self._problem = None
        return os.waitpid(self._judge, 0)[1]

    def _fork(self, action: Callable[[], None]) -> int:
        """Start a copy of this process that does one thing and ends."""
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            action()
            status = 0
        finally:
            os._exit(status)

    def _be_candidate(self, channel: int, output: int) -> None:
        only(self._null, output, output, channel)
        self._confine(self._settings["output_kb"] * 1024)
        self._candidate.serve(CHANNEL)

    def _be_judge(self, orders: int) -> None:
        only(self._null, self._null, self._null, orders, self._settings["paper"])
        self._confine(JUDGE_FILE_BYTES)
        judge.serve(ORDERS, PAPER)

    def _confine(self, file_bytes: int) -> None:
        """Put on the last layer of the sandbox, and limit memory and the size of files."""
        memory = self._settings["memory_mb"] * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory + candidate.MEMORY_RESERVE))
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if os.getppid() != 1:  # in a process namespace of its own, the zygote takes all with it
            sandbox.die_with_parent()
        if self._settings["tier"] != sandbox.NO_SANDBOX:
            sandbox.seal()


def only(*descriptors: int) -> None:
    """Keep just these, numbered from 0."""
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, FREE + number)
    for number in range(len(descriptors)):
        os.dup2(FREE + number, number)
    os.closerange(len(descriptors), 1 << 16)


def cpu_time(pid: int) -> float:
    """The CPU seconds that a process has used (clock_getcpuclockid(3))."""
    return time.clock_gettime(~pid << 3 | 2)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    main()
