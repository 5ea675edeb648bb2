"""From texts to code that can run, and what is known of it when that fails.

The judge compiles the program: that runs nothing of it, and a process that has done it before does
it many times faster than the fresh one that a candidate is.
"""

import ast
import builtins
import errno
import marshal
from types import CodeType
from typing import Any

from failpairs.code.syntax import is_stub

CANDIDATE, TEST = "<candidate>", "<test>"  # the names of the two sources in tracebacks
Report = dict[str, Any]


def compile_program(source: str, entry_point: str | None) -> CodeType | Report:
    """The code of a program, or a failure: SYNTAX_ERROR or STUB.

    Args:
        entry_point: the function that must be more than a stub; None for a script.
    """
    try:
        code = compile(source, CANDIDATE, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return {**describe(error, "SYNTAX_ERROR"), "line": getattr(error, "lineno", None)}
    if entry_point is None or not _may_be_stub(code, entry_point):
        return code
    return {"label": "STUB"} if is_stub(ast.parse(source), entry_point) else code


def _may_be_stub(code: CodeType, entry_point: str) -> bool:
    """Whether a function is so simple that it is worth while to look at its syntax tree."""
    found = [code]
    for name in entry_point.split("."):
        inner = [const for each in found for const in each.co_consts]
        found = [c for c in inner if isinstance(c, CodeType) and c.co_name == name]
    return any(not each.co_names or "NotImplementedError" in each.co_names for each in found)


def pack(code: CodeType | tuple[CodeType, ...]) -> str:
    """Code as text, for another process that runs the same Python."""
    return marshal.dumps(code).hex()


def unpack(text: str) -> Any:
    """The code that `pack` has packed."""
    return marshal.loads(bytes.fromhex(text))


def describe(error: BaseException, label: str | None = None) -> dict[str, Any]:
    """What is known of an exception: its class and the built-in ones among its ancestors, its
    message, where it was raised.

    The class may be a program's and lie about itself, so that it is not asked.
    """
    where = None
    trace = _trace_of(error)
    while trace is not None:  # by hand, since `traceback` looks for the source and takes its time
        raised_in = {CANDIDATE: "candidate", TEST: "test"}.get(trace.tb_frame.f_code.co_filename)
        if raised_in is not None:
            where = raised_in, trace.tb_lineno
        trace = trace.tb_next
    try:
        message = str.__getitem__(str(error), slice(300))
    except BaseException:
        message = ""
    kinds = _ancestors_of(type(error))
    return {
        "label": label,
        "exception": _name_of(type(error)),
        "ancestry": [_name_of(kind) for kind in kinds if id(kind) in _BUILTIN],
        "message": message,
        "raised_in": where and where[0],
        "line": where and where[1],
        "too_large": type(error) is OSError and error.errno == errno.EFBIG,
    }


_BUILTIN = frozenset(id(kind) for kind in vars(builtins).values() if isinstance(kind, type))
_name_of = type.__dict__["__name__"].__get__
_ancestors_of = type.__dict__["__mro__"].__get__
_trace_of = BaseException.__dict__["__traceback__"].__get__
