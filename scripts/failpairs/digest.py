"""A hash of code: of a script and of every failpairs module that it imports."""

import ast
import hashlib
from functools import cache
from pathlib import Path

from failpairs.syntax import without_docstrings

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
        trees[name], ours = _parse(path.read_text(encoding="utf-8"), str(path))
        waiting.extend(_files(ours, script.parent))
    text = "\n".join(f"{name}\n{trees[name]}" for name in sorted(trees))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# Most modules are imported by several of the scripts, whose digests are all taken at once.
@cache
def _parse(source: str, filename: str) -> tuple[str, tuple[str, ...]]:
    """The syntax tree of a file without docstrings, as text, and what it imports of the package."""
    tree = ast.parse(source, filename)
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # Inside the package a relative import is one of the package: it has no subpackages.
            module = ".".join(filter(None, [PACKAGE if node.level else "", node.module]))
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    ours = tuple(name for name in sorted(names) if name.split(".")[0] == PACKAGE)
    return ast.dump(without_docstrings(tree)), ours


def _files(names: tuple[str, ...], folder: Path) -> list[Path]:
    """The files of the package that imported names stand for; a name may also be a function."""
    candidates = [folder.joinpath(*name.split(".")).with_suffix(".py") for name in names]
    if names:
        candidates.append(folder / PACKAGE / "__init__.py")
    return [path for path in candidates if path.is_file()]
