"""The untrusted side: a process that holds one program and answers calls of its function.

It never sees the test, and nothing that it says is a verdict.
"""

import builtins
import errno
import mmap
import os
import resource
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, ModuleType
from typing import Any

from failpairs.execution.harness import oracles, wire
from failpairs.execution.harness.compilation import CANDIDATE, describe, pack, unpack
from failpairs.execution.harness.oracles import NotPlain
from failpairs.execution.harness.values import CONTAINERS, Decoder, Encoder

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
# Their system calls do nothing and succeed, also without a file.
IDLE_EVENTS = ("os.chmod", "os.utime")
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
        if event in IDLE_EVENTS and not isinstance(args[0], int) and not exists(args[0], args[-1]):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), args[0])
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
        # As they are where the module `site` is loaded.
        copy.__dict__.update(exit=sys.exit, quit=sys.exit)
        sys.modules["builtins"] = copy

    def serve(self, channel: int) -> None:
        """Answer requests, each with one frame or, where the method gives several, with several,
        until the judge closes the channel. A request is the name of a method and its arguments.

        Args:
            channel: descriptor of the socket to the judge.
        """
        sys.addaudithook(self._guard)
        send, receive = wire.send, wire.receive  # taken now, since the program may replace them
        while True:
            try:
                verb, *args = receive(channel)
            except (EOFError, OSError):
                return
            for answer in getattr(self._program, verb)(*args):
                try:
                    send(channel, {**answer, "tried": self._tried[:1]})
                except (wire.TooLarge, MemoryError):
                    send(channel, {"too_large": True, "tried": self._tried[:1]})


Answers = Iterator[dict[str, Any]]


