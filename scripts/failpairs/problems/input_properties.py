"""Properties that the arguments of a function often must have: not negative, sorted, of one length.

Those which all calls of a test have count as the contract of its inputs, as Daikon finds invariants
(Ernst et al. 2007).
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from failpairs.problems.literals import in_order

OPENING = {"(": ")", "[": "]", "{": "}", "<": ">"}
FEWEST = 3  # calls, or numbers, of which it tells something that all of them are alike
SCALARS = (bool, int, float, str, bytes, type(None))


class Argument:
    """An argument of a call, with what more than one property asks of it.

    Attributes:
        value: the argument.
        inside: it, and all values in it.
        numbers: those of them that are numbers.
        texts: those of them that are texts.
        size: how many items it has; -1 where it has none.
    """

    __slots__ = ("inside", "numbers", "size", "texts", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.inside = inside = [value]
        for item in inside:  # which grows
            if isinstance(item, dict):
                inside += [*item, *item.values()]
            elif isinstance(item, set | frozenset):
                inside += in_order(item)
            elif isinstance(item, list | tuple):
                inside += item
        self.numbers: list[float] = [x for x in inside if type(x) in (int, float)]
        self.texts: list[str] = [x for x in inside if isinstance(x, str)]
        self.size = _size(value)

    def shapes(self) -> set[str]:
        """The types of all values in it."""
        return {*map(_shape, self.inside)}

    def tuple_sizes(self) -> set[int]:
        return {len(x) for x in self.inside if isinstance(x, tuple)}


Call = tuple[Argument, ...]
Property = Callable[[Call], bool]


def properties(calls: Sequence[Call]) -> Iterator[Property]:
    """What inputs may have to be, of each argument and of each two of them."""
    width = max(map(len, calls), default=0)
    lengths = {len(call) for call in calls}
    yield lambda call: len(call) in lengths
    for place in range(width):
        given = [call[place] for call in calls if place < len(call)]
        for holds in (*_as_given(given), *OF_ONE):
            yield lambda call, p=place, h=holds: p >= len(call) or h(call[p])  # type: ignore[misc]
    for one, other in itertools.permutations(range(width), 2):
        for relates in OF_TWO:
            yield lambda call, a=one, b=other, r=relates: (  # type: ignore[misc]
                max(a, b) >= len(call) or r(call[a], call[b])
            )


def _as_given(given: Sequence[Argument]) -> Iterator[Callable[[Argument], bool]]:
    """What the other properties cannot say without the arguments that are given."""
    shapes = set().union(*(argument.shapes() for argument in given))
    sizes = set().union(*(argument.tuple_sizes() for argument in given))
    yield lambda argument: argument.shapes() <= shapes
    yield lambda argument: argument.tuple_sizes() <= sizes
    if len(given) >= FEWEST:
        for same in (lambda a: a.size, lambda a: _skeleton(a.value)):
            known = {same(argument) for argument in given}
            if len(known) == 1:
                yield lambda argument, s=same, k=known: s(argument) in k  # type: ignore[misc]


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
    parts = sorted({*map(_shape, Argument(value).inside[1:])})
    return f"{type(value).__name__}({','.join(parts)})"


def _size(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else -1


def _is_list(argument: Argument) -> bool:
    return isinstance(argument.value, list | tuple)


def _is_number(argument: Argument) -> bool:
    return isinstance(argument.value, int | float)


OF_ONE: tuple[Callable[[Argument], bool], ...] = (
    lambda a: all(x >= 0 for x in a.numbers),
    lambda a: all(x > 0 for x in a.numbers),
    lambda a: all(abs(x) <= 1000 for x in a.numbers),
    lambda a: all(_size(x) != 0 for x in a.inside),
    lambda a: _is_sorted(a.value),
    lambda a: _is_list(a) and _is_sorted(a.value[::-1]),
    lambda a: isinstance(a.value, list | tuple | str) and len({*map(repr, a.value)}) == a.size,
    lambda a: _is_list(a) and len({*map(_size, a.value)}) <= 1,
    lambda a: isinstance(a.value, str) and a.value.isalpha(),
    lambda a: isinstance(a.value, str) and a.value.isalnum(),
    lambda a: isinstance(a.value, str) and a.value.isdigit(),
    lambda a: isinstance(a.value, str) and a.value == a.value.lower(),
    lambda a: isinstance(a.value, str) and a.value == a.value.upper(),
    lambda a: isinstance(a.value, str) and a.value == a.value.strip(),
    lambda a: all("  " not in text for text in a.texts),
    lambda a: a.texts != [""] and not any(map(str.isalpha, "".join(a.texts))),
    lambda a: all(map(_is_balanced, a.texts)),
    lambda a: _is_list(a) and all(_size(x) == a.size for x in a.value),
    lambda a: len({*a.numbers}) == len(a.numbers) > FEWEST,
    lambda a: sorted(a.numbers) == [*range(1, 1 + max(FEWEST, len(a.numbers)))],
)
OF_TWO: tuple[Callable[[Argument, Argument], bool], ...] = (
    lambda a, b: a.size == b.size >= 0,
    lambda a, b: isinstance(a.value, int) and 0 <= a.value <= b.size,
    lambda a, b: isinstance(a.value, int) and 0 <= a.value < b.size,
    lambda a, b: _is_number(a) and _is_number(b) and a.value <= b.value,
    lambda a, b: _is_number(a) and _is_number(b) and a.value < b.value,
    lambda a, b: _is_list(b) and any(repr(a.value) == repr(x) for x in b.value),
    lambda a, b: isinstance(a.value, str) and isinstance(b.value, str) and a.value in b.value,
)
