"""The packages inside failpairs, its rooms, import one another in one direction."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import SCRIPTS

# From the top; a room may import only rooms in later rows, and those of its own row that it names.
FLOORS = [
    ["commands"],
    ["planning"],
    ["workflow"],
    ["report"],
    ["curation", "statistics", "training", "sampling"],
    ["provenance"],
    ["execution", "problems", "models", "exchange"],
    ["code", "storage"],
]
BASE = ""  # the modules outside all rooms, which import none
PACKAGE = SCRIPTS / "failpairs"


def floor_of(room: str) -> int:
    return next(i for i, rooms in enumerate([*FLOORS, [BASE]]) if room in rooms)


def room_of(module: Path) -> str:
    parts = module.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else BASE


def imported(module: Path) -> Iterator[str]:
    """The modules of the package that a module imports, anywhere in it, as dotted names."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("failpairs."))
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: imports in the package are absolute"
            if (node.module or "").split(".")[0] == "failpairs":
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows() -> set[tuple[str, str, str]]:
    """(room, room that it imports, where)."""
    found = set()
    for module in sorted(PACKAGE.rglob("*.py")):
        if "bank" in module.parts:
            continue  # problems, not modules
        for name in imported(module):
            first = name.split(".")[1]
            there = first if (PACKAGE / first).is_dir() else BASE
            if there != room_of(module):
                found.add((room_of(module), there, f"{module.relative_to(SCRIPTS)}: {name}"))
    return found


def test_every_room_stands_on_a_floor() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == {room for floor in FLOORS for room in floor}


def test_no_arrow_runs_up() -> None:
    up = sorted(where for room, there, where in arrows() if floor_of(room) > floor_of(there))
    assert not up


def test_rooms_of_one_floor_do_not_import_one_another() -> None:
    level = sorted(where for room, there, where in arrows() if floor_of(room) == floor_of(there))
    assert not level


@pytest.mark.parametrize("package", ["execution", "execution/harness", "execution/sandbox", "code"])
def test_what_the_sandbox_imports_on_the_way_is_empty(package: str) -> None:
    """The harness runs without installed packages and imports these on its way to its modules."""
    tree = ast.parse((PACKAGE / package / "__init__.py").read_text(encoding="utf-8"))
    assert all(isinstance(node, ast.Expr) for node in tree.body)
    assert len(tree.body) <= 1
