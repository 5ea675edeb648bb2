"""Reads problems row by row, so that what is wrong with any row of a file is told at once."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from failpairs.code.syntax import Function, binds, parse_prompt, preamble
from failpairs.errors import InputError
from failpairs.records import Problem
from failpairs.storage.files import read_json_rows

# Makes a problem of a row, given also where the row stands (`FILE:LINE`, for errors) and the name
# of the source; raises InputError if the row is malformed.
Convert = Callable[[dict[str, Any], str, str], Problem]

AWAIT = """import asyncio

awaited_check = check


def check(candidate):
    asyncio.run(awaited_check(candidate))
"""
NAMED = 10  # faults that an error names
REMEDY = "Mend them, or set problems.broken (--broken) to drop to leave them out"
CODE_START = re.compile(r"\s*(def |async def |class |import |from \S+ import |@\w)")
IDS = ("task_id", "question_id", "problem_id", "id", "name")  # what formats call a task's id


class Fault(NamedTuple):
    """What is wrong with a row or a problem, and where it stands or what it is called."""

    where: str
    text: str


class Loaded(NamedTuple):
    """What a source gives: its problems, and what is wrong with rows that are none."""

    problems: list[Problem]
    faults: Sequence[Fault] = ()


def load_file(
    path: Path,
    convert: Convert,
    source: str,
    wanted: Callable[[Problem], bool] = lambda problem: True,
) -> Loaded:
    """The problems of a file of JSON Lines, or of a JSON value that holds rows.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    rows = ((f"{path}:{number}", row) for number, row in _rows_of_file(path))
    return load_rows(rows, convert, source, wanted)


def load_rows(
    rows: Iterable[tuple[str, Any]],
    convert: Convert,
    source: str,
    wanted: Callable[[Problem], bool] = lambda problem: True,
) -> Loaded:
    """The problems of rows, each of which comes with where it stands.

    A field that is null counts as missing, a whole number as a task id is its text. Of two rows
    with the same task id the second one has a fault.

    Args:
        wanted: says which problems are given.
    """
    problems: list[Problem] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for where, row in rows:
        try:
            problem = _problem(row, where, convert, source)
            check_name(problem, seen, where)
        except (InputError, RecursionError) as error:
            faults.append(_fault(row, where, error))
        else:
            problems += [problem] if wanted(problem) else []
    return Loaded(problems, faults)


def check_name(problem: Problem, seen: dict[str, str], where: str) -> None:
    """Refuse a task id that was seen before, in whichever case; otherwise note it.

    Raises:
        InputError: it begins with `where`.
    """
    name = problem.task_id
    first = seen.get(name.casefold())
    if first == name:
        raise InputError(f"{where}: task_id {name!r} occurs twice")
    if first is not None:
        raise InputError(
            f"{where}: task_ids {first!r} and {name!r} differ in upper and lower case alone, which "
            "samples do not tell apart"
        )
    seen[name.casefold()] = name


def listed(faults: Sequence[Fault]) -> str:
    """The first ten faults in one line, and how many more there are.

    Example:
        >>> listed([Fault("f:1", "no test"), Fault("f:2", "no test"), Fault("f:4", "no prompt")])
        'f:1, f:2: no test; f:4: no prompt'
    """
    places: dict[str, list[str]] = {}
    for fault in faults[:NAMED]:
        places.setdefault(fault.text, []).append(fault.where)
    named = [f"{', '.join(where)}: {text}" for text, where in places.items()]
    return "; ".join(named + [f"and {len(faults) - NAMED} more"] * (len(faults) > NAMED))


def parse_code(source: str, where: str) -> ast.Module:
    """The syntax tree of a program.

    Raises:
        InputError: it does not parse; the message begins with `where`.
    """
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"{where}: {str(error) or type(error).__name__}") from None


def whole_program(prompt: str, solution: str, entry_point: str) -> str:
    """The program of a prompt and a solution, which goes on where the prompt ends or stands alone.

    Example:
        >>> whole_program("def f(x):\\n", "    return x", "f")
        'def f(x):\\n    return x'
        >>> whole_program("import math\\n\\ndef f(x):\\n", "f = lambda x: x", "f")
        'import math\\nf = lambda x: x'
    """
    if not solution.strip():
        return ""
    tree = _parsed(solution)
    if tree is not None and binds(tree, entry_point.partition(".")[0]):
        return preamble(prompt, entry_point) + solution
    on_new_line = f"{prompt}\n{solution}"
    is_cut = _parsed(prompt + solution) is None and _parsed(on_new_line) is not None
    return on_new_line if is_cut else prompt + solution


