"""More inputs for a function than its test has: those of the test, changed by their types.

The changes are those of EvalPlus (Liu et al. 2023, arXiv 2305.01210, table 1): a number becomes a
near one, a text or a collection loses, repeats or changes a part. Arguments of one type also change
places. What is valid is not known; see `input_properties.py`.
"""

import ast
import contextlib
import random
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from failpairs.code.mutation import mutants
from failpairs.code.syntax import compiles
from failpairs.problems.given_calls import (
    Call,
    argument_names,
    calls_in_prompt,
    calls_in_test,
    each_once,
    whole_reference,
)
from failpairs.problems.input_properties import SCALARS, Argument, properties
from failpairs.problems.literals import in_order, literal
from failpairs.problems.stated_bounds import Bound, stated_bounds
from failpairs.records import Problem

LARGEST_STEP = 5  # by which a whole number changes at once
MOST_CHANGES = 4  # of one input after the other
MOST_MUTANTS = 48  # by which inputs are chosen
PRINTABLE = range(32, 127)  # the numbers of ASCII's letters and signs
SEPARATOR = re.compile(r"[^\w]")
EXTREME = 4  # one of so many inputs, at most
TRIES = 200  # without a new input, after which there are no more
AFRESH = 0.5  # share of the inputs that are made from a given one, not from one that was made
WORDS = 0.5  # share of the calls in which of a text with separators whole parts change
SWAPS = 0.1  # share of the changes in which two arguments change places


def generated_inputs(problem: Problem, count: int) -> list[Call]:
    """Inputs for the function of a problem; none where it has additional tests already, or where no
    call stands in its test or prompt.

    Args:
        count: how many are wanted; there are fewer where no more are found.
    """
    is_plain = problem.kind == "function" and "." not in problem.entry_point
    if not is_plain or problem.plus_test:
        return []
    if not (compiles(problem.test) and compiles(whole_reference(problem))):
        return []  # which is a fault of the problem, and found when it is tried
    tested, examples = calls_in_test(problem), calls_in_prompt(problem)
    known = {*map(literal, tested)}
    untested = [call for call in examples if literal(call) not in known][:count]
    given = [*tested, *examples]
    constants = constants_in(problem.reference)
    bounds = stated_bounds(problem.prompt, argument_names(problem))
    bounds = [bound for bound in bounds if all(map(bound.holds, given))]
    extreme = [call for call in extreme_calls(given) if all(bound.holds(call) for bound in bounds)]
    extreme = extreme[: count // EXTREME]
    more = generated_calls(given, count - len(extreme), problem.task_id, constants, bounds)
    # The extremes come last, since of two inputs that tell as much the first is chosen.
    return each_once([*untested, *more, *extreme])[:count]


def choosing(problem: Problem, calls: Sequence[Call], count: int) -> Problem:
    """A problem whose test chooses so many of the calls, those first that tell the reference from
    its mutants."""
    reference = whole_reference(problem)
    found = [mutant.source for mutant in mutants(reference)]
    some = random.Random(problem.task_id).sample(found, min(MOST_MUTANTS, len(found)))
    arguments = (literal([*calls]), reference, some, problem.entry_point, count)
    choice = f"input_choice.chosen_inputs({', '.join(map(repr, arguments))})"
    test = f"def check(candidate):\n    __chosen__.extend({choice})\n"
    return problem.model_copy(update={"test": test})


def with_inputs(problem: Problem, inputs: str) -> Problem:
    """A problem whose additional test compares programs with the reference on these inputs.

    Args:
        inputs: a list of calls with the answers of the reference, as `known` gives it, or, where
            there is no reference, as `unknown` does; of nothing the problem stays as it is.
    """
    if not inputs:
        return problem
    call = f"oracles.check_alike(candidate, {inputs!r}, __differing__)"
    if not has_reference(problem):
        call = f"oracles.record_answers(candidate, {inputs!r}, __answers__)"
    test = f"def check(candidate):\n    {call}\n"
    return problem.model_copy(update={"plus_test": test})


def known(answers: Iterable[tuple[Call, str]]) -> str:
    """Calls with their answers as Python source, those whose answer is a literal; nothing where
    there is none.

    Example:
        >>> known([((1,), "{3}"), ((2,), "<function f>")])
        '[((1,), {3})]'
    """
    found = []
    for call, answer in answers:
        with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError):
            found.append((call, ast.literal_eval(answer)))
    return literal(found) if found else ""


