"""What the syntax tree of a Python program tells: prompts taken apart, programs compared."""

import ast
from typing import cast

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Function = ast.FunctionDef | ast.AsyncFunctionDef


def source_of(lines: list[str], node: ast.stmt) -> str:
    """The whole lines of a top-level statement, its decorators included, with a newline at the end.

    Args:
        lines: the source, split at newlines alone, as the parser counts them.
    """
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(lines[first - 1 : node.end_lineno]) + "\n"


def preamble(prompt: str, entry_point: str) -> str:
    """What stands in a problem's prompt besides the function asked for: imports and helpers.

    Args:
        prompt: a program whose last definition is the unfinished entry point.

    Returns:
        Source that ends in a newline, or the empty string.
    """
    lines = prompt.split("\n")
    return "".join(
        source_of(lines, node)
        for node in ast.parse(prompt).body
        if not (isinstance(node, Function) and node.name == entry_point)
    )


def normalised(source: str) -> str:
    """A program with everything removed that does not change what it does.

    Layout, comments, docstrings and annotations go; functions, arguments and assigned names are
    numbered in order of appearance. Two programs with the same text are the same up to names.

    Raises:
        SyntaxError, ValueError, RecursionError: the source does not parse.
    """
    tree = ast.parse(source)
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, Function):
            names.setdefault(node.name, f"v{len(names)}")
            node.returns = None
        elif isinstance(node, ast.arg):
            names.setdefault(node.arg, f"v{len(names)}")
            node.annotation = None
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.setdefault(node.id, f"v{len(names)}")
    return ast.dump(_Renamer(names).visit(without_docstrings(tree)))


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The same tree, changed in place: no docstring of a module, class or function is left."""
    for node in ast.walk(tree):
        if isinstance(node, Documented) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return tree


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._names[node.name]
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.name = self._names[node.name]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._names[node.arg]
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        if node.arg is not None:
            node.arg = self._names.get(node.arg, node.arg)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if node.value is None or not node.simple:
            return node
        return ast.Assign(targets=[cast(ast.expr, node.target)], value=node.value)
