"""The program inside the sandbox: a judge that runs the test, and the candidate that it questions.

`execution.py` starts it as `python -B -P -s -S harness.py` with two JSON values on standard input,
each after its length: the settings, and the job with the program, the test and a token. The process
enters the sandbox and forks before it reads the job. The child becomes the candidate, which is told
the program and the arguments of each call and answers with plain data; the parent runs the test on
those answers, and reports to the descriptor that the settings name. So the process that runs
untrusted code knows neither the test nor the token, and holds no descriptor but its channel and its
output.
"""

import ast
import builtins
import json
import math
import os
import resource
import signal
import socket
import sys
from types import CodeType
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from failpairs import candidate, sandbox, wire

sys.path.pop(0)

NO_SANDBOX = "none"
READY = b"\n"  # written first, so that a process that could not be set up is told apart
CHANNEL = 3


def main() -> None:
    settings = read_part()
    folder = os.getcwd()
    if settings["tier"] != NO_SANDBOX:
        folder = sandbox.enter(settings["tier"], folder)
    os.environ["TMPDIR"] = folder
    ours, theirs = socket.socketpair()
    child = os.fork()
    if not child:
        become_candidate(settings, theirs.fileno(), folder)
    theirs.close()
    job = read_part()
    set_limits(settings, grace=2)
    if settings["tier"] != NO_SANDBOX:
        sandbox.seal()
    os.write(settings["report_fd"], READY)
    report = Judge(ours.fileno(), child).judge(job)
    os.write(settings["report_fd"], json.dumps({**report, "token": job["token"]}).encode())
    os._exit(0)


def read_part() -> Any:
    """One JSON value from standard input, after eight digits of length, and not a byte more."""
    size = int(os.read(0, 8))
    data = b""
    while len(data) < size:
        data += os.read(0, size - len(data))
    return json.loads(data)


def become_candidate(settings: dict[str, Any], channel: int, folder: str) -> None:
    """Give up everything but the channel and the output, and serve."""
    sandbox.die_with_parent()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(channel, CHANNEL)
    os.closerange(CHANNEL + 1, 256)
    guard, tried = candidate.make_guard(folder)
    set_limits(settings, grace=0)
    if settings["tier"] != NO_SANDBOX:
        sandbox.seal()
    sys.addaudithook(guard)
    candidate.serve(CHANNEL, tried)
    os._exit(0)


def set_limits(settings: dict[str, Any], grace: int) -> None:
    """Limit CPU time (whole seconds, `grace` added), memory and output of this process."""
    cpu = math.ceil(settings["timeout"]) + grace
    memory = settings["memory_mb"] * 2**20
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory + candidate.MEMORY_RESERVE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (settings["output_kb"] * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class CandidateFailed(BaseException):
    """The candidate's answer to a call was a failure, which is the sample's if the test lets it
    pass."""

    def __init__(self, report: dict[str, Any]) -> None:
        self.report = report


class Judge:
    """Runs one test against a candidate in another process."""

    def __init__(self, channel: int, child: int) -> None:
        self._channel = channel
        self._child = child
        self._last_failure: tuple[BaseException, dict[str, Any]] | None = None
        self._verified = True

    def judge(self, job: dict[str, Any]) -> dict[str, Any]:
        """Load the program, run the test, and say how it ended."""
        passed: set[int] = set()
        try:
            code, total = instrument(job["test"])
            trusted = candidate.load_test(job["preamble"], code)
            trusted["__passed__"] = passed
            check = trusted["check"]
        except Exception as error:
            return candidate.describe(error, "INFRA_ERROR")
        report = self._run(job, trusted, check)
        return {
            **report,
            "tests_passed": len(passed),
            "tests_total": total,
            "verified": self._verified,
        }

    def _run(self, job: dict[str, Any], trusted: dict[str, Any], check: Any) -> dict[str, Any]:
        try:
            self._ask("load", job["program"], job["entry_point"])
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
            return candidate.describe(error)
        return {"label": "PASS"}

    def _run_inside(self, job: dict[str, Any]) -> dict[str, Any]:
        self._verified = False
        try:
            self._ask("run_inside", job["preamble"], job["test"])
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

    def _as_exception(self, report: dict[str, Any]) -> BaseException:
        """The built-in exception that the candidate raised, since a test may expect it."""
        if report["label"] is not None:
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
        try:
            wire.send(self._channel, request)
            answer = wire.receive(self._channel)
        except wire.TooLarge as error:
            raise CandidateFailed({"label": "OUTPUT_LIMIT", "message": str(error)}) from None
        except wire.Broken as error:
            raise CandidateFailed({"label": "EXIT", "message": f"broken answer: {error}"}) from None
        except (EOFError, OSError):
            raise CandidateFailed(self._how_it_died()) from None
        if not isinstance(answer, dict):
            raise CandidateFailed({"label": "EXIT", "message": "broken answer"})
        if answer.get("tried"):
            raise CandidateFailed({"label": "FORBIDDEN", "message": _text(answer["tried"])})
        if answer.get("too_large"):
            raise CandidateFailed({"label": "OUTPUT_LIMIT"})
        if "label" in answer:
            raise CandidateFailed(_cleaned(answer))
        return answer

    def _how_it_died(self) -> dict[str, Any]:
        _, status, usage = os.wait4(self._child, 0)
        cpu_s = usage.ru_utime + usage.ru_stime
        return {"label": None, "died": status, "died_cpu_s": cpu_s, "ancestry": []}

    def _decode(self, data: Any) -> Any:
        try:
            return wire.decode(data)
        except (wire.Broken, RecursionError) as error:
            raise CandidateFailed({"label": "EXIT", "message": f"broken answer: {error}"}) from None


# The labels that a candidate may give itself; all others follow from what it raised.
OWN_LABELS = frozenset(
    {"SYNTAX_ERROR", "STUB", "WRONG_ENTRY_POINT", "FORBIDDEN", "EXIT", "TYPE_ERROR", "MEMORY_LIMIT"}
)


def _cleaned(answer: dict[str, Any]) -> dict[str, Any]:
    """A candidate's account of its failure, with nothing in it but what may be there."""
    label, line, ancestry = answer.get("label"), answer.get("line"), answer.get("ancestry")
    where = answer.get("raised_in")
    names = [str(name)[:100] for name in ancestry][:20] if isinstance(ancestry, list) else []
    return {
        "label": label if label in OWN_LABELS else None,
        "ancestry": names or ["Exception"],
        "message": _text(answer.get("message")),
        "raised_in": where if where in ("candidate", "test") else None,
        "line": line if type(line) is int and 0 <= line < 2**31 else None,
    }


def _text(value: Any) -> str:
    return str(value if isinstance(value, str) else json.dumps(value))[:300]


def instrument(source: str) -> tuple[CodeType, int]:
    """Compile a test so that each assertion that held adds its number to `__passed__`, and one that
    is tried takes it away first; also count the assertions."""
    counter = _Counter()
    tree = ast.fix_missing_locations(counter.visit(ast.parse(source)))
    return compile(tree, candidate.TEST, "exec"), counter.total


class _Counter(ast.NodeTransformer):
    total = 0

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        number, self.total = self.total, self.total + 1
        before, after = (
            ast.copy_location(ast.parse(f"__passed__.{verb}({number})").body[0], node)
            for verb in ("discard", "add")
        )
        return [before, node, after]


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    main()
