"""The untrusted side: a process that holds one program and answers calls of its function.

It never sees the test, and nothing that it says is a verdict.
"""

import builtins
import mmap
import os
import resource
import socket
import sys
from types import CodeType, ModuleType
from typing import Any

from failpairs.execution.harness import endless_loops, wire
from failpairs.execution.harness.compilation import CANDIDATE, describe, load_test, pack, unpack

MEMORY_RESERVE = 64 * 2**20  # bytes for the answer, once the program has used up its own
# Of sockets, making a pair is allowed, as event loops do; the sandbox forbids making a single one.
FORBIDDEN_EVENTS = (
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.kill",
    "os.killpg",
    "os.link",
    "os.symlink",
    "subprocess.Popen",
    "socket.bind",
    "socket.connect",
    "socket.get",
    "socket.send",
    "ctypes.",
    "pty.spawn",
)
CHANGING_EVENTS = (
    "os.chmod",
    "os.chown",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "os.utime",
)
MAX_FILES = 100  # that a program may have in its folder, folders included
REHEARSALS = 20  # Python specialises code that has run a few times
USUAL = """
from typing import Dict, List, Optional, Tuple

def double(numbers: List[int], texts: List[str]) -> List[int]:
    pairs = sorted(zip(numbers, texts), key=lambda pair: pair[1])
    return [2 * number for number, text in pairs if text.lower() != "x"]
"""
MODULE = "candidate"  # the name of the program to itself
# Makes a file that is gone once it is closed, of which the limit on descriptors allows few.
NAMELESS = os.O_TMPFILE & ~os.O_DIRECTORY
WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC


class Forbidden(BaseException):
    """The program tried what no solution needs."""


def make_guard(folder: str) -> tuple[Any, list[str]]:
    """An audit hook that forbids processes, sockets, writing outside a folder and many files.

    The sandbox stops all of this anyway; the hook says in words what was tried.

    Returns:
        the hook, and the list that it notes each attempt in: a program may swallow the exception.
    """
    inside = folder.rstrip("/") + "/"
    tried: list[str] = []
    files = 0

    def is_outside(path: Any) -> bool:
        if isinstance(path, int):
            return False
        real = os.path.realpath(os.fsdecode(path))
        return not real.startswith(inside) and real != os.devnull

    def made_by_open(path: Any, mode: Any, flags: int) -> tuple[Any, ...]:
        """The file to be written, if any. `tempfile` opens a folder, which cannot be written to,
        and then a file in the folder, which may have no name."""
        if os.path.isdir(path):
            return (os.path.join(os.fsdecode(path), "nameless"),) if flags & NAMELESS else ()
        return () if isinstance(path, int) else (path,)

    def exists(path: Any, folder: int = -1) -> bool:
        try:
            os.lstat(path, dir_fd=None if folder == -1 else folder)
        except (OSError, ValueError):
            return False
        return True

    def guard(event: str, args: tuple[Any, ...]) -> None:
        nonlocal files
        paths: tuple[Any, ...] = ()
        if event == "open" and isinstance(args[2], int) and args[2] & WRITING:
            paths = made_by_open(*args)
            files += sum(not exists(path) for path in paths if not args[2] & NAMELESS)
        elif event in CHANGING_EVENTS:
            paths = args[:2] if event == "os.rename" else args[:1]
            files += event == "os.mkdir"
            files -= event in ("os.remove", "os.rmdir") and exists(*args)
        too_many = files > MAX_FILES and paths
        if event.startswith(FORBIDDEN_EVENTS) or any(map(is_outside, paths)) or too_many:
            tried.append(f"{event} {paths or ''}".strip()[:300])
            raise Forbidden(tried[-1])

    return guard, tried


class Candidate:
    """What answers the judge. It is made before the fork, since a new process starts slowly."""

    def __init__(self, folder: str) -> None:
        self._guard, self._tried = make_guard(folder)
        self._program = Program()
        # A copy for the program, so that one which replaces `abs` or `any` does not replace ours.
        copy = ModuleType("builtins")
        copy.__dict__.update(builtins.__dict__)
        sys.modules["builtins"] = copy
        self._channel = -1
        self._watch = endless_loops.Watch(self._report_endless)

    def serve(self, channel: int) -> None:
        """Answer until the judge closes: `load` a program, `call` its function, `run_inside` a
        test.

        Args:
            channel: descriptor of the socket to the judge.
        """
        self._channel = channel
        sys.addaudithook(self._guard)
        send, receive = wire.send, wire.receive  # taken now, since the program may replace them
        while True:
            try:
                request = receive(channel)
            except (EOFError, OSError):
                return
            verb, *args = request
            if verb == "load":
                self._watch.start(source=args[0])
            answer = getattr(self._program, verb)(*args)
            try:
                send(channel, {**answer, "tried": self._tried[:1]})
            except (wire.TooLarge, MemoryError):
                send(channel, {"too_large": True, "tried": self._tried[:1]})

    def _report_endless(self, line: int) -> None:
        message = f"the loop at line {line} is endless: all of its values came back"
        wire.send(self._channel, {"label": "TIMEOUT", "message": message, "line": line})
        os._exit(0)


