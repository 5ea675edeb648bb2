"""Proves that a loop will never end, so that its time limit need not be waited for.

Now and then the running program is looked at. Where it is inside a `while` loop that only computes
with plain data, the values of all names in that loop are compared from pass to pass: when they come
back exactly as they were, the loop goes round for ever. A loop with anything in it that cannot be
seen through (calls of other functions, generators, exceptions caught, sets, whose order has a
history) is left alone, and the time limit decides.

It runs inside the candidate's process: a program that tampers with it can only earn a TIMEOUT.
"""

import ast
import builtins
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from failpairs.execution.harness.compilation import CANDIDATE

FIRST_LOOK_S = 0.1  # CPU seconds until the first look; each later one waits twice as long
MAX_PASSES = 500  # passes of a loop that one look follows
MAX_ITEMS = 1000  # items of a value that one look compares
PURE = frozenset(
    """abs all any bool bytes chr dict divmod enumerate float int isinstance len list max min ord
    pow range reversed round sorted str sum tuple zip""".split()
)
PLAIN = (bool, bytes, bytearray, complex, float, int, range, str, type(None))
TRANSPARENT = tuple(
    getattr(ast, name)
    for name in """While If For Assign AugAssign AnnAssign Expr Pass Continue Break Return Assert
    Call keyword Attribute BoolOp BinOp UnaryOp Compare IfExp NamedExpr Name Constant Subscript
    Slice List Tuple Dict Starred JoinedStr FormattedValue expr_context operator boolop unaryop
    cmpop""".split()
)


class NotPlain(Exception):
    """A value whose state cannot be seen, or not cheaply."""


class Watch:
    """Looks at this process, or a copy of it, again and again as it uses CPU time."""

    def __init__(self, report: Callable[[int], None]) -> None:
        """
        Args:
            report: called with the first line of a loop that is proven endless.
        """
        self._report = report
        self._source = ""
        self._seen_to_end: set[int] = set()
        self._wait_s = FIRST_LOOK_S
        signal.signal(signal.SIGPROF, self._look)

    def start(self, source: str) -> None:
        """Watch the program of this process.

        Args:
            source: its text, as `compilation.compile_program` compiled it.
        """
        self._source = source
        signal.setitimer(signal.ITIMER_PROF, self._wait_s)

    def _look(self, number: int, frame: FrameType | None) -> None:
        self._wait_s *= 2
        signal.setitimer(signal.ITIMER_PROF, self._wait_s)
        if sys.gettrace() is not None or _can_be_interrupted():
            return
        tree = ast.parse(self._source)
        for running in _frames(frame):
            for loop in _loops_around(tree, running):
                if _is_idle(loop):
                    self._report(loop.lineno)
                line = _line_of_passes(loop)
                if line is not None and loop.lineno not in self._seen_to_end:
                    _follow(running, loop, line, self._seen_to_end, self._report)
                    return


def _can_be_interrupted() -> bool:
    """Whether a thread or a signal handler of the program's might end its loop from outside."""
    if len(sys._current_frames()) > 1 or signal.getitimer(signal.ITIMER_REAL)[0]:
        return True
    ours = (signal.SIGPROF, signal.SIGINT)
    return any(callable(signal.getsignal(n)) for n in signal.valid_signals() if n not in ours)


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        if frame.f_code.co_filename == CANDIDATE:
            yield frame
        frame = frame.f_back


def _loops_around(tree: ast.Module, frame: FrameType) -> list[ast.While]:
    """The `while` loops that a frame is in, the innermost first."""
    lines = frame.f_code.co_firstlineno, frame.f_lineno
    loops = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.While)
        and lines[0] <= node.lineno <= lines[1] <= (node.end_lineno or 0)
    ]
    return sorted(loops, key=lambda node: -node.lineno)


def _is_idle(loop: ast.While) -> bool:
    """Whether nothing happens in a loop, and no condition ends it."""
    idle = (ast.Pass, ast.Continue)
    return (
        isinstance(loop.test, ast.Constant)
        and bool(loop.test.value)
        and all(isinstance(statement, idle) for statement in loop.body)
    )


def _line_of_passes(loop: ast.While) -> int | None:
    """A line where each pass of a loop comes by once, with no iterator at work, if it is one of
    those that can be seen through."""
    for node in ast.walk(loop):
        if not isinstance(node, TRANSPARENT):
            return None
        if isinstance(node, ast.Call) and not (
            isinstance(node.func, ast.Attribute)
            or (isinstance(node.func, ast.Name) and node.func.id in PURE)
        ):
            return None
    first = loop.test if not isinstance(loop.test, ast.Constant) else loop.body[0]
    return None if any(isinstance(n, ast.For) for n in ast.walk(first)) else first.lineno


def _follow(
    frame: FrameType,
    loop: ast.While,
    line: int,
    seen_to_end: set[int],
    report: Callable[[int], None],
) -> None:
    """Watch a loop pass by pass, and report it once its state has come back (R. P. Brent's way to
    find a cycle: compare with one earlier state, taken anew after 1, 2, 4, ... passes)."""
    names = {node.id for node in ast.walk(loop) if isinstance(node, ast.Name)}
    passes, anchor = 0, b""

    def stop() -> None:
        frame.f_trace = None
        sys.settrace(None)

    def trace(running: FrameType, event: str, argument: Any) -> Any:
        nonlocal passes, anchor
        if event != "line" or not loop.lineno <= running.f_lineno <= (loop.end_lineno or 0):
            seen_to_end.add(loop.lineno)
            return stop()
        if running.f_lineno != line:
            return trace
        try:
            state = _state(running, names)
        except (NotPlain, RecursionError, MemoryError):
            return stop()
        passes += 1
        if passes > MAX_PASSES:
            return stop()
        if state == anchor:
            report(loop.lineno)
        if passes & (passes - 1) == 0:
            anchor = state
        return trace

    frame.f_trace = trace
    sys.settrace(lambda *_: None)


def _state(frame: FrameType, names: set[str]) -> bytes:
    """The values of names, with what they share among each other.

    Raises:
        NotPlain: one of them is not plain data.
    """
    found = {}
    for name in sorted(names):
        for scope in (frame.f_locals, frame.f_globals):
            if name in scope:
                found[name] = scope[name]
                _require_plain(scope[name])
                break
        else:
            if name not in PURE and hasattr(builtins, name):
                raise NotPlain
    return pickle.dumps(found)


def _require_plain(value: Any) -> None:
    kind = type(value)
    if hasattr(kind, "__len__") and len(value) > MAX_ITEMS:
        raise NotPlain
    if kind in (list, tuple):
        for item in value:
            _require_plain(item)
    elif kind is dict:
        for key, item in value.items():
            _require_plain(key)
            _require_plain(item)
    elif kind not in PLAIN:
        raise NotPlain
