"""The process inside the sandbox that forks a judge for each problem, a candidate for each sample.

`worker.py` starts it as `python -B -P -s -S zygote.py SETTINGS`. It enters the sandbox once,
imports what programs often import, and then serves: each message names the problem and the limits
of a job, and the answer tells how it ended.

It never reads a job itself, so that a candidate, which is a copy of it, knows neither this test nor
an earlier one, and no earlier program. Only the judge reads the jobs, which `worker.py` writes to a
file in memory; it lives as long as the next job is of the same problem.
"""

import fcntl
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
from dataclasses import dataclass
from typing import Any, NamedTuple

sys.path.insert(0, os.path.abspath(os.path.join(__file__, *[os.pardir] * 4)))
from failpairs.execution.harness import candidate, checker, package_finder, scratch_folder
from failpairs.execution.sandbox import layers

sys.path.pop(0)

CHANNEL = 3  # descriptor of a candidate
ORDERS, PAPER, TESTS = 3, 4, 5  # descriptors of a judge
MAX_DESCRIPTORS = 256
MESSAGE_BYTES = 4096
JUDGE_CPU_FACTOR = 4  # of the limit of a program, since the first of a problem pays for all
JUDGE_GRACE_S = 1.0  # for the judge, once the candidate was stopped, to say how far it came
JUDGE_FILE_BYTES = 2**26  # for the report and the input of scripts


def main() -> None:
    settings = json.loads(sys.argv[1])
    tier, packages = settings["tier"], settings["packages"]
    if tier != layers.NO_SANDBOX:
        os.sched_setaffinity(0, [settings["cpu"]])
    # However many the user's shell allows, since a nameless file lasts as long as its descriptor.
    descriptors = min(MAX_DESCRIPTORS, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    folder = layers.enter(tier, os.getcwd(), packages)
    sys.meta_path.append(package_finder.PackageFinder(layers.packages_inside(tier, packages)))
    os.environ["TMPDIR"] = os.environ["HOME"] = folder
    sys.argv = [""]
    for name in settings["modules"]:
        importlib.import_module(name)
    zygote = Zygote(settings, folder)
    candidate.rehearse()
    gc.freeze()  # what is here now stays shared with the copies
    with socket.socket(fileno=settings["control"]) as control:
        while message := control.recv(MESSAGE_BYTES):
            ending = zygote.run(**json.loads(message))
            os.write(control.fileno(), json.dumps(ending).encode())
    zygote.end_judge()


class Child(NamedTuple):
    """A candidate: its process, our end of the socket to it, and its input, output and errors."""

    pid: int
    channel: int
    input: int
    output: int
    errors: int


@dataclass
class Usage:
    """What the candidates of a job used: seconds of CPU time, all together and one at most, MiB at
    the peak, bytes of output; and the wait status of the last."""

    cpu_s: float = 0.0
    longest_cpu_s: float = 0.0
    max_rss_mb: float = 0.0
    output_bytes: int = 0
    status: int | None = None


class Zygote:
    """Forks the processes of one job after another, and watches them."""

    def __init__(self, settings: dict[str, Any], folder: str) -> None:
        self._settings = settings
        self._folder = folder
        self._null = os.open(os.devnull, os.O_RDWR)
        self._candidate = candidate.Candidate(folder)
        self._problem: str | None = None  # that of the judge, if there is one
        self._judge: int
        self._output_bytes: int
        self._orders: socket.socket

    def run(
        self, problem: str, is_script: bool, cpu_s: float, wall_s: float, output_bytes: int
    ) -> dict[str, Any]:
        """Have the job on the paper judged.

        Args:
            problem: a name for all that is the same in the jobs of a problem.
            is_script: whether the program reads standard input and prints.
            cpu_s: seconds that the candidates may compute, together or, of a script, each.
            wall_s: seconds until they are stopped in any case, likewise.
            output_bytes: that they may write to standard output, and to standard error.

        Returns:
            `judge_status`: wait status of the judge, or None if it lives; `stopped`: the limit that
            was reached, `cpu`, `wall` or None; `wall_s`; and of the candidate: `status`, its wait
            status or None if none was needed, `output_bytes`, `cpu_s` and `longest_cpu_s` in
            seconds and `max_rss_mb` in MiB.
        """
        self._output_bytes = output_bytes
        if problem != self._problem:
            self.end_judge()
            self._start_judge(problem)
        watch = TimeLimits(self._orders, self._judge, cpu_s, wall_s)
        used = Usage()
        os.write(self._orders.fileno(), checker.JOB)
        answer = watch.wait(None, used)
        while answer == checker.WANTED and watch.stopped is None:
            child = self._start_candidate(is_script)
            ends = [child.channel, child.input, child.output][: 3 if is_script else 1]
            socket.send_fds(self._orders, [checker.CANDIDATE], ends)
            if is_script:  # each input has the whole time
                watch.begin_again()
            answer = watch.wait(child, Usage() if is_script else used)
            self._end_candidate(child, used)
        if answer == checker.WANTED:  # it goes on where a limit was reached
            os.kill(self._judge, signal.SIGKILL)
        return {
            "judge_status": self._status_of_judge(answer),
            "stopped": watch.stopped,
            **vars(used),
            "wall_s": watch.seconds(),
        }

    def _start_candidate(self, is_script: bool) -> Child:
        output, errors = os.memfd_create("output"), os.memfd_create("errors")
        given = os.memfd_create("input") if is_script else os.dup(self._null)
        ours, theirs = (end.detach() for end in socket.socketpair())
        pid = self._fork(lambda: self._be_candidate(given, output, errors, theirs))
        os.close(theirs)
        return Child(pid, ours, given, output, errors)

    def _end_candidate(self, child: Child, used: Usage) -> None:
        """End a candidate, clean up after it, and note what it used."""
        os.kill(child.pid, signal.SIGKILL)
        _, used.status, usage = os.wait4(child.pid, 0)
        written = (os.fstat(file).st_size for file in (child.output, child.errors))
        used.output_bytes = max(used.output_bytes, *written)
        cpu_s = usage.ru_utime + usage.ru_stime
        used.cpu_s += cpu_s
        used.longest_cpu_s = max(used.longest_cpu_s, cpu_s)
        used.max_rss_mb = max(used.max_rss_mb, usage.ru_maxrss / 1024)
        for descriptor in child[1:]:
            os.close(descriptor)
        scratch_folder.empty(self._folder)

    def end_judge(self) -> None:
        """End the judge, if there is one."""
        if self._problem is not None:
            os.kill(self._judge, signal.SIGKILL)
            self._status_of_judge(b"")

    def _start_judge(self, problem: str) -> None:
        self._orders, theirs = socket.socketpair()
        self._judge = self._fork(lambda: self._be_judge(theirs.fileno()))
        theirs.close()
        self._problem = problem

    def _status_of_judge(self, answer: bytes) -> int | None:
        """The wait status of the judge, unless it lives on after this answer."""
        if answer == checker.DONE:
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

    def _be_candidate(self, *descriptors: int) -> None:
        keep_descriptors(*descriptors)
        self._confine(self._output_bytes)
        self._candidate.serve(CHANNEL)

    def _be_judge(self, orders: int) -> None:
        files = self._settings["paper"], self._settings["tests"]
        keep_descriptors(self._null, self._null, self._null, orders, *files)
        self._confine(JUDGE_FILE_BYTES)
        checker.serve(ORDERS, PAPER, TESTS)

    def _confine(self, file_bytes: int) -> None:
        """Put on the last layer of the sandbox, and limit memory and the size of files."""
        memory = self._settings["memory_mb"] * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory + candidate.MEMORY_RESERVE))
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if os.getppid() != 1:  # in a process namespace of its own, the zygote takes all with it
            layers.die_with_parent()
        if self._settings["tier"] != layers.NO_SANDBOX:
            layers.seal()


