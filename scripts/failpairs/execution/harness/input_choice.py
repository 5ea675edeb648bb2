"""Chooses inputs that tell a program from its mutants, as EvalPlus reduces its tests (Liu et al.
2023, arXiv 2305.01210, section 2.3)."""

import marshal
from collections.abc import Sequence
from typing import Any

from failpairs.execution.harness.fuel import Fuel, load
from failpairs.execution.harness.oracles import MOST_STEPS, evaluated, is_alike, known_answer

ENOUGH = 2  # inputs that kill a mutant, after which it is not run again
MOST_STEPS_IN_ALL = 1_000_000


def chosen_inputs(
    calls: str, reference: str, mutants: Sequence[str], entry_point: str, count: int
) -> list[int]:
    """The places of so many calls: first those that kill a mutant, then the others in their order.

    Those to which the reference has no answer after few steps are not among them, nor those that
    are left when all steps are taken.

    Args:
        calls: as in `oracles.check_alike`.
        reference: a trusted program that defines the entry point.
        mutants: programs that differ from it in one place.
    """
    fuel = Fuel(MOST_STEPS)
    function = load(reference, fuel)[entry_point]
    living = [[_loaded(mutant, fuel, entry_point), ENOUGH] for mutant in mutants]
    killing: list[int] = []
    others: list[int] = []
    for place, call in enumerate(evaluated(calls)):
        if fuel.spent > MOST_STEPS_IN_ALL:
            break
        given = marshal.dumps(call)
        for answer in known_answer(function, marshal.loads(given), fuel):
            killed = [
                mutant
                for mutant in living
                if not _agrees(mutant[0], marshal.loads(given), answer, fuel)
            ]
            for mutant in killed:
                mutant[1] -= 1
            living = [mutant for mutant in living if mutant[1]]
            (killing if killed else others).append(place)
    return sorted([*killing, *others][:count])


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
