"""Hashes of what makes a rule run again: code, files of the user, and locked packages."""

import ast
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from failpairs.code import syntax
from failpairs.errors import InputError
from failpairs.storage.files import sha256_file, write_json

PACKAGE = "failpairs"
COMMENT = re.compile(r"(^|\s)#.*")


class SyntaxMemo:
    """What was found in files, by their names and contents: to parse those of all programs takes a
    second.

    Args:
        file: holds what an earlier memo has saved; one of another version counts as empty.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        own_code = (sha256_file(Path(module)) for module in (__file__, syntax.__file__))
        self._version = _digest([sys.version, *own_code])
        self._earlier = self._load()
        self._found: dict[str, tuple[str, list[str]]] = {}
        self._read: dict[Path, tuple[str, set[Path]]] = {}

    def of(self, path: Path, root: Path) -> tuple[str, set[Path]]:
        """A hash of the syntax tree of a file without docstrings, and the files that it imports of
        the package in `root`. Each file is read once."""
        if path not in self._read:
            name = path.relative_to(root).as_posix()
            source = path.read_text(encoding="utf-8")
            key = _digest([name, source])
            tree, imported = self._earlier.get(key) or _parse(source, name)
            self._found[key] = tree, imported
            self._read[path] = tree, _files(imported, root)
        return self._read[path]

    def save(self) -> None:
        """Write the file, as far as that is possible, unless it says the same already."""
        if self._file and self._found.keys() != self._earlier.keys():
            with suppress(OSError, InputError):
                self._file.parent.mkdir(exist_ok=True)
                write_json(self._file, {"version": self._version, "found": self._found})

    def _load(self) -> dict[str, tuple[str, list[str]]]:
        if self._file:
            with suppress(OSError, ValueError, KeyError, TypeError):
                saved = json.loads(self._file.read_text(encoding="utf-8"))
                if saved["version"] == self._version:
                    return dict(saved["found"])
        return {}


def code_digest(script: Path, root: Path | None = None, memo: SyntaxMemo | None = None) -> str:
    """Hash the syntax trees of a script and of the `failpairs` modules it imports, transitively.

    Comments, docstrings and layout do not count, so that only a change of behaviour changes the
    hash.

    Args:
        root: the folder that holds the package, that of the script unless given.
        memo: spares parsing what it knows.

    Returns:
        16 hexadecimal digits.
    """
    root = root or script.parent
    memo = memo or SyntaxMemo()
    trees: dict[str, str] = {}
    waiting = [script]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(root).as_posix()
        if name in trees:
            continue
        trees[name], imported = memo.of(path, root)
        waiting.extend(imported)
    return _digest(f"{name}\n{tree}" for name, tree in trees.items())


def _parse(source: str, name: str) -> tuple[str, list[str]]:
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
    ours = [name for name in sorted(names) if name.split(".")[0] == PACKAGE]
    text = ast.dump(syntax.without_docstrings(tree))
    return hashlib.sha256(text.encode()).hexdigest(), ours


def _files(names: Iterable[str], folder: Path) -> set[Path]:
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
