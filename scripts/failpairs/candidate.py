"""The untrusted side: a process that holds one program and answers calls of its function.

It never sees the test, and nothing that it says is a verdict.
"""

import ast
import errno
import os
import resource
import traceback
from types import CodeType
from typing import Any

from failpairs import wire

CANDIDATE, TEST = "<candidate>", "<test>"
MEMORY_RESERVE = 64 * 2**20  # bytes for the answer, once the program has used up its own
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
    "socket.",
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
WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC


class Forbidden(BaseException):
    """The program tried what no solution needs."""


def make_guard(folder: str) -> tuple[Any, list[str]]:
    """An audit hook that forbids processes, sockets and writing outside a folder.

    The sandbox stops all of this anyway; the hook says in words what was tried.

    Returns:
        the hook, and the list that it notes each attempt in: a program may swallow the exception.
    """
    inside = os.path.realpath(folder) + "/"
    tried: list[str] = []

    def is_outside(path: Any) -> bool:
        if isinstance(path, int):
            return False
        real = os.path.realpath(os.fsdecode(path))
        return not real.startswith(inside) and real != os.devnull

    def guard(event: str, args: tuple[Any, ...]) -> None:
        paths: tuple[Any, ...] = ()
        if event == "open" and isinstance(args[2], int) and args[2] & WRITING:
            paths = args[:1]
        elif event in CHANGING_EVENTS:
            paths = args[:2] if event == "os.rename" else args[:1]
        if event.startswith(FORBIDDEN_EVENTS) or any(map(is_outside, paths)):
            tried.append(f"{event} {paths or ''}".strip()[:300])
            raise Forbidden(tried[-1])

    return guard, tried


def serve(channel: int, tried: list[str]) -> None:
    """Answer the judge until it closes: `load` a program, `call` its function, `run_inside` a test.

    Args:
        channel: descriptor of the socket to the judge.
        tried: what the guard noted; told with every answer.
    """
    send, receive = wire.send, wire.receive  # taken now, since the program may replace them
    program = Program()
    while True:
        try:
            request = receive(channel)
        except (EOFError, OSError):
            return
        verb, *args = request
        answer = getattr(program, verb)(*args)
        try:
            send(channel, {**answer, "tried": tried[:1]})
        except wire.TooLarge:
            send(channel, {"too_large": True, "tried": tried[:1]})


class Program:
    """One program, and what can be asked of it; every answer is a JSON object."""

    def __init__(self) -> None:
        self._source = ""
        self._entry_point = ""
        self._function: Any = None

    def load(self, source: str, entry_point: str) -> dict[str, Any]:
        """Compile and run the program: `{}`, or `label` and what is known of the failure."""
        self._source, self._entry_point = source, entry_point
        try:
            tree = ast.parse(source)
            code = compile(source, CANDIDATE, "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
            return describe(error, "SYNTAX_ERROR")
        if is_stub(tree, entry_point):
            return {"label": "STUB"}
        failure, namespace = guarded(lambda: _execute(code))
        if failure:
            return failure if binds(tree, entry_point) else {"label": "WRONG_ENTRY_POINT"}
        self._function = namespace.get(entry_point)
        return {} if callable(self._function) else {"label": "WRONG_ENTRY_POINT"}

    def call(self, encoded_args: Any, encoded_kwargs: Any) -> dict[str, Any]:
        """Call the function: `result` and, where they changed, `args`; or a failure."""
        args, kwargs = wire.decode(encoded_args), wire.decode(encoded_kwargs)
        failure, result = guarded(lambda: self._function(*args, **kwargs))
        if failure:
            return failure
        failure, encoded = guarded(lambda: wire.encode(result))
        if failure:
            return failure
        answer = {"result": encoded}
        failure, after = guarded(lambda: wire.encode([args, kwargs]))
        if failure is None and after != ["l", encoded_args, encoded_kwargs]:
            answer["args"] = after
        return answer

    def run_inside(self, preamble: str, test: str) -> dict[str, Any]:
        """Run the test in here, for tests whose arguments are not plain data: `{}` or a failure."""

        def run() -> None:
            namespace = _execute(compile(self._source, CANDIDATE, "exec"))
            trusted = load_test(preamble, compile(test, TEST, "exec"))
            check = trusted["check"]
            trusted[self._entry_point] = namespace[self._entry_point]
            check(namespace[self._entry_point])

        return guarded(run)[0] or {}


def _execute(code: CodeType) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "candidate", "__builtins__": __builtins__}
    exec(code, namespace)
    return namespace


def load_test(preamble: str, test: CodeType) -> dict[str, Any]:
    """The namespace of a test, with what the prompt gives it."""
    trusted: dict[str, Any] = {"__name__": "test", "__builtins__": __builtins__}
    exec(compile(preamble, TEST, "exec"), trusted)
    exec(test, trusted)
    return trusted


def guarded(action: Any) -> tuple[dict[str, Any] | None, Any]:
    """Run code of the program's: (None, its result), or (what went wrong, None)."""
    reserve = [bytearray(MEMORY_RESERVE // 16)]
    try:
        return None, action()
    except Forbidden as error:
        return describe(error, "FORBIDDEN"), None
    except SystemExit as error:
        return describe(error, "EXIT"), None
    except wire.NotPlain as error:
        text = f"{error} instead of plain data" if "nested" in str(error) else f"returned {error}"
        return {"label": "TYPE_ERROR", "message": text, "raised_in": "candidate"}, None
    except MemoryError as error:
        reserve.clear()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        return describe(error, "MEMORY_LIMIT"), None
    except BaseException as error:
        return describe(error), None


def describe(error: BaseException, label: str | None = None) -> dict[str, Any]:
    """What is known of an exception: its class and ancestors, its message, where it was raised."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename in (CANDIDATE, TEST)
    ]
    where = frames[-1] if frames else None
    try:
        message = str(error)[:300]
    except BaseException:
        message = ""
    return {
        "label": label,
        "ancestry": [kind.__name__ for kind in type(error).__mro__],
        "message": message,
        "raised_in": where and {CANDIDATE: "candidate", TEST: "test"}[where.filename],
        "line": error.lineno if isinstance(error, SyntaxError) else where and where.lineno,
        "too_large": isinstance(error, OSError) and error.errno == errno.EFBIG,
    }


def is_stub(tree: ast.Module, entry_point: str) -> bool:
    """Whether the function asked for does nothing: only pass, ..., a docstring, or "not done"."""
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == entry_point]
    return bool(found) and all(is_idle(statement) for statement in found[-1].body)


def is_idle(statement: ast.stmt) -> bool:
    """Whether a statement does nothing, or says that nothing is done."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass)


def binds(tree: ast.Module, name: str) -> bool:
    """Whether a program binds a name anywhere, as far as its text tells."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound):
                pass
            case ast.ClassDef(name=bound) | ast.Name(id=bound, ctx=ast.Store()):
                pass
            case ast.alias(name=original, asname=renamed):
                bound = renamed or original
            case _:
                continue
        if bound in (name, "*"):
            return True
    return False
