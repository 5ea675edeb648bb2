"""Hashes of what makes a rule run again: code, files of the user, and locked packages."""

import ast
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from failpairs.code.syntax import without_docstrings
from failpairs.storage.files import sha256_file

PACKAGE = "failpairs"
COMMENT = re.compile(r"(^|\s)#.*")


def code_digest(script: Path, root: Path | None = None) -> str:
    """Hash the syntax trees of a script and of the `failpairs` modules it imports, transitively.

    Comments, docstrings and layout do not count, so that only a change of behaviour changes the
    hash.

    Args:
        root: the folder that holds the package, that of the script unless given.

    Returns:
        16 hexadecimal digits.
    """
    root = root or script.parent
    trees: dict[str, str] = {}
    waiting = [script]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(root).as_posix()
        if name in trees:
            continue
        trees[name], imported = _parse(path.read_text(encoding="utf-8"), name)
        waiting.extend(_files(imported, root))
    text = "\n".join(f"{name}\n{trees[name]}" for name in sorted(trees))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# Most modules are imported by several of the scripts, whose digests are all taken at once.
@cache
def _parse(source: str, name: str) -> tuple[str, tuple[str, ...]]:
    """The syntax tree of a file without docstrings, as text, and what it imports of the package."""
    tree = ast.parse(source, name)
    package = name.split("/")[:-1]
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    ours = tuple(name for name in sorted(names) if name.split(".")[0] == PACKAGE)
    return ast.dump(without_docstrings(tree)), ours


def _files(names: tuple[str, ...], folder: Path) -> set[Path]:
    """The files that imported names stand for, with those of the packages around them.

    A name may also be one of a function, which has no file.
    """
    candidates = set()
    for name in names:
        parts = name.split(".")
        candidates.add(folder.joinpath(*parts).with_suffix(".py"))
        candidates.update(
            folder.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)
        )
    return {path for path in candidates if path.is_file()}


def content_digest(files: Iterable[Path]) -> str:
    """Hash the paths and contents of files, in any order.

    Returns:
        16 hexadecimal digits.
    """
    return _digest(f"{path}\n{sha256_file(path)}" for path in files)


def lock_digest(locks: Iterable[Path]) -> str:
    """Hash the requirements in some files; comments, blank lines and order do not count.

    Returns:
        16 hexadecimal digits.
    """
    lines = (line for path in locks for line in path.read_text(encoding="utf-8").splitlines())
    return _digest(line for line in (COMMENT.sub("", line).strip() for line in lines) if line)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]
