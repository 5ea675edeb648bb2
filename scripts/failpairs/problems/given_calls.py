"""The calls of a function that a problem shows: in its test, and in the examples of its prompt."""

import ast
import contextlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from failpairs.problems.literals import literal
from failpairs.records import Problem

Call = tuple[Any, ...]  # the arguments of a call

LONGEST_EXAMPLE = 1000  # characters of a line that names arguments


def whole_reference(problem: Problem) -> str:
    """The reference with the setup of its problem."""
    return (problem.setup + "\n" + problem.reference).lstrip("\n")


def calls_in_test(problem: Problem) -> list[Call]:
    """The arguments of the calls in a test whose values stand there, each of them once.

    Example:
        >>> from failpairs.records import Problem
        >>> test = "def check(f):\\n    assert f([2, 1]) == 2\\n    assert f(range(3)) == 2\\n"
        >>> problem = Problem(task_id="t", prompt="p", entry_point="largest", test=test,
        ...                   reference="", source="", license="")
        >>> calls_in_test(problem)
        [([2, 1],)]
    """
    tree = ast.parse(problem.test)
    names = {problem.entry_point, "candidate"}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "check":
            names |= {argument.arg for argument in node.args.args}
    found = [
        _literal_arguments(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]
    return each_once(found)


def calls_in_prompt(problem: Problem) -> list[Call]:
    """The same of the examples in a prompt: `>>> add(2, 3)`, `add(2, 3) == 5` or `x = 2, y = 3`."""
    names = argument_names(problem)
    lines = [line for line in problem.prompt.splitlines() if f"{problem.entry_point}(" not in line]
    found = [_named_arguments(names, line[:LONGEST_EXAMPLE]) for line in lines]
    for start in re.finditer(rf"\b{re.escape(problem.entry_point)}(?=\()", problem.prompt):
        line = problem.prompt[start.start() :].partition("\n")[0]
        for end in (place for place, sign in enumerate(line, start=1) if sign == ")"):
            with contextlib.suppress(SyntaxError, ValueError):
                found.append(_literal_arguments(ast.parse(line[:end], mode="eval").body))
                break
    return each_once(found)


def _literal_arguments(node: ast.AST) -> Call | None:
    """The arguments of a call, if all of them are literals without names."""
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    try:
        return tuple(ast.literal_eval(argument) for argument in node.args)
    except (ValueError, TypeError):
        return None


def _named_arguments(names: Sequence[str], line: str) -> Call | None:
    """The values that a line gives to all of these arguments."""
    values = []
    for name in names:
        start = re.search(rf"\b{re.escape(name)} *= *(?!=)", line)
        value = start and _longest_literal(line[start.end() :])
        if not value:
            return None
        values += value
    return tuple(values) or None


def argument_names(problem: Problem) -> list[str]:
    """The names of the arguments that the reference of a problem must have."""
    for node in ast.walk(ast.parse(whole_reference(problem))):
        if isinstance(node, ast.FunctionDef) and node.name == problem.entry_point:
            given = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
            return given[: len(given) - len(node.args.defaults)]
    return []


def _longest_literal(text: str) -> list[Any]:
    """The literal with which a text begins, up to a comma or a word; nothing if it has none."""
    for end in range(len(text), 0, -1):
        if text[end - 1] not in " \t,.":  # `5.` would be a float
            with contextlib.suppress(SyntaxError, ValueError, TypeError):
                return [ast.literal_eval(text[:end])]
    return []


def each_once(calls: Iterable[Call | None]) -> list[Call]:
    return [*{literal(call): call for call in calls if call}.values()]