def unknown(calls: Iterable[Call]) -> str:
    """Calls to which nobody knows the answers, as Python source; nothing where there is none.

    Example:
        >>> unknown([(1,), (2,)])
        '[((1,),), ((2,),)]'
    """
    found = [(call,) for call in calls]
    return literal(found) if found else ""


def has_reference(problem: Problem) -> bool:
    """Whether there is a solution with which programs can be compared."""
    return bool(problem.reference.strip())


def constants_in(program: str) -> list[Any]:
    """The numbers and texts in a program, the words and letters of the texts too, each once: what a
    program asks for is seldom hit by chance. Of a program that asks for the numbers of letters also
    the letters of its numbers.

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
    if any(isinstance(node, ast.Name) and node.id in ("ord", "chr") for node in ast.walk(tree)):
        texts += [chr(x) for x in numbers if isinstance(x, int) and x in PRINTABLE]
    parts = [part for text in texts for part in (text, *text.split(), *text)]
    return [*{repr(value): value for value in (*numbers, *parts)}.values()]


def generated_calls(
    calls: Sequence[Call],
    count: int,
    seed: str,
    constants: Sequence[Any] = (),
    bounds: Sequence[Bound] = (),
) -> list[Call]:
    """Other calls that have the properties of the given ones.

    Args:
        calls: those of a test.
        count: how many are wanted; there are fewer where no more are found.
        seed: decides the changes.
        constants: of the reference, which may stand in inputs.
        bounds: to which they keep, too.

    Example:
        >>> generated_calls([([1, 2],), ([4],)], 3, "t")  # never negative, never empty, sorted
        [([2, 4],), ([1],), ([6],)]
    """
    if not calls:
        return []
    change = _Change(random.Random(seed), calls, constants)
    given = [tuple(map(Argument, call)) for call in calls]
    kept = [holds for holds in properties(given) if all(map(holds, given))]
    known = {*map(literal, calls)}
    pool, fruitless = [*calls], 0
    found: list[Call] = []
    while len(found) < count and fruitless < TRIES:
        call = change.of_call(pool)
        fruitless += 1
        text = literal(call)
        if text in known or not all(bound.holds(call) for bound in bounds):
            continue
        arguments = tuple(map(Argument, call))
        if all(holds(arguments) for holds in kept):
            known.add(text)
            pool.append(call)
            found.append(call)
            fruitless = 0
    return found


def extreme_calls(calls: Sequence[Call]) -> list[Call]:
    """The given calls with one argument at the end of its range, or two of one type exchanged,
    whatever properties they have: of extremes it is often true by chance that none is given.

    Example:
        >>> extreme_calls([(3, [4, 5])])
        [(0, [4, 5]), (1, [4, 5]), (3, []), (3, [4])]
    """
    found = []
    for call in calls:
        for place, value in enumerate(call):
            found += [(*call[:place], x, *call[place + 1 :]) for x in _extremes(value)]
            found += [_swapped(call, place, i) for i in _alike(call, place) if i > place]
    given = {*map(literal, calls)}
    return [call for call in each_once(found) if literal(call) not in given]


def _extremes(value: Any) -> list[Any]:
    """The least values of a type."""
    if isinstance(value, int | float):
        return [] if isinstance(value, bool) else [type(value)(0), type(value)(1)]
    if isinstance(value, str | bytes | list | tuple):
        return [value[:0], value[:1]]
    return [type(value)()] if isinstance(value, set | frozenset | dict) else []


class _Change:
    """Draws changes."""

    def __init__(
        self, draw: random.Random, calls: Sequence[Call], constants: Sequence[Any]
    ) -> None:
        """
        Args:
            calls: the given ones, whose parts may take the place of others.
            constants: of the reference, which may stand in inputs.
        """
        self._draw = draw
        self._calls = calls
        self._scalars = _by_type([*constants, *_scalars(calls)])
        self._others: dict[tuple[int, int], list[Any]] = {}
        self._scalars_of: dict[int, dict[type, list[Any]]] = {}

    def of_call(self, pool: Sequence[Call]) -> Call:
        """One of the calls with some changes."""
        draw = self._draw
        call = draw.choice(self._calls if draw.random() < AFRESH else pool)
        if id(call) not in self._scalars_of:  # of a call that lives as long as the pool
            self._scalars_of[id(call)] = _by_type(_scalars(call))
        self._near = self._scalars_of[id(call)]
        self._by_words = draw.random() < WORDS
        for _ in range(draw.randint(1, MOST_CHANGES)):
            place = draw.randrange(len(call))
            if draw.random() < SWAPS and (like := _alike(call, place)):
                call = _swapped(call, place, draw.choice(like))
            else:
                # A part of another call, of the same argument, or a change of this one.
                changed = self._of(call[place], self._at(len(call), place))
                call = (*call[:place], changed, *call[place + 1 :])
        return call

    def _at(self, length: int, place: int) -> list[Any]:
        """The arguments that stand at a place of the given calls of a length."""
        if (length, place) not in self._others:
            found = [other[place] for other in self._calls if len(other) == length]
            self._others[length, place] = found
        return self._others[length, place]

    def _known(self, kind: type) -> list[Any]:
        """Values of a type that inputs hold, or that the reference asks for."""
        return self._scalars.get(kind, []) + self._near.get(kind, [])

    def _of(self, value: Any, others: Sequence[Any]) -> Any:
        """A value of the same type, near to it or like one of the others."""
        alike = [other for other in others if type(other) is type(value)]
        if alike and self._draw.random() < 0.2:
            return self._draw.choice(alike)
        if isinstance(value, bool):
            return not value
        if isinstance(value, int | float):
            return self._number(value)
        if isinstance(value, str) and (separator := self._separator(value)):
            return self._words(value, separator, alike)
        if isinstance(value, str | bytes):
            letters = [value[i : i + 1] for i in range(len(value))]
            more = [other[i : i + 1] for other in alike for i in range(len(other))]
            more += self._known(type(value))
            return type(value)().join(self._rearranged(letters, more))
        if isinstance(value, list | tuple):
            more = [item for other in alike for item in other]
            return type(value)(self._rearranged([*value], more))
        if isinstance(value, set | frozenset):
            more = [item for other in alike for item in in_order(other)]
            return type(value)(self._rearranged(in_order(value), more))
        if isinstance(value, dict) and value:
            return self._dict(value, alike)
        return value

    def _separator(self, text: str) -> str:
        """One of the signs between the parts of a text; none where it is to change by letters."""
        found = sorted({*SEPARATOR.findall(text)})
        return self._draw.choice(found) if found and self._by_words else ""

    def _words(self, text: str, separator: str, alike: Sequence[str]) -> str:
        """A text whose parts have changed: to others, or numbers to near ones of as many digits."""
        words = text.split(separator)
        more = [word for other in alike for word in other.split(separator)]
        fewest = min(map(len, filter(None, words)), default=1)  # no letters among words
        more += [x for x in self._known(str) if len(x) >= fewest and separator not in x]
        return separator.join(self._rearranged(words, more, self._word))

    def _word(self, word: str, more: Sequence[str]) -> Any:
        if word.isdecimal():
            return str(max(0, self._number(int(word)))).zfill(len(word))
        return self._draw.choice(more) if more else word

    def _number(self, value: float) -> Any:
        """A number near to this one or to another, or as far from it as another is from zero."""
        draw = self._draw
        known = self._known(type(value))
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
        key, kind = self._draw.choice([*value]), self._draw.randrange(4)
        if kind == 0:
            return {k: v for k, v in value.items() if k != key}
        if kind == 1 and any(alike):
            more = self._draw.choice([item for other in alike for item in other.items()])
            return {**value, more[0]: more[1]}
        if kind == 2:
            other = self._of(key, [each for one in alike for each in one])
            return {other if k == key else k: v for k, v in value.items()}
        items = [item for other in alike for item in other.values()]
        return {**value, key: self._of(value[key], items)}

    def _rearranged(
        self, items: list[Any], more: Sequence[Any], changed: Callable[..., Any] | None = None
    ) -> list[Any]:
        """A collection that has lost, repeated, changed, moved or got an item.

        Args:
            changed: changes an item, given others; by its type if nothing is said.
        """
        draw = self._draw
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
        if changed is not None:
            return [*before, changed(item, more), *after]
        if not (isinstance(item, str | bytes) and len(item) == 1):
            return [*before, self._of(item, more), *after]
        case = item.swapcase()
        return [*before, draw.choice([*more, case]), *after]


def _scalars(value: Any) -> list[Any]:
    return [x for x in Argument(value).inside if isinstance(x, SCALARS)]


def _by_type(values: Iterable[Any]) -> dict[type, list[Any]]:
    found: dict[type, list[Any]] = {}
    for value in values:
        found.setdefault(type(value), []).append(value)
    return found


def _alike(call: Call, place: int) -> list[int]:
    """The places of other arguments of the same type."""
    kind = type(call[place])
    return [i for i, other in enumerate(call) if i != place and type(other) is kind]


def _swapped(call: Call, one: int, other: int) -> Call:
    found = [*call]
    found[one], found[other] = found[other], found[one]
    return tuple(found)
