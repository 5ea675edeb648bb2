"""The program inside an isolated process: runs one candidate against its test and reports.

It is started by `execution.py` as `python -B -P -s -S harness.py` with the job as JSON on standard
input, and writes its report to the file descriptor that the job names. It imports nothing but the
standard library and `sandbox.py` beside it, and all of that before any limit is set.
"""

import ast
import errno
import json
import math
import os
import resource
import sys
import traceback
from types import CodeType
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from failpairs import sandbox

sys.path.pop(0)

CANDIDATE, TEST = "<candidate>", "<test>"
NO_SANDBOX = "none"
READY = b"\n"  # written first, so that a process that could not be set up is told apart
MEMORY_RESERVE = 64 * 2**20  # bytes for the report, once the candidate has used up its own
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
    """The candidate tried what no solution needs."""


def main() -> None:
    # Taken now, since the candidate may replace them.
    write, leave, dumps = os.write, os._exit, json.dumps
    job = json.load(sys.stdin)
    report_fd, token = job.pop("report_fd"), job.pop("token")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if job["tier"] != NO_SANDBOX:
        os.environ["TMPDIR"] = sandbox.enter(job["tier"], os.getcwd())
    tried = set_limits(job)
    write(report_fd, READY)
    report = judge(job)
    if tried:
        report = {"label": "FORBIDDEN", "message": tried[0]}
    write(report_fd, dumps({**report, "token": token}).encode())
    leave(0)


def set_limits(job: dict[str, Any]) -> list[str]:
    """Limit CPU time, memory and output of this process, and forbid what no solution needs.

    Returns:
        what was tried though it is forbidden; filled from now on, since a candidate may swallow the
        exception.
    """
    cpu = math.ceil(job["timeout"])
    memory = job["memory_mb"] * 2**20
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory + MEMORY_RESERVE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (job["output_kb"] * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    folder = os.path.realpath(os.getcwd()) + "/"
    tried: list[str] = []

    def is_outside(path: Any) -> bool:
        if isinstance(path, int):
            return False
        real = os.path.realpath(os.fsdecode(path))
        return not real.startswith(folder) and real != os.devnull

    def guard(event: str, args: tuple[Any, ...]) -> None:
        paths: tuple[Any, ...] = ()
        if event == "open" and isinstance(args[2], int) and args[2] & WRITING:
            paths = args[:1]
        elif event in CHANGING_EVENTS:
            paths = args[:2] if event == "os.rename" else args[:1]
        if event.startswith(FORBIDDEN_EVENTS) or any(map(is_outside, paths)):
            tried.append(f"{event} {paths or ''}".strip()[:300])
            raise Forbidden(tried[-1])

    sys.addaudithook(guard)
    return tried


def judge(job: dict[str, Any]) -> dict[str, Any]:
    """Run the candidate and then its test; say how it ended."""
    try:
        tree = ast.parse(job["program"])
        code = compile(job["program"], CANDIDATE, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return describe("SYNTAX_ERROR", error)
    if is_stub(tree, job["entry_point"]):
        return {"label": "STUB"}
    passed: set[int] = set()
    try:
        trusted, total = load_test(job, passed)
    except Exception as error:
        return describe("INFRA_ERROR", error)
    report = run(job["entry_point"], code, trusted)
    if report["label"] != "PASS" and not binds(tree, job["entry_point"]):
        report = {"label": "WRONG_ENTRY_POINT"}
    report["tests_passed"], report["tests_total"] = len(passed), total
    return report


def load_test(job: dict[str, Any], passed: set[int]) -> tuple[dict[str, Any], int]:
    """The namespace of the test, with what the prompt gives it, and its number of assertions."""
    test, total = instrument(job["test"])
    trusted: dict[str, Any] = {
        "__name__": "test",
        "__builtins__": __builtins__,
        "__passed__": passed,
    }
    exec(compile(job["preamble"], TEST, "exec"), trusted)
    exec(test, trusted)
    return trusted, total


def run(entry_point: str, code: CodeType, trusted: dict[str, Any]) -> dict[str, Any]:
    """Load the candidate and call the test with it."""
    namespace: dict[str, Any] = {"__name__": "candidate", "__builtins__": __builtins__}
    check = trusted["check"]
    reserve = [bytearray(MEMORY_RESERVE // 16)]
    try:
        exec(code, namespace)
        candidate = namespace.get(entry_point)
        if not callable(candidate):
            return {"label": "WRONG_ENTRY_POINT"}
        trusted[entry_point] = candidate
        check(candidate)
    except Forbidden as error:
        return describe("FORBIDDEN", error)
    except SystemExit as error:
        return describe("EXIT", error)
    except MemoryError as error:
        reserve.clear()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        return describe("MEMORY_LIMIT", error)
    except BaseException as error:
        return describe(None, error)
    return {"label": "PASS"}


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


def is_stub(tree: ast.Module, entry_point: str) -> bool:
    """Whether the function asked for does nothing: only pass, ..., a docstring, or "not done"."""
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == entry_point]
    return bool(found) and all(is_idle(statement) for statement in found[-1].body)


def is_idle(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass)


def instrument(source: str) -> tuple[CodeType, int]:
    """Compile a test so that each assertion that held adds its number to `__passed__`, and one that
    is tried takes it away first; also count the assertions."""
    tree = ast.parse(source)
    counter = Counter()
    tree = ast.fix_missing_locations(counter.visit(tree))
    return compile(tree, TEST, "exec"), counter.total


class Counter(ast.NodeTransformer):
    total = 0

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        number, self.total = self.total, self.total + 1
        before, after = (
            ast.copy_location(ast.parse(f"__passed__.{verb}({number})").body[0], node)
            for verb in ("discard", "add")
        )
        return [before, node, after]


def describe(label: str | None, error: BaseException) -> dict[str, Any]:
    """What is known of an exception: its class and ancestors, its message, where it was raised."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename in (CANDIDATE, TEST)
    ]
    where = frames[-1] if frames else None
    line = error.lineno if isinstance(error, SyntaxError) else where.lineno if where else None
    try:
        message = str(error)[:300]
    except BaseException:
        message = ""
    return {
        "label": label,
        "ancestry": [kind.__name__ for kind in type(error).__mro__],
        "message": message,
        "raised_in": where and {CANDIDATE: "candidate", TEST: "test"}[where.filename],
        "line": line,
        "too_large": isinstance(error, OSError) and error.errno == errno.EFBIG,
    }


if __name__ == "__main__":
    main()
