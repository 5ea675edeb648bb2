"""The judge: a process that runs one test on the answers of a candidate in another process."""

import ast
import json
import os
import resource
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import CodeType
from typing import Any

from failpairs.code.syntax import binds
from failpairs.execution.harness import input_choice, oracles, wire
from failpairs.execution.harness.compilation import (
    Report,
    compile_program,
    describe,
    pack,
    unpack,
)
from failpairs.execution.harness.oracles import NotPlain
from failpairs.execution.harness.values import (
    CONTAINERS,
    BadFrame,
    Decoder,
    Encoder,
    Unjudgeable,
    exception_class,
    is_exception,
)

# What the zygote says to the judge: a job is on the paper; and, with descriptors, a candidate.
JOB, CANDIDATE = b"j", b"c"
# What the judge says to the zygote: it wants a candidate; it is done; it is done for good.
WANTED, DONE, LAST = b"w", b".", b"!"
MAX_RSS_KB = 2**19  # a judge that has grown so large makes room for a new one

# The labels that a candidate may give itself; all others follow from what it raised.
OWN_LABELS = frozenset(
    {
        "WRONG_ENTRY_POINT",
        "FORBIDDEN",
        "EXIT",
        "TYPE_ERROR",
        "MEMORY_LIMIT",
    }
)
# Descriptors of a candidate: the socket to it and, for a program that is run as a script, the files
# that are its standard input and output.
Descriptors = list[int]


def serve(orders: int, paper: int, tests: int) -> None:
    """Judge one job after another, all of one problem.

    Args:
        orders: descriptor of a socket to the zygote, see above.
        paper: descriptor of the file that holds the job, as `worker.encode_job` writes it; the
            report takes its place.
        tests: descriptor of the file that holds the problem, `CompiledTest.encoded`.
    """
    zygote = socket.socket(fileno=orders)
    problem = _read(tests)
    problem["codes"] = [unpack(test) for test in problem["tests"]]
    descriptors: Descriptors = []

    def close() -> None:
        # A candidate that saw its socket closed before would still do work.
        while descriptors:
            os.close(descriptors.pop())

    def get_candidate() -> Descriptors:
        close()
        os.write(orders, WANTED)
        _, received, _, _ = socket.recv_fds(zygote, 1, 3)
        descriptors.extend(received)
        return descriptors

    while os.read(orders, 1):
        close()
        report = Judge(problem, get_candidate).judge(**_read(paper))
        data = json.dumps(report).encode()
        os.ftruncate(paper, 0)
        os.pwrite(paper, data, 0)
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MAX_RSS_KB:
            os.write(orders, LAST)
            break
        os.write(orders, DONE)


def _read(file: int) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(os.pread(file, os.fstat(file).st_size, 0))
    return value


class CandidateFailed(BaseException):
    """A call in the candidate failed. Unless the test catches it, this becomes the sample's
    result."""

    def __init__(self, report: Report, answer: dict[str, Any] | None = None) -> None:
        """
        Args:
            answer: what the report was made of.
        """
        self.report = report
        self.answer = answer or {}


