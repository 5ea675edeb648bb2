"""Finds programs that know the test's answers by heart instead of computing them."""

import ast
from collections.abc import Iterator
from typing import Any

from failpairs.records import Problem

FEWEST_ANSWERS = 3  # as base cases and special values of honest programs there may be two
SHARE_OF_CASES = 0.5


def is_hard_coded(program: str, problem: Problem) -> bool:
    """Whether a program holds at least half of the test's cases, three or more, as literal pairs of
    input and answer, in branches (`if n == 3: return 7`) or in a table (`{3: 7}`).

    A problem that asks for a table has one in its reference, and then no program is blamed.
    """
    cases = _cases(problem.test, problem.entry_point)
    needed = max(FEWEST_ANSWERS, SHARE_OF_CASES * len(cases))
    return _known_cases(program, cases) >= needed > _known_cases(problem.reference, cases)


def _known_cases(program: str, cases: set[tuple[str, str]]) -> int:
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0
    return len(cases & set(_literal_pairs(tree)))


def _cases(test: str, entry_point: str) -> set[tuple[str, str]]:
    """The (input, answer) of every assertion `candidate(input) == answer` with one literal input
    each, or with several, of which each counts."""
    found = set()
    for node in ast.walk(ast.parse(test)):
        match node:
            case ast.Assert(
                test=ast.Compare(
                    left=ast.Call(func=ast.Name(id=name), args=args),
                    ops=[ast.Eq() | ast.Is()],
                    comparators=[answer],
                )
            ) if name in ("candidate", entry_point):
                literal = args[0] if len(args) == 1 else ast.Tuple(args, ast.Load())
                pair = _key(literal), _key(answer)
                if None not in pair:
                    found.add(pair)
    return found  # type: ignore[return-value]


def _literal_pairs(tree: ast.Module) -> Iterator[tuple[str | None, str | None]]:
    """The (input, answer) pairs that a program holds as literals."""
    for node in ast.walk(tree):
        match node:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    yield _key(key), _key(value)
            case (
                ast.If(test=test, body=[ast.Return(value=answer)])
                | ast.IfExp(test=test, body=answer)
            ):
                yield _key(_compared_with(test)), _key(answer)


def _compared_with(test: ast.expr) -> ast.expr | None:
    """The literal that a condition compares its input with; several `and`ed ones make a tuple."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return left if isinstance(left, ast.Constant) else right
        case ast.BoolOp(op=ast.And(), values=values):
            parts = [_compared_with(value) for value in values]
            if all(part is not None for part in parts):
                return ast.Tuple([p for p in parts if p is not None], ast.Load())
    return None


def _key(node: ast.expr | None) -> str | None:
    """A literal as text, by which equal ones are found; None for what is not a literal."""
    if node is None:
        return None
    try:
        value: Any = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return f"{type(value).__name__} {value!r}"