class TimeLimits:
    """Waits for the judge during one job, and stops what goes beyond a limit.

    Attributes:
        stopped: the limit that was reached: `cpu`, `wall` or None.
    """

    def __init__(self, orders: socket.socket, judge: int, cpu_s: float, wall_s: float) -> None:
        self.stopped: str | None = None
        self._orders = orders
        self._judge = judge
        self._judge_before = cpu_time(judge)
        self._cpu_s = cpu_s
        # The test is trusted, but an answer may be made to cost it much time.
        self._judge_cpu_s = JUDGE_CPU_FACTOR * (cpu_s + JUDGE_GRACE_S)
        self._start = time.monotonic()
        self._wall_s = wall_s
        self.begin_again()
        self._poll = select.poll()
        self._poll.register(orders, select.POLLIN)

    def begin_again(self) -> None:
        """Give the next candidate the whole wall time."""
        self._end = time.monotonic() + self._wall_s

    def seconds(self) -> float:
        """Since the job began."""
        return time.monotonic() - self._start

    def wait(self, child: Child | None, before: Usage) -> bytes:
        """What the judge says next, or nothing if it has ended.

        Args:
            child: the candidate that works.
            before: what earlier candidates of the job used of its time.
        """
        while True:
            judge_used = cpu_time(self._judge) - self._judge_before
            used = before.cpu_s + (0.0 if child is None else cpu_time(child.pid))
            cpu_left = min(self._cpu_s - used, self._judge_cpu_s - judge_used)
            left = min(cpu_left, self._end - time.monotonic())
            if left > 0:
                if self._poll.poll(math.ceil(left * 1000)):
                    return os.read(self._orders.fileno(), 1)
                continue
            if self.stopped is not None or child is None:
                os.kill(self._judge, signal.SIGKILL)
                self.stopped = self.stopped or ("cpu" if left == cpu_left else "wall")
                return b""
            self.stopped = "cpu" if left == cpu_left else "wall"
            os.kill(child.pid, signal.SIGKILL)
            self._end = time.monotonic() + JUDGE_GRACE_S
            self._cpu_s, self._judge_cpu_s = math.inf, judge_used + JUDGE_GRACE_S


def keep_descriptors(*descriptors: int) -> None:
    """Keep just these, numbered from 0."""
    copies = [fcntl.fcntl(each, fcntl.F_DUPFD, len(descriptors)) for each in descriptors]
    for number, copy in enumerate(copies):
        os.dup2(copy, number)
    os.closerange(len(descriptors), 1 << 16)


def cpu_time(pid: int) -> float:
    """The CPU seconds that a process has used (clock_getcpuclockid(3))."""
    return time.clock_gettime(~pid << 3 | 2)


def default_signals() -> None:
    """Take back what was inherited: in the background of a shell, or under nohup, some signals are
    ignored, and a program that sends one to itself would end in another way there."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Python ignores these itself, and a broken pipe or a file too large is then an exception.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    default_signals()
    main()
