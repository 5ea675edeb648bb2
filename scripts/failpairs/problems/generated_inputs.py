"""More inputs for a function than its test has: those of the test, changed by their types.

The changes are those of EvalPlus (Liu et al. 2023, arXiv 2305.01210, table 1): a number becomes a
near one, a text or a collection loses, repeats or changes a part. What is valid is not known. Of
some properties that inputs often must have (not negative, sorted, of one length, ...) those count
as the contract which all inputs of the test have (as Daikon finds invariants, Ernst et al. 2007).
"""

import ast
import contextlib
import itertools
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from failpairs.problems.generated_tests import oracle_test
from failpairs.records import Problem

Call = tuple[Any, ...]  # the arguments of a call
Property = Callable[[Call], bool]

LARGEST_STEP = 5  # by which a whole number changes at once
MOST_CHANGES = 4  # of one input after the other
TRIES = 20  # for each input that is wanted
OPENING = {"(": ")", "[": "]", "{": "}", "<": ">"}
FEWEST = 3  # calls, or numbers, of which it tells something that all of them are alike
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
    given = [*calls_in_test(problem), *calls_in_prompt(problem)]
    constants = constants_in(problem.reference)
    calls = generated_calls(given, count, problem.task_id, constants)
    if not calls:
        return problem
    reference, name = problem.setup + "\n" + problem.reference, problem.entry_point
    test = oracle_test("check_alike", literal(calls), reference.lstrip("\n"), name)
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
    found = [
        _literal_arguments(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]
    return _each_once(found)


def calls_in_prompt(problem: Problem) -> list[Call]:
    """The same of the examples in a prompt, such as `>>> double(2)` or `double(2) == 4`."""
    found = []
    for start in re.finditer(rf"\b{re.escape(problem.entry_point)}(?=\()", problem.prompt):
        line = problem.prompt[start.start() :].partition("\n")[0]
        for end in (place for place, sign in enumerate(line, start=1) if sign == ")"):
            with contextlib.suppress(SyntaxError, ValueError):
                found.append(_literal_arguments(ast.parse(line[:end], mode="eval").body))
                break
    return _each_once(found)


def _literal_arguments(node: ast.AST) -> Call | None:
    """The arguments of a call, if all of them are literals without names."""
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    try:
        return tuple(ast.literal_eval(argument) for argument in node.args)
    except (ValueError, TypeError):
        return None


def _each_once(calls: Iterable[Call | None]) -> list[Call]:
    return [*{literal(call): call for call in calls if call}.values()]


def literal(value: Any) -> str:
    """A value as Python source, sets in the same order everywhere.

    Example:
        >>> literal(({"b", "a"}, [frozenset({2})], {1: ()}))
        "({'a', 'b'}, [frozenset({2})], {1: ()})"
    """
    if isinstance(value, set | frozenset) and value:
        text = f"{{{', '.join(map(literal, _in_order(value)))}}}"
        return text if isinstance(value, set) else f"frozenset({text})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    return repr(value)


def _in_order(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=literal)


def constants_in(program: str) -> list[Any]:
    """The numbers and texts in a program, the words and letters of the texts too, each once: what a
    program asks for is seldom hit by chance.

    Example:
        >>> constants_in("def f(n):\\n    return 'a b' if n > 7 else None\\n")
        [7, 'a b', 'a', 'b', ' ']
    """
    tree = ast.parse(program)
    remarks = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.Module)
    }
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    numbers = [x for x in values if type(x) in (int, float)]
    texts = [x for x in values if isinstance(x, str) and x not in remarks]
    parts = [part for text in texts for part in (text, *text.split(), *text)]
    return [*{repr(value): value for value in (*numbers, *parts)}.values()]


def generated_calls(
    calls: Sequence[Call], count: int, seed: str, constants: Sequence[Any] = ()
) -> list[Call]:
    """Other calls that have the properties of the given ones.

    Args:
        calls: those of a test.
        count: how many are wanted; there are fewer where no more are found.
        seed: decides the changes.
        constants: of the reference, which may stand in inputs.

    Example:
        >>> generated_calls([([1, 2],), ([4],)], 3, "t")  # never negative, never empty, sorted
        [([1],), ([9],), ([2],)]
    """
    draw = random.Random(seed)
    kept = [holds for holds in properties(calls) if all(map(holds, calls))]
    known = {*map(literal, calls)}
    pool = [*calls]
    scalars = [*constants, *(x for call in calls for x in _inside(call) if isinstance(x, SCALARS))]
    found: list[Call] = []
    for _ in range(count * TRIES if calls else 0):
        if len(found) == count:
            break
        call = draw.choice(pool)
        for _ in range(draw.randint(1, MOST_CHANGES)):
            place = draw.randrange(len(call))
            # A part of another call, of the same argument, or a change of this one.
            others = [other[place] for other in calls if len(other) == len(call)]
            near = [*scalars, *(x for x in _inside(call) if isinstance(x, SCALARS))]
            change = _Change(draw, near)
            call = (*call[:place], change.of(call[place], others), *call[place + 1 :])
        if literal(call) not in known and all(holds(call) for holds in kept):
            known.add(literal(call))
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
        if len(given) >= FEWEST:
            for same in (_size, _skeleton):
                known = {same(value) for value in given}
                if len(known) == 1:
                    yield lambda call, p=place, s=same, k=known: (  # type: ignore[misc]
                        p >= len(call) or s(call[p]) in k
                    )
        for holds in OF_ONE:
            yield lambda call, p=place, h=holds: p >= len(call) or h(call[p])  # type: ignore[misc]
    for one, other in itertools.permutations(range(width), 2):
        for relates in OF_TWO:
            yield lambda call, a=one, b=other, r=relates: (  # type: ignore[misc]
                max(a, b) >= len(call) or r(call[a], call[b])
            )


