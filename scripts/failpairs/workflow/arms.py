"""All control arms, by the names that the configuration gives them."""

import re

from failpairs.curation.control_arms import ARMS as ARMS_OF_PAIRS
from failpairs.curation.control_arms import Arm
from failpairs.errors import InputError
from failpairs.training.trained_arms import TRAINED_ARMS, TrainedArm

ARMS: tuple[Arm | TrainedArm, ...] = (*ARMS_OF_PAIRS, *TRAINED_ARMS)
# Which no list of arms has: `rounds` makes them.
ROUND = TrainedArm(
    name="round2",
    pairs="pairs of what the adapters of the last round sampled, on which they were trained on",
    shows="what another round adds",
    pattern=r"round[2-9]",
)
ARM_NAMES = tuple(arm.name for arm in ARMS)
ARM_PATTERN = "|".join(arm.pattern or arm.name for arm in ARMS)


def find_arm(name: str) -> Arm | TrainedArm:
    """The arm of a name.

    Raises:
        InputError: there is no such arm.
    """
    for arm in (*ARMS, ROUND):
        if re.fullmatch(arm.pattern or arm.name, name):
            return arm
    raise InputError(f"arm {name!r}: expected one of {', '.join(ARM_NAMES)}")


def rounds_after_first(rounds: int) -> list[str]:
    """The names of the rounds after the first one, which is that of the curated pairs.

    Example:
        >>> rounds_after_first(3)
        ['round2', 'round3']
    """
    return [f"round{number}" for number in range(2, rounds + 1)]


def needs_of(name: str) -> list[str]:
    """What the pairs of an arm are made of beside the curated pairs, in a stable order."""
    arm = find_arm(name)
    return sorted(arm.needs) if isinstance(arm, Arm) else []


def has_own_pairs(name: str) -> bool:
    """Whether an arm has other pairs than the curated ones."""
    return isinstance(find_arm(name), Arm)


def method_of(name: str) -> str:
    """How an arm is trained, as `train.py` names it."""
    arm = find_arm(name)
    return arm.method if isinstance(arm, TrainedArm) else "preference"


def recipe_of(name: str) -> dict[str, float | str]:
    """The keys of `training` in which an arm differs, with their values."""
    arm = find_arm(name)
    return {**arm.recipe(name)} if isinstance(arm, TrainedArm) else {}
