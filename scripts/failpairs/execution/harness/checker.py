"""The judge: a process that runs one test on the answers of a candidate in another process."""

import ast
import builtins
import functools
import json
import os
import resource
import socket
from collections.abc import Callable
from types import CodeType
from typing import Any

from failpairs.code.syntax import binds
from failpairs.execution.harness import wire
from failpairs.execution.harness.compilation import (
    Report,
    compile_program,
    describe,
    load_test,
    pack,
    unpack,
)

unpack_once = functools.cache(unpack)  # all jobs of a judge have the same test
# What the zygote says to the judge: a job is on the paper; and, with a descriptor, a candidate.
JOB, CANDIDATE = b"j", b"c"
# What the judge says to the zygote: it wants a candidate; it is done; it is done for good.
WANTED, DONE, LAST = b"w", b".", b"!"
MAX_RSS_KB = 2**17  # a judge that has grown so large makes room for a new one

# The labels that a candidate may give itself; all others follow from what it raised.
OWN_LABELS = frozenset(
    {
        "WRONG_ENTRY_POINT",
        "FORBIDDEN",
        "EXIT",
        "TYPE_ERROR",
        "MEMORY_LIMIT",
        "TIMEOUT",
    }
)


def serve(orders: int, paper: int) -> None:
    """Judge one job after another, all of one problem.

    Args:
        orders: descriptor of a socket to the zygote, see above.
        paper: descriptor of the file that holds the job, as `worker.encode_job` writes it; the
            report takes its place.
    """
    zygote = socket.socket(fileno=orders)
    channel: int | None = None

    def get_candidate() -> int:
        nonlocal channel
        os.write(orders, WANTED)
        _, (channel,), _, _ = socket.recv_fds(zygote, 1, 1)
        return channel

    while os.read(orders, 1):
        if channel is not None:  # a candidate that saw it closed before would still do work
            os.close(channel)
            channel = None
        report = Judge(get_candidate).judge(json.loads(os.pread(paper, os.fstat(paper).st_size, 0)))
        data = json.dumps(report).encode()
        os.ftruncate(paper, 0)
        os.pwrite(paper, data, 0)
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MAX_RSS_KB:
            os.write(orders, LAST)
            break
        os.write(orders, DONE)


class CandidateFailed(BaseException):
    """A call in the candidate failed. Unless the test catches it, this becomes the sample's
    result."""

    def __init__(self, report: Report) -> None:
        self.report = report


