"""The starter problem bank: Python source, one file a topic, in the folder bank.

A problem is a typed function whose docstring is the prompt and whose body is the reference, and
after it `check_<name>(candidate)`, its tests. A file's `LEVEL` says how hard its problems are, from
1 (one line, in every tutorial) to 3.
"""

import ast
import hashlib
from pathlib import Path

from failpairs.code.syntax import source_of
from failpairs.errors import InputError
from failpairs.problems.rows import Loaded
from failpairs.records import Problem

STARTER_DIR = Path(__file__).with_name("bank")
TRAIN_SHARE = 0.56
HARDEST = 3


def load_half(level: str, split: str) -> Loaded:
    """One half of the bank, `train` or `eval`, up to a level ("" for all levels)."""
    bank = load_starter(max_level=int(level or HARDEST))
    return Loaded([problem for problem in bank if half_of(problem.task_id) == split])


def starter_files(level: str = "") -> list[Path]:
    """The files of the bank, of all levels, since only their content tells the level."""
    return sorted(STARTER_DIR.glob("*.py"))


def load_starter(folder: Path = STARTER_DIR, max_level: int = HARDEST) -> list[Problem]:
    """The problems of the bank up to a level, in the order of the files' names and of their lines.

    Raises:
        InputError: a file without a level, a function without a check or without a docstring, or a
            name used twice.
    """
    paths = sorted(folder.glob("*.py"))
    problems = [problem for path in paths for problem in _read(path, max_level)]
    seen: set[str] = set()
    for problem in problems:
        if problem.task_id in seen:
            raise InputError(f"{folder}: {problem.entry_point} is defined twice")
        seen.add(problem.task_id)
    if not problems:
        raise InputError(f"{folder}: no problems")
    return problems


def half_of(task_id: str) -> str:
    """`train` or `eval`, by a hash of the task id, so that a new problem moves no other."""
    digest = hashlib.sha256(task_id.encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    return "train" if share < TRAIN_SHARE else "eval"


def _read(path: Path, max_level: int) -> list[Problem]:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    if _level(tree, path) > max_level:
        return []
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    checks = {node.name: node for node in functions}
    lines = source.split("\n")
    problems = []
    for function in functions:
        name = function.name
        if name.startswith("check_"):
            continue
        where = f"{path}:{function.lineno}: {name}"
        check = checks.get(f"check_{name}")
        if check is None:
            raise InputError(f"{where}: there is no check_{name} after it")
        if ast.get_docstring(function) is None:
            raise InputError(f"{where}: it has no docstring")
        problems.append(_problem(lines, function, check))
    return problems


def _level(tree: ast.Module, path: Path) -> int:
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id="LEVEL")], value=ast.Constant(value=int(level))
            ) if 1 <= level <= HARDEST:
                return level
    raise InputError(f"{path}: it does not say LEVEL = 1, 2 or 3")


def _problem(lines: list[str], function: ast.FunctionDef, check: ast.FunctionDef) -> Problem:
    signature_and_docstring = lines[function.lineno - 1 : function.body[0].end_lineno]
    test = source_of(lines, check)
    return Problem(
        task_id=f"starter/{function.name}",
        prompt="\n".join(signature_and_docstring) + "\n",
        entry_point=function.name,
        test=test.replace(f"def check_{function.name}(", "def check(", 1),
        reference=source_of(lines, function),
        source="starter",
        license="Apache-2.0",
    )
