"""More inputs for a function than its test has: those of the test, changed by their types.

The changes are those of EvalPlus (Liu et al. 2023, arXiv 2305.01210, table 1): a number becomes a
near one, a text or a collection loses, repeats or changes a part. What is valid is not known. Of
some properties that inputs often must have (not negative, sorted, of one length, ...) those count
as the contract which all inputs of the test have (as Daikon finds invariants, Ernst et al. 2007).
"""

import ast
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from failpairs.problems.generated_tests import oracle_test
from failpairs.records import Problem

Call = tuple[Any, ...]  # the arguments of a call
Property = Callable[[Call], bool]

LARGEST_STEP = 5  # by which a whole number changes at once
MOST_CHANGES = 4  # of one input after the other
TRIES = 20  # for each input that is wanted
SCALARS = (bool, int, float, str, bytes, type(None))


def with_generated_inputs(problem: Problem, count: int) -> Problem:
    """A problem whose additional test compares programs with the reference on generated inputs; the
    problem itself where it has such a test already, or where none can be made.

    Args:
        count: how many inputs are wanted; 0 for none.
    """
    is_plain = problem.kind == "function" and "." not in problem.entry_point
    if not (count and is_plain and problem.reference.strip()) or problem.plus_test:
        return problem
    calls = generated_calls(calls_in_test(problem), count, problem.task_id)
    if not calls:
        return problem
    reference, name = problem.setup + "\n" + problem.reference, problem.entry_point
    test = oracle_test("check_alike", repr(calls), reference.lstrip("\n"), name)
    return problem.model_copy(update={"plus_test": test})


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
    found: dict[str, Call] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            try:
                call = tuple(ast.literal_eval(argument) for argument in node.args)
            except (ValueError, TypeError):
                continue
            if call and not node.keywords:
                found.setdefault(repr(call), call)
    return [*found.values()]


def generated_calls(calls: Sequence[Call], count: int, seed: str) -> list[Call]:
    """Other calls that have the properties of the given ones.

    Args:
        calls: those of a test.
        count: how many are wanted; there are fewer where no more are found.
        seed: decides the changes.

    Example:
        >>> generated_calls([([1, 2],), ([4],)], 3, "t")  # never negative, never empty, sorted
        [([1],), ([6],), ([2],)]
    """
    draw = random.Random(seed)
    kept = [holds for holds in properties(calls) if all(map(holds, calls))]
    known = {repr(call) for call in calls}
    pool = [*calls]
    found: list[Call] = []
    for _ in range(count * TRIES if calls else 0):
        if len(found) == count:
            break
        call = draw.choice(pool)
        for _ in range(draw.randint(1, MOST_CHANGES)):
            place = draw.randrange(len(call))
            # A part of another call, of the same argument, or a change of this one.
            others = [other[place] for other in calls if len(other) == len(call)]
            call = (*call[:place], _changed(call[place], draw, others), *call[place + 1 :])
        if repr(call) not in known and all(holds(call) for holds in kept):
            known.add(repr(call))
            pool.append(call)
            found.append(call)
    return found


def properties(calls: Sequence[Call]) -> Iterator[Property]:
    """What inputs may have to be, of each argument and of each two of them."""
    width = max(map(len, calls), default=0)
    lengths = {len(call) for call in calls}
    yield lambda call: len(call) in lengths
    for place in range(width):
        given = [call[place] for call in calls if place < len(call)]
        shapes = {_shape(item) for value in given for item in _inside(value)}
        sizes = {len(x) for value in given for x in _inside(value) if isinstance(x, tuple)}
        yield (
            lambda call, p=place, s=shapes: (
                p >= len(call)
                or all(  # type: ignore[misc]
                    _shape(item) in s for item in _inside(call[p])
                )
            )
        )
        yield (
            lambda call, p=place, s=sizes: (
                p >= len(call)
                or all(  # type: ignore[misc]
                    len(item) in s for item in _inside(call[p]) if isinstance(item, tuple)
                )
            )
        )
        for holds in OF_ONE:
            yield lambda call, p=place, h=holds: p >= len(call) or h(call[p])  # type: ignore[misc]
    for one, other in itertools.permutations(range(width), 2):
        for relates in OF_TWO:
            yield lambda call, a=one, b=other, r=relates: (  # type: ignore[misc]
                max(a, b) >= len(call) or r(call[a], call[b])
            )