@dataclass(frozen=True)
class _Change:
    """Draws changes.

    Attributes:
        scalars: values that inputs hold, or that the reference asks for.
    """

    draw: random.Random
    scalars: Sequence[Any]

    def of(self, value: Any, others: Sequence[Any]) -> Any:
        """A value of the same type, near to it or like one of the others."""
        alike = [other for other in others if type(other) is type(value)]
        if alike and self.draw.random() < 0.2:
            return self.draw.choice(alike)
        if isinstance(value, bool):
            return not value
        if isinstance(value, int | float):
            return self._number(value)
        if isinstance(value, str | bytes):
            letters = [value[i : i + 1] for i in range(len(value))]
            more = [other[i : i + 1] for other in alike for i in range(len(other))]
            more += [x for x in self.scalars if type(x) is type(value)]
            return type(value)().join(self._rearranged(letters, more))
        if isinstance(value, list | tuple):
            more = [item for other in alike for item in other]
            return type(value)(self._rearranged([*value], more))
        if isinstance(value, set | frozenset):
            more = [item for other in alike for item in _in_order(other)]
            return type(value)(self._rearranged(_in_order(value), more))
        if isinstance(value, dict) and value:
            return self._dict(value, alike)
        return value

    def _number(self, value: float) -> float:
        """A number near to this one or to another, or as far from it as another is from zero."""
        draw = self.draw
        known = [x for x in self.scalars if type(x) is type(value)]
        kind = draw.randrange(4) if known else 0
        if kind == 1:
            return draw.choice(known)
        step = draw.choice(known) if kind == 2 else draw.randint(1, LARGEST_STEP)
        if isinstance(value, float) and kind in (0, 3):
            step = round(draw.random() * LARGEST_STEP, draw.randrange(3))
        found = (draw.choice(known) if kind == 3 else value) + draw.choice([-1, 1]) * step
        return round(found, 3) if isinstance(value, float) else found

    def _dict(self, value: dict[Any, Any], alike: Sequence[dict[Any, Any]]) -> dict[Any, Any]:
        """A dictionary that has lost or got an item, or whose key or value has changed."""
        key, kind = self.draw.choice([*value]), self.draw.randrange(4)
        if kind == 0:
            return {k: v for k, v in value.items() if k != key}
        if kind == 1 and any(alike):
            more = self.draw.choice([item for other in alike for item in other.items()])
            return {**value, more[0]: more[1]}
        if kind == 2:
            other = self.of(key, [each for one in alike for each in one])
            return {other if k == key else k: v for k, v in value.items()}
        items = [item for other in alike for item in other.values()]
        return {**value, key: self.of(value[key], items)}

    def _rearranged(self, items: list[Any], more: Sequence[Any]) -> list[Any]:
        """A collection that has lost, repeated, changed, moved or got an item."""
        draw = self.draw
        place, kind = draw.randrange(len(items) + 1), draw.randrange(5)
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
        if not (isinstance(item, str | bytes) and len(item) == 1):
            return [*before, self.of(item, more), *after]
        case = item.swapcase()
        return [*before, draw.choice([*more, case]), *after]


def _inside(value: Any) -> Iterator[Any]:
    """A value and all values in it."""
    yield value
    if isinstance(value, dict):
        for item in itertools.chain(value, value.values()):
            yield from _inside(item)
    elif isinstance(value, set | frozenset):
        for item in _in_order(value):
            yield from _inside(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _inside(item)


def _numbers(value: Any) -> Iterator[float]:
    return (x for x in _inside(value) if isinstance(x, int | float) and not isinstance(x, bool))


def _is_balanced(text: str) -> bool:
    """Whether each bracket is closed."""
    open_ones = []
    for sign in text:
        if sign in OPENING:
            open_ones.append(OPENING[sign])
        elif sign in OPENING.values() and (not open_ones or open_ones.pop() != sign):
            return False
    return not open_ones


def _skeleton(value: Any) -> str:
    """A text up to its numbers."""
    return re.sub(r"\d+", "0", value) if isinstance(value, str) else ""


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
    lambda v: all(x > 1 for x in _numbers(v)),
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
    lambda v: all(_is_balanced(x) for x in _inside(v) if isinstance(x, str)),
    lambda v: all(_size(x) == _size(v) for x in v) if isinstance(v, list | tuple) else False,
    lambda v: len({*_numbers(v)}) == sum(1 for _ in _numbers(v)) > FEWEST,
    lambda v: sorted(_numbers(v)) == [*range(1, 1 + max(FEWEST, _size([*_numbers(v)])))],
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
