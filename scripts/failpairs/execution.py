"""Runs samples and labels how each one ended.

Each program runs in a process of its own inside a sandbox, with an empty environment, an empty
temporary folder and limits on CPU time, memory and output. What the process says of itself counts
only with the token it was given; a process that ends in any other way has failed.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from failpairs import harness
from failpairs.errors import InputError
from failpairs.extraction import extract_program
from failpairs.progress import Progress
from failpairs.records import ForeignSample, Problem, Sample, Verdict
from failpairs.syntax import preamble
from failpairs.taxonomy import FLAKY, INFRA_ERROR, PASS, exception_label

INFRA_TRIES = 3


@dataclass(frozen=True)
class Limits:
    """What a program may use: CPU seconds, MiB of memory, KiB of output.

    The wall clock stops it only far later, since slow machines must not turn into wrong verdicts.
    """

    timeout: float
    memory_mb: int
    output_kb: int

    @property
    def wall(self) -> float:
        """Seconds of wall time after which a process is stopped."""
        return 4 * self.timeout + 5


@dataclass(frozen=True)
class _Ending:
    """How a process ended, and what it reported (None if it reported nothing that counts)."""

    limits: Limits
    report: dict[str, Any] | None
    status: int
    was_ready: bool
    timed_out: bool
    output_full: bool
    cpu_s: float
    wall_s: float
    max_rss_mb: float


def execute_samples(
    problems: Sequence[Problem],
    samples: Sequence[Sample],
    limits: Limits,
    tier: str,
    runs: int,
    workers: int,
    max_infra_errors: float,
) -> Iterator[Verdict]:
    """Label every sample, in the order given.

    Args:
        tier: the sandbox, one of `sandbox.TIERS` or `none`.
        runs: executions of a passing program, each with another hash seed.
        max_infra_errors: share of INFRA_ERROR labels above which the run is stopped.

    Raises:
        InputError: a sample of an unknown problem, a sample given twice, or too many INFRA_ERRORs.
    """
    by_id = {problem.task_id: problem for problem in problems}
    _check_samples(samples, by_id)
    progress = Progress("executed samples", len(samples))
    broken = 0
    with ThreadPoolExecutor(workers) as pool:
        verdicts = pool.map(lambda s: execute(by_id[s.task_id], s, limits, tier, runs), samples)
        for done, verdict in enumerate(verdicts, start=1):
            broken += verdict.label == INFRA_ERROR
            progress.update(done)
            yield verdict
    if broken > max_infra_errors * len(samples):
        raise InputError(
            f"{broken} of {len(samples)} samples could not be executed (INFRA_ERROR), more than "
            f"execution.max_infra_errors {max_infra_errors} allows"
        )


def _check_samples(samples: Sequence[Sample], known: dict[str, Problem]) -> None:
    seen: set[tuple[str, int]] = set()
    for sample in samples:
        key = (sample.task_id, sample.sample_index)
        if sample.task_id not in known:
            raise InputError(f"samples: task_id {sample.task_id!r} is not among the problems")
        if key in seen:
            raise InputError(
                f"samples: task_id {sample.task_id!r} has sample_index {sample.sample_index} twice"
            )
        seen.add(key)


def execute(problem: Problem, sample: Sample, limits: Limits, tier: str, runs: int) -> Verdict:
    """Label one sample."""
    program, label = _program(problem, sample)
    if program is None:
        return _verdict(sample, label, {}, [])
    endings: list[_Ending] = []
    labels: list[str] = []
    for run in range(runs):
        ending = _run(problem, program, limits, tier, hash_seed=run)
        for _ in range(INFRA_TRIES - 1):
            if _label(ending) != INFRA_ERROR:
                break
            ending = _run(problem, program, limits, tier, hash_seed=run)
        endings.append(ending)
        labels.append(_label(ending))
        if labels[-1] != PASS:
            break
    label = labels[0] if len(set(labels)) == 1 else FLAKY
    if sample.finish_reason == "length" and label not in {PASS, "STUB", INFRA_ERROR}:
        label = "TRUNCATED"
    return _verdict(sample, label, endings[-1].report or {}, endings)


def _program(problem: Problem, sample: Sample) -> tuple[str | None, str]:
    if not isinstance(sample, ForeignSample):
        return extract_program(problem, sample.completion)
    if not sample.completion.strip():
        return None, "EMPTY"
    return (problem.prompt if sample.form == "completion" else "") + sample.completion, ""


def _verdict(sample: Sample, label: str, report: dict[str, Any], endings: list[_Ending]) -> Verdict:
    ancestry = report.get("ancestry")
    return Verdict(
        task_id=sample.task_id,
        sample_index=sample.sample_index,
        label=label,
        exception=ancestry[0] if ancestry else None,
        message=report.get("message"),
        raised_in=report.get("raised_in"),
        line=report.get("line"),
        tests_passed=report.get("tests_passed", 0),
        tests_total=report.get("tests_total", 0),
        verified=report.get("verified", True),
        runs=len(endings),
        cpu_s=round(sum(e.cpu_s for e in endings), 3),
        wall_s=round(sum(e.wall_s for e in endings), 3),
        max_rss_mb=round(max((e.max_rss_mb for e in endings), default=0.0), 1),
    )


def _label(ending: _Ending) -> str:
    report, status = ending.report, ending.status
    if not ending.was_ready:
        return INFRA_ERROR
    if ending.output_full or (report and report.get("too_large")):
        return "OUTPUT_LIMIT"
    if ending.timed_out:
        return "TIMEOUT"
    if report is None:
        return _label_of_death(status, used_up=False)
    if "died" in report:
        died = report["died"]
        return _label_of_death(died, _used_up(died, report["died_cpu_s"], ending.limits))
    label: str = report["label"] or exception_label(report["ancestry"])
    if "AssertionError" in report.get("ancestry", []) and report["raised_in"] == "test":
        return "ASSERTION_FAIL"
    return label


def _label_of_death(status: int, used_up: bool) -> str:
    """The label of a process that ended without an answer."""
    if used_up:
        return "TIMEOUT"
    if not os.WIFSIGNALED(status):
        return "EXIT"
    return "FORBIDDEN" if os.WTERMSIG(status) == signal.SIGSYS else "CRASH"


def _run(problem: Problem, program: str, limits: Limits, tier: str, hash_seed: int) -> _Ending:
    token = secrets.token_hex(16)
    with (
        tempfile.TemporaryDirectory(prefix="failpairs-") as folder,
        tempfile.TemporaryFile() as stdin,
        tempfile.TemporaryFile() as report,
        tempfile.TemporaryFile() as output,
    ):
        settings = {
            "tier": tier,
            "timeout": limits.timeout,
            "memory_mb": limits.memory_mb,
            "output_kb": limits.output_kb,
            "report_fd": report.fileno(),
        }
        job = {
            "program": program,
            "preamble": preamble(problem.prompt, problem.entry_point),
            "test": problem.test,
            "entry_point": problem.entry_point,
            "token": token,
        }
        for part in (settings, job):
            data = json.dumps(part).encode()
            stdin.write(f"{len(data):8d}".encode() + data)
        stdin.seek(0)
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-B", "-P", "-s", "-S", harness.__file__],
            stdin=stdin,
            stdout=output,
            stderr=output,
            cwd=folder,
            env={"PYTHONHASHSEED": str(hash_seed), "LANG": "C.UTF-8", "TMPDIR": folder},
            pass_fds=[report.fileno()],
            start_new_session=True,
        )
        status, usage, stopped = _wait(process, limits.wall)
        cpu_s = usage.ru_utime + usage.ru_stime
        was_ready, found = _read_report(report, token)
        return _Ending(
            limits=limits,
            report=found,
            status=status,
            was_ready=was_ready,
            timed_out=stopped or _used_up(status, cpu_s, limits),
            output_full=os.fstat(output.fileno()).st_size >= limits.output_kb * 1024,
            cpu_s=cpu_s,
            wall_s=time.monotonic() - start,
            max_rss_mb=usage.ru_maxrss / 1024,
        )


def _used_up(status: int, cpu_s: float, limits: Limits) -> bool:
    """Whether the limit on CPU time ended a process (a second later where it ignores SIGXCPU)."""
    if not os.WIFSIGNALED(status):
        return False
    ended_by = os.WTERMSIG(status)
    return ended_by == signal.SIGXCPU or (ended_by == signal.SIGKILL and cpu_s > limits.timeout)


def _wait(process: subprocess.Popen[bytes], wall: float) -> tuple[int, Any, bool]:
    """Wait for a process, stop it after `wall` seconds, and leave nothing of its session alive."""
    timed_out = threading.Event()

    def stop() -> None:
        timed_out.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(wall, stop)
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return status, usage, timed_out.is_set()


def _read_report(file: IO[bytes], token: str) -> tuple[bool, dict[str, Any] | None]:
    """Whether the process was set up, and what it reported under the token that it was given."""
    file.seek(0)
    data = file.read(1 << 20)
    try:
        report: Any = json.loads(data)
    except ValueError:
        report = None
    is_ours = isinstance(report, dict) and report.get("token") == token
    return data.startswith(harness.READY), report if is_ours else None