def _parsed(source: str) -> ast.Module | None:
    try:
        return parse_code(source, "")
    except InputError:
        return None


def _rows_of_file(path: Path) -> Iterator[tuple[int, Any]]:
    rows = read_json_rows(path)
    first = [*islice(rows, 2)]
    inner = _inner_rows(first[0][1], str(path)) if len(first) == 1 else []
    return enumerate(inner, start=1) if inner else chain(first, rows)


def _inner_rows(value: Any, where: str) -> list[Any]:
    """The rows inside an object such as `{"problems": [...]}` or `{"<task id>": {...}}`, if any.

    Raises:
        InputError: it has several lists of rows, of which one would be chosen by chance.
    """
    if not isinstance(value, dict):
        return []
    lists = {
        key: inner if isinstance(inner, list) else _with_ids(inner)
        for key, inner in value.items()
        if _is_table(inner)
        or (isinstance(inner, list) and any(isinstance(item, dict) for item in inner))
    }
    if len(lists) > 1:
        raise InputError(
            f"{where}: several lists of rows ({', '.join(lists)}); write a file of each"
        )
    return next(iter(lists.values()), _with_ids(value) if _is_table(value) else [])


def _is_table(value: Any) -> bool:
    is_object = isinstance(value, dict) and bool(value)
    return is_object and all(isinstance(row, dict) for row in value.values())


def _with_ids(table: dict[str, dict[str, Any]]) -> list[Any]:
    return [{"task_id": task_id, **row} for task_id, row in table.items()]


def _problem(row: Any, where: str, convert: Convert, source: str) -> Problem:
    if isinstance(row, InputError):
        raise row
    if not isinstance(row, dict):
        raise InputError(f"{where}: expected a JSON object")
    given = {key: value for key, value in row.items() if value is not None}
    given |= {key: str(given[key]) for key in IDS if type(given.get(key)) is int}
    problem = convert(given, where, source)
    texts = ("prompt", "test", "plus_test", "reference", "setup")
    lines = {key: getattr(problem, key).replace("\r\n", "\n") for key in texts}
    problem = problem.model_copy(update=lines)
    _check_code(problem, where)
    return problem.model_copy(update={"test": _awaited(problem.test)})


def _awaited(test: str) -> str:
    """A test whose last check is a coroutine function is run to its end, by one that is none."""
    checks = [n for n in ast.parse(test).body if isinstance(n, Function) and n.name == "check"]
    if isinstance(checks[-1], ast.FunctionDef):
        return test
    return f"{test}\n\n{AWAIT}"


def _fault(row: Any, where: str, error: InputError | RecursionError) -> Fault:
    """A fault of a row, in one line that names the task if the row does."""
    text = " ".join(str(error).removeprefix(f"{where}: ").split())
    ids = [row[key] for key in IDS if key in row] if isinstance(row, dict) else []
    name = " ".join(str(ids[0]).split()) if ids and isinstance(ids[0], str | int) else ""
    return Fault(where, text if name in text else f"task {name}: {text}")


def _check_code(problem: Problem, where: str) -> None:
    """Refuse a problem whose parts are not what they should be.

    Raises:
        InputError: it names the field and the task.
    """
    if problem.kind == "function":
        _check_prompt(problem, where)
    for field in ("test", "plus_test", "reference"):
        tree = parse_code(getattr(problem, field), f"{where}: field {field!r} of {problem.task_id}")
        if field != "reference" and getattr(problem, field) and not _defines(tree.body, "check"):
            raise InputError(
                f"{where}: field {field!r} of {problem.task_id} does not define check(candidate)"
            )


def _check_prompt(problem: Problem, where: str) -> None:
    name = problem.entry_point.rpartition(".")[2]
    try:
        tree = parse_prompt(problem.prompt)
        known = _defines(ast.walk(tree) if "." in problem.entry_point else tree.body, name)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if CODE_START.match(problem.prompt):
            message = f"{where}: field 'prompt' of {problem.task_id}: {error}"
            raise InputError(message) from None
        known = re.search(rf"\b{re.escape(name)}\b", problem.prompt) is not None  # prose
    if not known:
        raise InputError(f"{where}: the prompt of {problem.task_id} does not define {name!r}")


def _defines(nodes: Iterable[ast.AST], name: str) -> bool:
    return any(isinstance(node, Function) and node.name == name for node in nodes)
