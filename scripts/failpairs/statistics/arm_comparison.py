"""Control arms against the base model and against the curated pairs."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from failpairs.labels import PASS
from failpairs.statistics.effects import Criteria, Effect, corrected
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.label_counts import DECLARED_MODES, LabelCounts, effect_on, in_order_of


class Arm(BaseModel):
    """A control arm: pass@1 and the declared modes, against the base model and against the curated
    pairs. All comparisons of all arms are one family (Holm)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    seeds: list[str]
    against_base: list[Effect]
    against_curated: list[Effect]


def compare_arms(
    base: Evaluation,
    before: LabelCounts,
    curated: LabelCounts,
    arms: Mapping[str, Mapping[str, Evaluation]],
    criteria: Criteria,
) -> list[Arm]:
    """All arms, with all their comparisons as one family.

    Args:
        before, curated: outcomes of the base model and of the curated pairs' seeds.
        arms: evaluations by arm and seed.

    Raises:
        InputError: an arm was evaluated on other problems.
    """
    metrics = (PASS, *DECLARED_MODES)
    effects: list[Effect] = []
    for name, seeds in arms.items():
        tuned = LabelCounts(list(in_order_of(base, seeds, f"arm {name}, ").values()))
        for other, reference in (("base", before), ("curated", curated)):
            for label in metrics:
                metric = "pass@1" if label == PASS else label
                subject = f"{name} against {other}, {metric}"
                effects.append(effect_on(label, "control", reference, tuned, criteria, subject))
    judged = iter(corrected(effects, "holm", criteria))
    return [
        Arm(
            name=name,
            seeds=list(seeds),
            against_base=[next(judged) for _ in metrics],
            against_curated=[next(judged) for _ in metrics],
        )
        for name, seeds in arms.items()
    ]