class Judge:
    """Runs one test against a candidate in another process."""

    def __init__(self, get_candidate: Callable[[], int]) -> None:
        """
        Args:
            get_candidate: gives the descriptor of a socket to a candidate.
        """
        self._get_candidate = get_candidate
        self._channel: int
        self._last_failure: tuple[BaseException, Report] | None = None
        self._final: Report | None = None
        self._verified = True

    def judge(self, job: dict[str, Any]) -> Report:
        """Load the program, run the test, and say how it ended."""
        passed: set[int] = set()
        try:
            trusted = load_test(unpack_once(job["code"]), passed)
            check = trusted["check"]
        except Exception as error:
            return describe(error, "INFRA_ERROR")
        report = self._run(job, trusted, check)
        return {
            **(self._final or report),
            "tests_passed": len(passed),
            "verified": self._verified,
        }

    def _run(self, job: dict[str, Any], trusted: dict[str, Any], check: Any) -> Report:
        compiled = compile_program(job["program"], job["entry_point"])
        if isinstance(compiled, dict):
            return compiled
        try:
            self._load(job, *compiled)
            proxy = self._proxy(job["entry_point"])
            trusted[job["entry_point"]] = proxy
            check(proxy)
        except CandidateFailed as failed:
            return failed.report
        except wire.NotPlain:
            return self._run_inside(job)
        except Exception as error:
            if self._last_failure is not None and error is self._last_failure[0]:
                return self._last_failure[1]
            return describe(error)
        return {"label": "PASS"}

    def _load(self, job: dict[str, Any], tree: ast.Module, code: CodeType) -> None:
        self._channel = self._get_candidate()
        try:
            self._ask("load", job["program"], pack(code), job["entry_point"])
        except CandidateFailed as failed:
            if self._final is None and not binds(tree, job["entry_point"]):
                raise CandidateFailed({"label": "WRONG_ENTRY_POINT"}) from None
            raise failed from None

    def _run_inside(self, job: dict[str, Any]) -> Report:
        self._verified = False
        try:
            self._ask("run_inside", job["code"])
        except CandidateFailed as failed:
            return failed.report
        return {"label": "PASS"}

    def _proxy(self, name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            encoded = wire.encode(list(args)), wire.encode(kwargs)
            try:
                answer = self._ask("call", *encoded)
            except CandidateFailed as failed:
                raise self._as_exception(failed.report) from None
            if "args" in answer:
                wire.mirror([list(args), kwargs], self._decode(answer["args"]))
            return self._decode(answer.get("result"))

        call.__name__ = call.__qualname__ = name
        return call

    def _as_exception(self, report: Report) -> BaseException:
        """The built-in exception that the candidate raised, since a test may expect it."""
        if report["label"] is not None or self._final is not None:
            return CandidateFailed(report)
        known = (getattr(builtins, name, None) for name in report["ancestry"])
        kinds = [k for k in known if isinstance(k, type) and issubclass(k, Exception)]
        try:
            error = kinds[0](report["message"])
        except (IndexError, TypeError):
            return CandidateFailed(report)
        self._last_failure = error, report
        return error

    def _ask(self, *request: Any) -> dict[str, Any]:
        """One question and its answer.

        Raises:
            CandidateFailed: the answer is a failure, no answer came, or it was none of ours.
        """
        if self._final is not None:
            raise CandidateFailed(self._final)
        try:
            wire.send(self._channel, request)
            answer = wire.receive(self._channel)
        except wire.TooLarge as error:
            raise self._ended({"label": "OUTPUT_LIMIT", "message": str(error)}) from None
        except wire.BadFrame as error:
            raise self._ended({"label": "EXIT", "message": f"broken answer: {error}"}) from None
        except (EOFError, OSError):
            raise self._ended({"label": None, "died": True, "ancestry": []}) from None
        if not isinstance(answer, dict):
            raise self._ended({"label": "EXIT", "message": "broken answer"})
        if answer.get("tried"):
            raise self._ended({"label": "FORBIDDEN", "message": _text(answer["tried"])})
        if answer.get("too_large"):
            raise self._ended({"label": "OUTPUT_LIMIT"})
        if "label" in answer:
            raise CandidateFailed(_cleaned(answer, has_test=request[0] == "run_inside"))
        return answer

    def _ended(self, report: Report) -> CandidateFailed:
        """A failure that stays, whatever the test makes of it."""
        self._final = report
        return CandidateFailed(report)

    def _decode(self, data: Any) -> Any:
        try:
            return wire.decode(data)
        except (wire.BadFrame, RecursionError) as error:
            raise self._ended({"label": "EXIT", "message": f"broken answer: {error}"}) from None


def _cleaned(answer: dict[str, Any], has_test: bool) -> Report:
    """A candidate's account of its failure, with nothing in it but what may be there."""
    label, line, ancestry = answer.get("label"), answer.get("line"), answer.get("ancestry")
    name, where = answer.get("exception"), answer.get("raised_in")
    names = [str(name)[:100] for name in ancestry][:20] if isinstance(ancestry, list) else []
    return {
        "label": label if isinstance(label, str) and label in OWN_LABELS else None,
        "exception": None if name is None else _text(name)[:100],
        "ancestry": names or ["Exception"],
        "message": _text(answer.get("message")),
        "raised_in": where if where == "candidate" or (where == "test" and has_test) else None,
        "line": line if type(line) is int and 0 <= line < 2**31 else None,
    }


def _text(value: Any) -> str:
    return str(value if isinstance(value, str) else json.dumps(value))[:300]
