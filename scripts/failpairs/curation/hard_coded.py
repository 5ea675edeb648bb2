"""Finds programs that know the test's answers by heart instead of computing them."""

import ast
import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from typing import Any

from failpairs.records import Problem

FEWEST_ANSWERS = 3  # as base cases and special values of honest programs there may be two
SHARE_OF_CASES = 0.5

Case = tuple[Any, Any]
Nodes = tuple[ast.AST | None, ast.AST | None]


def is_hard_coded(program: str, problem: Problem) -> bool:
    """Whether a program holds at least half of the test's cases, three or more, as literal pairs of
    input and answer, in branches (`if n == 3: return 7`) or in a table (`{3: 7}`).

    A problem that asks for a table has one in its reference, and then no program is blamed.
    """
    cases = _cases(problem)
    needed = max(FEWEST_ANSWERS, SHARE_OF_CASES * len(cases))
    return _known_cases(program, cases) >= needed > _known_cases(problem.reference, cases)


def _known_cases(program: str, cases: list[Case]) -> int:
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0
    known = list(_values(_pairs_of_program(tree)))
    return sum(case in known for case in cases)


@lru_cache(maxsize=1)  # the samples of a problem come one after another
def _cases(problem: Problem) -> list[Case]:
    """The different (input, answer) that the test asserts; of several arguments, a tuple."""
    found: list[Case] = []
    names = ("candidate", problem.entry_point)
    tree = ast.parse(problem.test)
    for case in chain(_values(_pairs_of_test(tree, names)), _cases_of_table(tree)):
        if case not in found:
            found.append(case)
    return found


def _pairs_of_test(tree: ast.Module, names: Collection[str]) -> Iterator[Nodes]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            call, answer = _claim(node.test)
            match call:
                case ast.Call(func=ast.Name(id=name), args=args, keywords=more) if name in names:
                    given = [*args, *(keyword.value for keyword in more)]
                    yield given[0] if len(given) == 1 else ast.Tuple(given, ast.Load()), answer


def _cases_of_table(tree: ast.Module) -> Iterator[Case]:
    """The cases of the oracle `check_calls`; where it is `wrapped`, an answer that stands in a list
    of its own is taken out of it."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="check_calls"),
                args=[_, ast.Constant(value=str(table))],
                keywords=[ast.keyword(value=ast.Constant(value=wrapped))],
            ):
                for arguments, answer in json.loads(table):
                    given = arguments[0] if len(arguments) == 1 else arguments
                    is_wrapped = wrapped and isinstance(answer, list) and len(answer) == 1
                    yield _as_input(given), answer[0] if is_wrapped else answer


def _claim(test: ast.expr) -> tuple[ast.expr, ast.expr]:
    """What is asserted of what; without a comparison, that it is true or, after `not`, false."""
    match test:
        case ast.Compare(left=call, ops=[ast.Eq() | ast.Is()], comparators=[answer]):
            return call, answer
        case ast.UnaryOp(op=ast.Not(), operand=call):
            return call, ast.Constant(False)
    return test, ast.Constant(True)


def _pairs_of_program(tree: ast.Module) -> Iterator[Nodes]:
    for node in ast.walk(tree):
        match node:
            case ast.Dict(keys=keys, values=values):
                yield from zip(keys, values, strict=True)
            case ast.If(test=test, body=[*_, ast.Return(value=answer) | ast.Assign(value=answer)]):
                yield _compared_with(test), answer
            case ast.IfExp(test=test, body=answer):
                yield _compared_with(test), answer
            case ast.match_case(pattern=pattern, body=[*_, ast.Return(value=answer)]):
                yield pattern, answer


def _compared_with(test: ast.expr) -> ast.expr | None:
    """What a condition compares its input with; several `and`ed ones make a tuple."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            has_names = any(isinstance(node, ast.Name) for node in ast.walk(left))
            return right if has_names else left
        case ast.BoolOp(op=ast.And(), values=values):
            parts = [_compared_with(value) for value in values]
            if all(part is not None for part in parts):
                return ast.Tuple([p for p in parts if p is not None], ast.Load())
    return None


def _values(pairs: Iterable[Nodes]) -> Iterator[Case]:
    """The values of the pairs of which both sides are literals."""
    for pair in pairs:
        with suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            given, answer = map(_value, pair)
            yield _as_input(given), answer


def _as_input(value: Any) -> Any:
    """A list as input is a tuple, since a pattern of `match` does not say which."""
    return tuple(value) if isinstance(value, list) else value


def _value(node: ast.AST | None) -> Any:
    if node is None:
        raise ValueError("nothing")
    return ast.literal_eval(ast.unparse(node) if isinstance(node, ast.pattern) else node)
