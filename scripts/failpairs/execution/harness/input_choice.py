"""Chooses inputs that tell a program from its mutants, as EvalPlus reduces its tests (Liu et al.
2023, arXiv 2305.01210, section 2.3)."""

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from failpairs.execution.harness.fuel import Fuel, OutOfFuel, load
from failpairs.execution.harness.oracles import evaluated, is_alike

ENOUGH = 2  # inputs that kill a mutant, after which it is not run again
MOST_STEPS = 3_000  # that a reference or a mutant may take for one call
MOST_STEPS_IN_ALL = 1_000_000
FEW = 3  # calls for which a reference may take more
MOST_STEPS_OF_FEW = 1_000_000
LONGEST = 4096  # characters of the source of an answer

Answers = list[tuple[int, str]]


def chosen_inputs(
    calls: str, reference: str, mutants: Sequence[str], entry_point: str, count: int
) -> Answers:
    """The places of so many calls with the source of their answers: first those that kill a mutant,
    then the others in their order.

    Those to which the reference has no answer after few steps are not among them, but for `FEW`
    where there are not enough others; nor those that are left when all steps are taken.

    Args:
        calls: a list of argument tuples, as Python source.
        reference: a trusted program that defines the entry point.
        mutants: programs that differ from it in one place.
    """
    given = dict(enumerate(evaluated(calls)))
    found, long_ones = _chosen(given, reference, mutants, entry_point, MOST_STEPS)
    if len(found) < count:
        some = {place: given[place] for place in long_ones[:FEW]}
        found += _chosen(some, reference, (), entry_point, MOST_STEPS_OF_FEW)[0]
    return sorted(found[:count])


def _chosen(
    calls: Mapping[int, tuple[Any, ...]],
    reference: str,
    mutants: Sequence[str],
    entry_point: str,
    steps: int,
) -> tuple[Answers, list[int]]:
    """The calls that have an answer, those that kill a mutant first, and the places of those to
    which the reference takes more steps."""
    fuel = Fuel(steps)
    most = max(MOST_STEPS_IN_ALL, FEW * steps)
    function = load(reference, fuel)[entry_point]
    living = [[_loaded(mutant, fuel, entry_point), ENOUGH] for mutant in mutants]
    killing: Answers = []
    others: Answers = []
    long_ones: list[int] = []
    for place, call in calls.items():
        if fuel.spent > most:
            break
        given = marshal.dumps(call)
        try:
            answer, source = _answer(function, marshal.loads(given), fuel)
        except OutOfFuel:
            long_ones.append(place)
            continue
        except Exception:  # of such a call the answer is not known
            continue
        killed = [
            mutant
            for mutant in living
            if not _agrees(mutant[0], marshal.loads(given), answer, fuel)
        ]
        for mutant in killed:
            mutant[1] -= 1
        living = [mutant for mutant in living if mutant[1]]
        (killing if killed else others).append((place, source))
    return [*killing, *others], long_ones


def _answer(function: Callable[..., Any], arguments: Iterable[Any], fuel: Fuel) -> tuple[Any, str]:
    """What a function returns, an iterator as a list, and its source.

    Raises:
        OutOfFuel: it runs long.
        Exception: it raises, or returns something very large.
    """
    fuel.refill()
    answer = function(*arguments)
    answer = [*answer] if isinstance(answer, Iterator) else answer
    source = repr(answer)
    if len(source) > LONGEST:
        raise ValueError
    return answer, source


def _loaded(program: str, fuel: Fuel, entry_point: str) -> Any:
    """The function of a mutant; None where it does not even load."""
    try:
        return load(program, fuel)[entry_point]
    except BaseException:
        return None


def _agrees(function: Any, arguments: Sequence[Any], answer: Any, fuel: Fuel) -> bool:
    fuel.refill()
    try:
        return is_alike(function(*arguments), answer)
    except BaseException:
        return False