class Program:
    """One program, and what can be asked of it; every answer is a JSON object."""

    def __init__(self) -> None:
        self._reserve = mmap.mmap(-1, MEMORY_RESERVE // 16, flags=mmap.MAP_PRIVATE)
        self._code = compile("", CANDIDATE, "exec")
        self._entry_point = ""
        self._function: Any = None

    def load(self, source: str, code: str, entry_point: str) -> dict[str, Any]:
        """Run the program: `{}`, or `label` and what is known of the failure.

        Args:
            source: its text, for `endless_loops.py`, which has it already.
            code: the same, compiled and packed.
        """
        self._entry_point = entry_point
        self._code = unpack(code)
        failure, namespace = self._guarded(lambda: _execute(self._code))
        if failure:
            return failure
        self._function = namespace.get(entry_point)
        return {} if callable(self._function) else {"label": "WRONG_ENTRY_POINT"}

    def call(self, encoded_args: Any, encoded_kwargs: Any) -> dict[str, Any]:
        """Call the function: `result` and, where they changed, `args`; or a failure."""
        args, kwargs = wire.decode(encoded_args), wire.decode(encoded_kwargs)
        failure, result = self._guarded(lambda: self._function(*args, **kwargs))
        if failure:
            return failure
        failure, encoded = self._guarded(lambda: wire.encode(result))
        if failure:
            return failure
        answer = {"result": encoded}
        failure, after = self._guarded(lambda: wire.encode([args, kwargs]))
        if failure is None and after != ["l", encoded_args, encoded_kwargs]:
            answer["args"] = after
        return answer

    def run_inside(self, code: str) -> dict[str, Any]:
        """Run the test in here, for tests whose arguments are not plain data: `{}` or a failure."""

        def run() -> None:
            namespace = _execute(self._code)
            trusted = load_test(unpack(code), set())
            check = trusted["check"]
            trusted[self._entry_point] = namespace[self._entry_point]
            check(namespace[self._entry_point])

        return self._guarded(run)[0] or {}

    def _guarded(self, action: Any) -> tuple[dict[str, Any] | None, Any]:
        """Run code of the program's: (None, its result), or (what went wrong, None)."""
        try:
            return None, action()
        except Forbidden as error:
            return describe(error, "FORBIDDEN"), None
        except SystemExit as error:
            return describe(error, "EXIT"), None
        except wire.NotPlain as error:
            text = (
                f"{error} instead of plain data" if "nested" in str(error) else f"returned {error}"
            )
            return {"label": "TYPE_ERROR", "message": text, "raised_in": "candidate"}, None
        except MemoryError as error:
            self._reserve.close()
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
            return describe(error, "MEMORY_LIMIT"), None
        except BaseException as error:
            return describe(error), None


def rehearse() -> None:
    """Load and call a usual program a few times before the fork.

    Python specialises code as it runs, which a fresh process would otherwise do again and again.
    """
    ours, theirs = (end.detach() for end in socket.socketpair())
    load = "load", USUAL, pack(compile(USUAL, CANDIDATE, "exec")), "double"
    call = "call", wire.encode([[2, 1], ["a", "b"]]), wire.encode({})
    program = Program()
    for _ in range(REHEARSALS):
        for request in (load, call):
            wire.send(ours, request)
            verb, *args = wire.receive(theirs)
            wire.send(theirs, {**getattr(program, verb)(*args), "tried": []})
            wire.receive(ours)
    os.close(ours)
    os.close(theirs)
    del sys.modules[MODULE]


def _execute(code: CodeType) -> dict[str, Any]:
    """Run a program as a module that can be found by its name, as pickle and dataclasses do."""
    module = sys.modules[MODULE] = ModuleType(MODULE)
    namespace = module.__dict__
    namespace["__builtins__"] = sys.modules["builtins"].__dict__
    exec(code, namespace)
    return namespace
