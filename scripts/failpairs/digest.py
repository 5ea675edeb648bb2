"""A hash of code: of a script and of every failpairs module that it imports."""

import ast
import hashlib
from pathlib import Path

PACKAGE = "failpairs"


def code_digest(script: Path) -> str:
    """Hash the syntax trees of a script and of the `failpairs` modules it imports, transitively.

    Comments, docstrings and layout do not count, so that only a change of behaviour changes the
    hash. The package is looked for beside the script.

    Returns:
        16 hexadecimal digits.
    """
    trees: dict[str, str] = {}
    waiting = [script]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(script.parent).as_posix()
        if name in trees:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        waiting.extend(_imported_files(tree, script.parent))
        trees[name] = ast.dump(_without_docstrings(tree))
    text = "\n".join(f"{name}\n{trees[name]}" for name in sorted(trees))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _imported_files(tree: ast.AST, folder: Path) -> list[Path]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    files: list[Path] = []
    for name in names:
        if name.split(".")[0] != PACKAGE:
            continue
        base = folder.joinpath(*name.split("."))
        files.extend(p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file())
    return files


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return tree
