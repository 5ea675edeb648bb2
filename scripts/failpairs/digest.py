"""A hash of code: of a script and of every failpairs module that it imports."""

import ast
import hashlib
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
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        waiting.extend(_imported_files(tree, script.parent))
        trees[name] = ast.dump(without_docstrings(tree))
    text = "\n".join(f"{name}\n{trees[name]}" for name in sorted(trees))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _imported_files(tree: ast.AST, folder: Path) -> list[Path]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # Inside the package a relative import is one of the package: it has no subpackages.
            module = ".".join(filter(None, [PACKAGE if node.level else "", node.module]))
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    ours = {name for name in names if name.split(".")[0] == PACKAGE}
    candidates = [folder.joinpath(*name.split(".")).with_suffix(".py") for name in sorted(ours)]
    if ours:
        candidates.append(folder / PACKAGE / "__init__.py")
    return [path for path in candidates if path.is_file()]