def _changed(value: Any, draw: random.Random, others: Sequence[Any]) -> Any:
    """A value of the same type, near to it or like one of the others."""
    alike = [other for other in others if type(other) is type(value)]
    if alike and draw.random() < 0.2:
        return draw.choice(alike)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + draw.choice([-1, 1]) * draw.randint(1, LARGEST_STEP)
    if isinstance(value, float):
        return round(value + draw.choice([-1, 1]) * draw.random() * LARGEST_STEP, 3)
    if isinstance(value, str | bytes):
        letters = [value[i : i + 1] for i in range(len(value))]
        joined = type(value)().join
        more = [other[i : i + 1] for other in alike for i in range(len(other))]
        return joined(_rearranged(letters, draw, more))
    if isinstance(value, list | tuple):
        more = [item for other in alike for item in other]
        return type(value)(_rearranged([*value], draw, more))
    if isinstance(value, set | frozenset):
        more = [item for other in alike for item in other]
        return type(value)(_rearranged(sorted(value, key=repr), draw, more))
    if isinstance(value, dict) and value:
        key = draw.choice([*value])
        items = [item for other in alike for item in other.values()]
        if draw.random() < 0.5:
            return {**value, key: _changed(value[key], draw, items)}
        return {k: v for k, v in value.items() if k != key}
    return value


def _rearranged(items: list[Any], draw: random.Random, more: Sequence[Any]) -> list[Any]:
    """A collection that has lost, repeated, changed, moved or got an item."""
    place = draw.randrange(len(items) + 1)
    kind = draw.randrange(5)
    if not items or (kind == 0 and more):
        return [*items[:place], draw.choice(more), *items[place:]] if more else items
    place = min(place, len(items) - 1)
    before, item, after = items[:place], items[place], items[place + 1 :]
    if kind == 1:
        return before + after
    if kind == 2:
        return [*before, item, item, *after]
    if kind == 3:
        return draw.sample(items, len(items))
    changed = _changed(item, draw, more) if not isinstance(item, str | bytes) else item
    if isinstance(item, str | bytes):
        changed = draw.choice([*more, item]) if len(item) == 1 else _changed(item, draw, more)
    return [*before, changed, *after]


def _inside(value: Any) -> Iterator[Any]:
    """A value and all values in it."""
    yield value
    if isinstance(value, dict):
        for item in itertools.chain(value, value.values()):
            yield from _inside(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _inside(item)


def _numbers(value: Any) -> Iterator[float]:
    return (x for x in _inside(value) if isinstance(x, int | float) and not isinstance(x, bool))


def _is_sorted(value: Any) -> bool:
    if not isinstance(value, list | tuple):
        return False
    try:
        return all(a <= b for a, b in itertools.pairwise(value))
    except TypeError:
        return False


def _shape(value: Any) -> str:
    """The types in a value, up to the numbers of items."""
    if isinstance(value, SCALARS):
        return type(value).__name__
    parts = sorted({_shape(item) for item in itertools.islice(_inside(value), 1, None)})
    return f"{type(value).__name__}({','.join(parts)})"


def _size(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else -1


OF_ONE: tuple[Callable[[Any], bool], ...] = (
    lambda v: all(x >= 0 for x in _numbers(v)),
    lambda v: all(x > 0 for x in _numbers(v)),
    lambda v: all(x != 0 for x in _numbers(v)),
    lambda v: all(abs(x) <= 10 for x in _numbers(v)),
    lambda v: all(abs(x) <= 1000 for x in _numbers(v)),
    lambda v: all(_size(x) != 0 for x in _inside(v)),
    lambda v: _size(v) >= 2,
    lambda v: _size(v) % 2 == 0 and _size(v) >= 0,
    _is_sorted,
    lambda v: _is_sorted(v[::-1]) if isinstance(v, list | tuple) else False,
    lambda v: isinstance(v, list | tuple | str) and len({*map(repr, v)}) == len(v),
    lambda v: isinstance(v, list | tuple) and len({*map(_size, v)}) <= 1,
    lambda v: isinstance(v, str) and v.isalpha(),
    lambda v: isinstance(v, str) and v.isalnum(),
    lambda v: isinstance(v, str) and v.isdigit(),
    lambda v: isinstance(v, str) and v == v.lower(),
    lambda v: isinstance(v, str) and v == v.upper(),
    lambda v: isinstance(v, str) and v == v.strip(),
    lambda v: all("  " not in x for x in _inside(v) if isinstance(x, str)),
)
OF_TWO: tuple[Callable[[Any, Any], bool], ...] = (
    lambda a, b: _size(a) == _size(b) >= 0,
    lambda a, b: isinstance(a, int) and 0 <= a <= _size(b),
    lambda a, b: isinstance(a, int) and 0 <= a < _size(b),
    lambda a, b: isinstance(a, int | float) and isinstance(b, int | float) and a <= b,
    lambda a, b: isinstance(a, int | float) and isinstance(b, int | float) and a < b,
    lambda a, b: isinstance(b, list | tuple) and any(repr(a) == repr(x) for x in b),
    lambda a, b: isinstance(a, str) and isinstance(b, str) and a in b,
)