class Judge:
    """Runs the tests of a problem against a candidate in another process."""

    def __init__(self, problem: dict[str, Any], get_candidate: Callable[[], Descriptors]) -> None:
        """
        Args:
            problem: see `serve`.
            get_candidate: gives the descriptors of a new candidate, which is the only one then.
        """
        self._entry_point: str = problem["entry_point"]
        self._setup: str = problem["setup"]
        self._is_script = problem["kind"] == "program"
        self._tests = [*zip(problem["tests"], problem["codes"], strict=True)]
        self._get_candidate = get_candidate
        self._channel: int
        self._last_failure: tuple[BaseException, Report] | None = None
        self._final: Report | None = None
        self._classes: dict[Any, Any] = {}
        self._unread = 0  # answers of the candidate that are still to come
        # Those of them that came before the answer of a later request.
        self._early: deque[dict[str, Any] | CandidateFailed] = deque()
        self._verified = True
        self._fragile = False
        self._chosen: list[tuple[int, str]] = []
        self._differing: list[int] = []
        self._answers: list[str] = []
        self._is_called = False
        self._silence: str | None = None  # the label of a script that did not read, or print

    def judge(self, program: str, inside: bool) -> Report:
        """Run a program and the tests, and say how that ended.

        Args:
            inside: whether the tests are run in the program's own process.
        """
        passed: set[int] = set()
        report = self._run(program, inside, passed)
        return {
            **(self._final or report),
            "tests_passed": len(passed),
            "verified": self._verified,
            "fragile": self._fragile,
            "chosen": self._chosen,
            "differing": self._differing if self._fragile else [],
            "answers": self._answers,
        }

    def _run(self, program: str, inside: bool, passed: set[int]) -> Report:
        compiled = compile_program(program, None if self._is_script else self._entry_point)
        if isinstance(compiled, dict):
            return compiled
        try:
            if self._is_script:
                candidate = self._script(pack(compiled))
            else:
                self._load(program, compiled)
                candidate = self._proxy()
            for number, (test, codes) in enumerate(self._tests):
                self._fragile = number > 0
                if inside:
                    failure = self._run_inside(test)
                else:
                    failure = self._run_test(test, codes, candidate, passed)
                if failure is not None:
                    return failure
        except CandidateFailed as failed:
            return failed.report
        self._fragile = False
        return {"label": "PASS"}

    def _load(self, program: str, code: CodeType) -> None:
        self._channel = self._get_candidate()[0]
        try:
            self._request("load", self._setup, pack(code), self._entry_point)
            self._answer()
        except CandidateFailed as failed:
            name = self._entry_point.partition(".")[0]
            if self._final is None and not binds(ast.parse(program), name):
                raise CandidateFailed({"label": "WRONG_ENTRY_POINT"}) from None
            raise failed from None

    def _run_test(
        self, test: str, codes: Sequence[CodeType], candidate: Any, passed: set[int]
    ) -> Report | None:
        """Run one test: None if the program passes it.

        Args:
            test: the same as `codes`, packed.
            passed: where the assertions that held are noted.
        """
        trusted: dict[str, Any] = {"__name__": "test", "__builtins__": __builtins__}
        trusted.update({"__passed__": passed, "oracles": oracles, self._entry_point: candidate})
        trusted.update({"__chosen__": self._chosen, "input_choice": input_choice})
        trusted.update({"__differing__": self._differing, "__answers__": self._answers})
        try:
            for code in codes:
                exec(code, trusted)
            trusted["check"](candidate)
        except Unjudgeable as error:
            return self._run_inside(test) or {
                "label": "TYPE_ERROR",
                "message": f"returned {error}",
                "raised_in": "candidate",
            }
        except NotPlain:
            return self._run_inside(test)
        except CandidateFailed:
            raise
        except BaseException as error:
            if self._last_failure is not None and error is self._last_failure[0]:
                return self._last_failure[1]
            return describe(error, self._label_of(error))
        return None

    def _label_of(self, error: BaseException) -> str | None:
        """The label of what a test raised, unless that follows from the exception."""
        if not self._is_called:
            return "INFRA_ERROR"  # the test failed before there was anything to test
        return self._silence if isinstance(error, AssertionError) else None

    def _run_inside(self, test: str) -> Report | None:
        self._verified = False
        try:
            self._request("run_inside", test)
            self._answer()
        except CandidateFailed as failed:
            return failed.report
        return None

    def _proxy(self) -> Any:
        """A function that has the candidate call its own."""

        def call(*args: Any, **kwargs: Any) -> Any:
            self._is_called = True
            sent = Encoder()
            self._request("call", sent.nodes, sent.encode([*args]), sent.encode(kwargs))
            return self._result(sent)

        def call_all(all_args: list[list[Any]]) -> Iterator[Any]:
            self._is_called = True
            sent = Encoder()
            contents = sent.encode(all_args)
            try:
                self._send("call_all", sent.nodes, contents)
            except wire.TooLarge as error:
                if len(all_args) == 1:
                    raise self._too_much_sent(error) from None
                half = len(all_args) // 2
                yield from call_all(all_args[:half])
                yield from call_all(all_args[half:])
                return
            self._early.clear()  # of calls whose results nobody wanted
            self._unread = len(all_args)
            while self._unread or self._early:
                yield self._result(Encoder(), of_all=True)

        call.__name__ = call.__qualname__ = self._entry_point
        call.call_all = call_all  # type: ignore[attr-defined]
        return call

    def _script(self, code: str) -> Any:
        """A function that runs the program on a text and gives what it prints."""

        def run(text: str) -> str:
            self._is_called = True
            self._silence = None
            self._channel, given, printed = self._get_candidate()
            data = text.encode("utf-8", "surrogatepass")
            written = 0
            while written < len(data):
                written += os.pwrite(given, data[written:], written)
            self._request("run_main", self._setup, code)
            self._result(Encoder())
            output = os.pread(printed, os.fstat(printed).st_size, 0)
            if data and os.lseek(given, 0, os.SEEK_CUR) == 0:
                self._silence = "NO_INPUT_READ"
            elif not output.strip():
                self._silence = "NO_OUTPUT"
            return output.decode("utf-8", "replace")

        return run

    def _iterator(self, handle: int) -> Iterator[Any]:
        """The items of an iterator of the candidate, each asked for when it is wanted."""
        while True:
            self._request("next", handle)
            item = self._result(Encoder(), _END)
            if item is _END:
                return
            yield item

    def _result(self, sent: Encoder, missing: Any = None, of_all: bool = False) -> Any:
        """The result of a request, once changes of its arguments in place are made here too.

        Args:
            sent: the table of the request.
            missing: what to give if the answer has no result.
            of_all: whether the answer is the next one of several.

        Raises:
            Exception: the built-in one that the candidate raised, since a test may expect it.
            CandidateFailed: it failed in another way.
        """
        try:
            answer = self._next_of_all() if of_all else self._answer()
        except CandidateFailed as failed:
            self._unread = 0
            if failed.report["label"] is not None or self._final is not None:
                raise
            self._received(failed.answer, sent)
            raise self._as_exception(failed) from None
        return self._received(answer, sent, missing)

    def _received(self, answer: dict[str, Any], sent: Encoder, missing: Any = None) -> Any:
        try:
            table = Decoder(answer.get("nodes", []), sent.objects, self._classes, self._iterator)
            for place, _, contents in answer.get("changes", ()):
                container = CONTAINERS[sent.nodes[place][0]]
                container.fill(sent.objects[place], table.values(contents))
            return table.value(answer["result"]) if "result" in answer else missing
        except NotPlain:
            raise
        except Exception as error:
            raise self._ended({"label": "EXIT", "message": f"broken answer: {error}"}) from None

    def _as_exception(self, failed: CandidateFailed) -> BaseException:
        """The exception that the candidate raised, or the failure where there is none like it."""
        known = (name for name in failed.report["ancestry"] if is_exception(name))
        kind = exception_class(next(known, "BaseException"))
        error = None
        if issubclass(kind, Exception):
            with suppress(Exception):
                table = Decoder(failed.answer["arg_nodes"], classes=self._classes)
                error = kind(*table.value(failed.answer["args"]))
            if error is None:
                with suppress(Exception):
                    error = kind(failed.report["message"])
        if error is None:
            return failed
        self._last_failure = error, failed.report
        return error

    def _request(self, *request: Any) -> None:
        """Send a request; its answer comes from `_answer`.

        Raises:
            CandidateFailed: as `_answer`, or the request is too large, which is our failure.
        """
        try:
            self._send(*request)
        except wire.TooLarge as error:
            raise self._too_much_sent(error) from None

    def _too_much_sent(self, error: wire.TooLarge) -> CandidateFailed:
        message = f"the arguments are too large: {error}"
        return self._ended({"label": "INFRA_ERROR", "message": message})

    def _send(self, *request: Any) -> None:
        """The same.

        Raises:
            TooLarge: the request is.
            CandidateFailed: as `_answer`.
        """
        if self._final is not None:
            raise CandidateFailed(self._final)
        while self._unread:
            self._unread -= 1
            try:
                self._early.append(self._answer())
            except CandidateFailed as failed:
                self._early.append(failed)
                self._unread = 0
        if self._final is not None:
            raise CandidateFailed(self._final)
        try:
            wire.send(self._channel, request)
        except OSError:
            raise self._ended({"label": None, "died": True, "ancestry": []}) from None

    def _next_of_all(self) -> dict[str, Any]:
        """The next answer to a request that has several."""
        if self._early:
            answer = self._early.popleft()
            if isinstance(answer, CandidateFailed):
                raise answer
            return answer
        self._unread -= 1
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        """The next answer of the candidate.

        Raises:
            CandidateFailed: it is a failure, none came, or it was none of ours.
        """
        try:
            answer = wire.receive(self._channel)
        except wire.TooLarge as error:
            raise self._ended({"label": "OUTPUT_LIMIT", "message": str(error)}) from None
        except BadFrame as error:
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
            raise CandidateFailed(_cleaned(answer, has_test=not self._verified), answer)
        return answer

    def _ended(self, report: Report) -> CandidateFailed:
        """A failure that stays, whatever the test makes of it."""
        self._final = report
        return CandidateFailed(report)


_END = object()


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
