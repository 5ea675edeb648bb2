"""What the syntax tree of a Python program tells: prompts taken apart, programs compared."""

import ast
import warnings
from functools import lru_cache
from typing import Any, cast

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Function = ast.FunctionDef | ast.AsyncFunctionDef
Binding = Function | ast.ClassDef | ast.Import | ast.ImportFrom


def source_of(lines: list[str], node: ast.stmt) -> str:
    """The whole lines of a top-level statement, its decorators included, with a newline at the end.

    Args:
        lines: the source, split at newlines alone, as the parser counts them.
    """
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(lines[first - 1 : node.end_lineno]) + "\n"


@lru_cache(maxsize=1024)  # it is wanted for every sample of a problem
def preamble(prompt: str, entry_point: str) -> str:
    """What stands in a problem's prompt besides the function asked for: imports and helpers.

    Args:
        prompt: a program whose last definition is the unfinished entry point, or prose.

    Returns:
        Source that ends in a newline, or the empty string, as of prose.
    """
    try:
        body = parse_prompt(prompt).body
    except (SyntaxError, ValueError):
        return ""
    lines = prompt.split("\n")
    return "".join(
        source_of(lines, node)
        for node in body
        if not (isinstance(node, Function) and node.name == entry_point)
    )


def parse_prompt(prompt: str) -> ast.Module:
    """The syntax tree of a prompt, in which the last function may lack its body.

    Raises:
        SyntaxError, ValueError: it is no Python.
    """
    try:
        return ast.parse(prompt)
    except IndentationError:
        return ast.parse(f"{prompt.rstrip()}\n    pass\n")


def normalised(source: str) -> str:
    """A program with everything removed that does not change what it does.

    Layout, comments, docstrings and annotations go; functions, arguments and assigned names are
    numbered in order of appearance. Two programs with the same text are the same up to names.

    Raises:
        SyntaxError, ValueError, RecursionError: the source does not parse.
    """
    shape = _Shape()
    shape.write(ast.parse(source))
    return shape.text()


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The same tree, changed in place, without the docstrings of modules, functions and classes.

    In a class every text that stands alone counts, since it documents the attribute above it.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            node.body = [statement for statement in node.body if not _is_text(statement)]
        elif isinstance(node, Documented) and _has_docstring(node):
            node.body = node.body[1:]
    return tree


def _is_text(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


class _Shape:
    """The text of a syntax tree, written in one pass. Names are numbered at the end, when it
    is known which of them the program binds."""

    LEFT_OUT = frozenset({"annotation", "ctx", "kind", "returns", "type_comment"})
    BINDING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.arg)

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._names: list[int] = []  # the places of names among the parts
        self._bound: set[str] = set()

    def write(self, node: ast.AST) -> None:
        if isinstance(node, ast.AnnAssign) and node.simple and node.value is not None:
            node = ast.Assign(targets=[cast(ast.expr, node.target)], value=node.value)
        self._parts.append(f"({type(node).__name__}")
        if isinstance(node, self.BINDING) or isinstance(getattr(node, "ctx", None), ast.Store):
            self._bound.add(_name_of(node))
        for field in node._fields:
            if field not in self.LEFT_OUT:
                self._write_value(node, field, getattr(node, field, None))
        self._parts.append(")")

    def _write_value(self, node: ast.AST, field: str, value: Any) -> None:
        if isinstance(value, ast.AST):
            self.write(value)
        elif isinstance(value, list):
            self._parts.append("[")
            for item in value[1:] if field == "body" and _has_docstring(node) else value:
                self._write_value(node, "", item)
            self._parts.append("]")
        elif field in ("id", "arg") or (field == "name" and isinstance(node, Function)):
            self._names.append(len(self._parts))
            self._parts.append(str(value))
        else:
            self._parts.append(f" {value!r}")

    def text(self) -> str:
        """The whole, with a number for every name that is bound, in order of appearance."""
        numbers: dict[str, int] = {}
        parts = self._parts.copy()
        for place in self._names:
            name = parts[place]
            bound = name in self._bound
            parts[place] = f" {numbers.setdefault(name, len(numbers)) if bound else name}"
        return "".join(parts)


def _name_of(node: ast.AST) -> str:
    """What a function, an argument or a name is called; a target that is no name, nothing."""
    return next((getattr(node, f) for f in ("name", "arg", "id") if hasattr(node, f)), "")


def _has_docstring(node: ast.AST) -> bool:
    return isinstance(node, Documented) and ast.get_docstring(node, clean=False) is not None


def is_stub(tree: ast.Module, entry_point: str) -> bool:
    """Whether the function asked for, or the method as `Class.method`, does nothing: only pass,
    ..., a docstring, or "not done"."""
    *outer, function = entry_point.split(".")
    body = tree.body
    for name in outer:
        classes = [node for node in body if isinstance(node, ast.ClassDef) and node.name == name]
        body = classes[-1].body if classes else []
    found = [n for n in body if isinstance(n, ast.FunctionDef) and n.name == function]
    return bool(found) and all(map(is_idle, found[-1].body))


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


def bound_names(statement: ast.stmt) -> set[str]:
    """The names that an import, a definition or an assignment binds.

    Example:
        >>> sorted(bound_names(ast.parse("a, b = 1, 2").body[0]))
        ['a', 'b']
    """
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Import() | ast.ImportFrom():
            return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
        case ast.Assign() | ast.AnnAssign():
            return used_names(statement, ast.Store)
    return set()


def used_names(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    """The names that are read (`ast.Load`) or bound (`ast.Store`) anywhere in a program."""
    nodes = list(ast.walk(tree))
    names = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, context)}
    if context is ast.Store:
        names |= {n.arg for n in nodes if isinstance(n, ast.arg)}
        names |= {name for n in nodes if isinstance(n, Binding) for name in bound_names(n)}
    return names


def compiles(source: str) -> bool:
    """Whether a program is one for Python, whatever it does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<program>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True
