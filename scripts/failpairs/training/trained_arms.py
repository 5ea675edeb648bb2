"""Control arms with the curated pairs themselves, trained in another way.

A new one is an entry in `TRAINED_ARMS`; as of those with pairs of their own
(`curation/control_arms.py`), everything else follows from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from failpairs.training.losses import LOSSES

# How adapters are trained, and what a model card calls that where the loss does not say it.
METHODS = {
    "preference": "",
    "sft": "plain fine-tuning on the chosen sides",
    "kto": "KTO: each side by itself, as an answer that is wanted or one that is not",
}


@dataclass(frozen=True)
class TrainedArm:
    """An entry of the registry; `name`, `pattern`, `pairs` and `shows` as of `control_arms.Arm`.

    Attributes:
        method: how it is trained, one of `METHODS`.
        recipe: the keys of `training` that differ, with their values, for a name.
    """

    name: str
    pairs: str
    shows: str
    method: str = "preference"
    recipe: Callable[[str], Mapping[str, float | str]] = lambda name: {}
    pattern: str = ""


TRAINED_ARMS = (
    TrainedArm(
        name="sft",
        pairs="the curated pairs, of which only the chosen sides are imitated",
        shows="preference against imitation",
        method="sft",
    ),
    TrainedArm(
        name="kto",
        pairs="the sides of the curated pairs, each by itself, as wanted or unwanted answers (KTO)",
        shows="pairs against single answers",
        method="kto",
    ),
    TrainedArm(
        name="ipo",
        pairs=f"the curated pairs with another loss, one of {', '.join(LOSSES)}",
        shows="what the loss does",
        recipe=lambda name: {"loss": name, **LOSSES[name].own},
        pattern="|".join(LOSSES),
    ),
    TrainedArm(
        name="focus2",
        pairs="the curated pairs, whose tokens count twice (or another number of times) inside the "
        "difference of the two sides",
        shows="whether the difference alone is what teaches",
        recipe=lambda name: {"focus": float(name.removeprefix("focus"))},
        pattern=r"focus([2-9]|[1-9][0-9]{1,2})",
    ),
    TrainedArm(
        name="rare_first",
        pairs="the curated pairs, in each epoch one failure mode of the rejected sides after the "
        "other, from the rarest on (or common_first: from the most common on)",
        shows="what the order does",
        recipe=lambda name: {"order": name},
        pattern="rare_first|common_first",
    ),
    TrainedArm(
        name="replay",
        pairs="the curated pairs in the order of rare_first, and again those of failure modes that "
        "the held-out pairs show as not learned (AP2O)",
        shows="what replay adds to the order",
        recipe=lambda name: {"order": name},
    ),
)