class Program:
    """One program, and what can be asked of it; every answer is a JSON object."""

    def __init__(self) -> None:
        self._reserve = mmap.mmap(-1, MEMORY_RESERVE // 16, flags=mmap.MAP_PRIVATE)
        self._codes: list[CodeType] = []
        self._entry_point = ""
        self._function: Any = None
        self._iterators: list[Any] = []

    def load(self, setup: str, code: str, entry_point: str) -> Answers:
        """Run the program, which defines the entry point: `{}`, or a failure."""
        self._entry_point = entry_point
        self._codes = [unpack(each) for each in (setup, code) if each]
        failure, namespace = self._guarded(lambda: _execute(self._codes, new_module()))
        if failure is None:
            failure, self._function = self._guarded(lambda: find_function(namespace, entry_point))
        if failure is None and self._function is None:
            failure = {"label": "WRONG_ENTRY_POINT"}
        yield failure or {}

    def call(self, nodes: Any, args: Any, kwargs: Any) -> Answers:
        """Call the function: the table `nodes` with its `result`, or a failure; and `changes` of
        the arguments in place: the places of containers, with their new headers and contents."""
        sent = Decoder(nodes)
        given, named = sent.value(args), sent.value(kwargs)
        failure, result = self._guarded(lambda: self._function(*given, **named))
        table = Encoder(sent.objects, self._keep_iterator)
        if failure is None:
            failure, ref = self._guarded(lambda: table.encode(result))
        answer = {"result": ref} if failure is None else failure
        broken, changes = self._guarded(lambda: _changes(table, nodes, sent.objects))
        yield broken or {**answer, "nodes": table.nodes, "changes": changes}

    def call_all(self, nodes: Any, all_args: Any) -> Answers:
        """Call the function with one list of arguments after another, up to the first failure."""
        sent = Decoder(nodes)
        for args in sent.value(all_args):
            (answer,) = self._call_plainly(args)
            yield answer
            if "result" not in answer:
                return

    def next(self, handle: int) -> Answers:
        """The next item of an iterator that the program gave, as `result`; `{}` at its end."""
        failure, item = self._guarded(lambda: next(self._iterators[handle], _END))
        if failure is None and item is _END:
            yield {}
            return
        yield failure or self._result(item)

    def run_inside(self, code: str) -> Answers:
        """Run a test in here, in the namespace of the program: `{}` or a failure."""

        def run() -> None:
            module = new_module()
            module.__dict__["__passed__"] = set()
            module.__dict__.update({"oracles": oracles, "__differing__": [], "__answers__": []})
            before, test = unpack(code)
            namespace = _execute([before, *self._codes], module)
            function = find_function(namespace, self._entry_point)
            exec(test, namespace)
            namespace["check"](function)

        yield self._guarded(run)[0] or {}

    def run_main(self, setup: str, code: str) -> Answers:
        """Run the program as a script that reads standard input: `{}` or a failure."""

        def run() -> None:
            try:
                codes = [unpack(each) for each in (setup, code) if each]
                _execute(codes, new_module("__main__"))
            except SystemExit as error:
                if error.code not in (None, 0):
                    raise
            _finish_like_python()

        yield self._guarded(run)[0] or {}

    def _call_plainly(self, args: list[Any]) -> Answers:
        failure, result = self._guarded(lambda: self._function(*args))
        yield failure or self._result(result)

    def _result(self, value: Any) -> dict[str, Any]:
        table = Encoder(handle_of=self._keep_iterator)
        failure, ref = self._guarded(lambda: table.encode(value))
        return failure or {"result": ref, "nodes": table.nodes}

    def _keep_iterator(self, iterator: Any) -> int:
        self._iterators.append(iterator)
        return len(self._iterators) - 1

    def _guarded(self, action: Callable[[], Any]) -> tuple[dict[str, Any] | None, Any]:
        """Run code of the program's: (None, its result), or (what went wrong, None)."""
        try:
            return None, action()
        except Forbidden as error:
            return describe(error, "FORBIDDEN"), None
        except SystemExit as error:
            return describe(error, "EXIT"), None
        except MemoryError as error:
            self._reserve.close()
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
            return describe(error, "MEMORY_LIMIT"), None
        except BaseException as error:
            return {**describe(error), **_arguments(error)}, None


_END = object()


def new_module(name: str = MODULE) -> ModuleType:
    """A module that can be found by its name, as pickle and dataclasses do."""
    module = sys.modules[name] = ModuleType(name)
    module.__dict__["__builtins__"] = sys.modules["builtins"].__dict__
    return module


def find_function(namespace: dict[str, Any], entry_point: str) -> Any:
    """The function of a name, or for `Class.method` one that calls it on a new object; None if
    there is none."""
    name, _, method = entry_point.partition(".")
    found: Any = namespace.get(name)
    if method:
        if not callable(getattr(found, method, None)):
            return None
        return lambda *args, **kwargs: getattr(found(), method)(*args, **kwargs)
    return found if callable(found) else None


def rehearse() -> None:
    """Load and call a usual program a few times before the fork.

    Python specialises code as it runs, which a fresh process would otherwise do again and again.
    """
    ours, theirs = (end.detach() for end in socket.socketpair())
    load = "load", "", pack(compile(USUAL, CANDIDATE, "exec")), "double"
    table = Encoder()
    call = "call", table.nodes, table.encode([[2, 1], ["a", "b"]]), table.encode({})
    program = Program()
    for _ in range(REHEARSALS):
        for request in (load, call):
            wire.send(ours, request)
            verb, *args = wire.receive(theirs)
            for answer in getattr(program, verb)(*args):
                wire.send(theirs, {**answer, "tried": []})
                wire.receive(ours)
    os.close(ours)
    os.close(theirs)
    del sys.modules[MODULE]


def _execute(codes: Iterable[CodeType], module: ModuleType) -> dict[str, Any]:
    for code in codes:
        exec(code, module.__dict__)
    return module.__dict__


def _changes(table: Encoder, nodes: Any, objects: list[Any]) -> list[Any]:
    """The containers of the arguments whose contents are not what was sent."""
    changes = []
    for place, (tag, *rest) in enumerate(nodes):
        now = table.contents(objects[place]) if tag in CONTAINERS else None
        if now is None:
            continue
        before = [[-1 - ref[0]] if type(ref) is list else ref for ref in rest[1]]
        # Equal values may be of different types, as 1 and True are.
        if now[1] != before or [*map(type, now[1])] != [*map(type, before)]:
            changes.append([place, *now])
    return changes


def _arguments(error: BaseException) -> dict[str, Any]:
    """What an exception was made of, where that can cross."""
    table = Encoder()
    try:
        return {"args": table.encode([*error.args]), "arg_nodes": table.nodes}
    except (NotPlain, AttributeError, TypeError):
        return {}


def _finish_like_python() -> None:
    """What Python does at the end of a script: wait for threads, run exit functions, flush."""
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    if "atexit" in sys.modules:
        sys.modules["atexit"]._run_exitfuncs()
    for stream in {id(each): each for each in (sys.stdout, sys.__stdout__)}.values():
        flush = getattr(stream, "flush", None)
        if flush is not None:
            flush()
