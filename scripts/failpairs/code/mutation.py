"""Mutants: a program with one small injected bug, of the kinds that mutation testing knows.

Every mutant is an edit of the text, so that layout and comments stay as they were. The operators
follow the usual set (DeMillo, Lipton and Sayward 1978; Offutt et al. 1996): relations, arithmetic,
connectors, constants, conditions, statements, and names that a programmer confuses.
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from failpairs.code.syntax import compiles

RELATIONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "//"),
    ast.Pow: ("**", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}
CONFUSED = {
    "upper": "lower",
    "lower": "upper",
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "startswith": "endswith",
    "endswith": "startswith",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "strip": "lstrip",
    "find": "rfind",
    "index": "rindex",
    "floor": "ceil",
    "ceil": "floor",
    "append": "extend",
    "isdigit": "isalpha",
    "isalpha": "isalnum",
    "keys": "values",
    "values": "keys",
    "union": "intersection",
    "intersection": "union",
    "sorted": "list",
}
COUNTS = (ast.Name, ast.Call, ast.Attribute, ast.Subscript, ast.BinOp)  # to which 1 can be added
LINE_END = re.compile(rb"\r\n?|\n")
COMMENT = re.compile(rb"#[^\r\n]*")
NEGATION = re.compile(rb"(not|-)[ \t]*")
IN_WORD = re.compile(rb"[\w\x80-\xff]")


@dataclass(frozen=True)
class Mutant:
    """A changed program: its text, the operator that changed it, and the line (from 1)."""

    source: str
    operator: str
    line: int


@dataclass(frozen=True)
class _Edit:
    """Bytes `start` to `end` of the source become `text`."""

    start: int
    end: int
    text: str
    operator: str


def mutants(source: str) -> list[Mutant]:
    """All mutants of a program that compile, in the order of their places in the text.

    Raises:
        SyntaxError, ValueError, RecursionError: the program itself does not parse.
    """
    finder = _Finder(source)
    found: dict[str, Mutant] = {}
    for edit in sorted(finder.edits(), key=lambda e: (e.start, e.end, e.text)):
        text = finder.apply(edit)
        if text not in found and compiles(text):
            found[text] = Mutant(text, edit.operator, finder.line(edit))
    return list(found.values())


class _Finder:
    """Finds the places of a program that can be changed, and changes them."""

    def __init__(self, source: str) -> None:
        self._tree = ast.parse(source)
        self._data = source.encode()
        self._line_starts = [0, *(found.end() for found in LINE_END.finditer(self._data))]
        self._bound = set(map(_bound_name, ast.walk(self._tree)))

    def apply(self, edit: _Edit) -> str:
        """The program with this change; a word does not grow together with the one before it."""
        before, after = self._data[: edit.start], edit.text.encode() + self._data[edit.end :]
        space = b" " if IN_WORD.match(before[-1:]) and IN_WORD.match(after) else b""
        return (before + space + after).decode()

    def line(self, edit: _Edit) -> int:
        return bisect_right(self._line_starts, edit.start)

    def edits(self) -> Iterator[_Edit]:
        stack: list[ast.AST] = [self._tree]
        while stack:
            node = stack.pop()
            # A docstring says nothing to the machine, an annotation hardly more, and Python 3.11
            # does not know the places of what is inside an f-string.
            if not isinstance(node, ast.JoinedStr):
                stack.extend(c for c in ast.iter_child_nodes(node) if not _is_remark(node, c))
                yield from self._edits_of(node)

    def _edits_of(self, node: ast.AST) -> Iterator[_Edit]:
        match node:
            case ast.Compare(left=left, ops=operators, comparators=others):
                for one, operator, other in zip([left, *others], operators, others, strict=False):
                    yield from self._between(one, other, *RELATIONS[type(operator)], "relation")
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in ARITHMETIC:
                yield from self._between(left, right, *ARITHMETIC[type(operator)], "arithmetic")
            case ast.AugAssign(target=target, op=operator, value=value):
                if type(operator) in ARITHMETIC:
                    old, new = ARITHMETIC[type(operator)]
                    yield from self._between(target, value, f"{old}=", f"{new}=", "arithmetic")
                yield self._replace(node, "pass", "statement")
            case ast.BoolOp(op=operator, values=values):
                words = ("and", "or") if isinstance(operator, ast.And) else ("or", "and")
                for one, other in pairwise(values):
                    yield from self._between(one, other, *words, "connector")
            case ast.UnaryOp(op=ast.Not() | ast.USub()):
                start, end = self._span(node)
                word = NEGATION.match(self._data, start, end)
                yield _Edit(start, word.end() if word else start, "", "negation")
            case ast.Constant(value=value):
                for text in _other_constants(value):
                    yield self._replace(node, text, "constant")
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                if isinstance(test, ast.Name | ast.Call | ast.Attribute | ast.Subscript):
                    yield self._replace(test, f"not {self._text(test)}", "condition")
            case ast.Call(func=ast.Name(id="range"), args=[stop] | [_, stop, *_]):
                if isinstance(stop, COUNTS):
                    yield self._replace(stop, f"{self._text(stop)} + 1", "off by one")
                    yield self._replace(stop, f"{self._text(stop)} - 1", "off by one")
            case ast.Expr(value=ast.Call()):
                yield self._replace(node, "pass", "statement")
            case ast.Break():
                yield self._replace(node, "continue", "statement")
            case ast.Continue():
                yield self._replace(node, "break", "statement")
            case ast.Return(value=ast.expr() as value) if not _is_none(value):
                yield self._replace(value, "None", "result")
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
                start, end = self._span(node)[1] - len(name), self._span(node)[1]
                known = name in CONFUSED and name not in self._bound
                if known and self._data[start:end] == name.encode():
                    yield _Edit(start, end, CONFUSED[name], "name")

    def _between(
        self, one: ast.expr, other: ast.expr, old: str, new: str, operator: str
    ) -> Iterator[_Edit]:
        """Change an operator, which stands somewhere between its operands."""
        start, end = self._span(one)[1], self._span(other)[0]
        gap = COMMENT.sub(lambda found: b" " * len(found[0]), self._data[start:end])
        place = start + gap.find(old.encode())
        if place >= start:
            yield _Edit(place, place + len(old), new, operator)

    def _replace(self, node: ast.expr | ast.stmt, text: str, operator: str) -> _Edit:
        return _Edit(*self._span(node), text, operator)

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self._data[start:end].decode()

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = self._line_starts[node.lineno - 1] + node.col_offset
        return start, self._line_starts[node.end_lineno - 1] + node.end_col_offset


def _is_remark(parent: ast.AST, child: ast.AST) -> bool:
    """Whether a node is a docstring or an annotation."""
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True
    return child in (getattr(parent, "annotation", None), getattr(parent, "returns", None))


def _bound_name(node: ast.AST) -> str | None:
    """The name of a variable, argument, attribute or function, where the program makes one."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            return name
        case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name
    return None


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _other_constants(value: object) -> list[str]:
    if isinstance(value, bool):
        return [repr(not value)]
    if isinstance(value, int):
        return [repr(value + 1), repr(value - 1)] if value else ["1"]
    if isinstance(value, float):
        return [repr(value + 1.0) if value + 1.0 != value else "0.0"]
    if isinstance(value, str):
        return ["''"] if value else ["' '"]
    return []
