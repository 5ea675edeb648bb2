"""Control arms against the base model, against the curated pairs, and as it was planned."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.labels import PASS, Label
from failpairs.statistics.effects import Criteria, Effect, corrected
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.held_out import Curves, HeldOut, held_out, last_rows
from failpairs.statistics.label_counts import DECLARED_MODES, LabelCounts, effect_on, in_order_of


class Planned(BaseModel):
    """Comparisons of pass@1 that were planned, as a family of their own (Holm).

    `alone` and `among_all` are changes that are detected with 80% probability by the first of the
    comparisons if it is tested alone, and if it is corrected for all comparisons of all arms.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    effects: list[Effect]
    n_all: int
    alone: float | None
    among_all: float | None


class Arm(BaseModel):
    """A control arm: pass@1 and the declared modes, against the base model and against the curated
    pairs, and what its trainings did to the held-out pairs. All comparisons of all arms are one
    family (Holm). `counts` holds the mean number of evaluation problems by failure mode, each by
    the share of its samples."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    seeds: list[str]
    against_base: list[Effect]
    against_curated: list[Effect]
    counts: dict[Label, float]
    held_out: HeldOut | None = None


def counts_of_arms(
    base: Evaluation, arms: Mapping[str, Mapping[str, Evaluation]]
) -> dict[str, LabelCounts]:
    """The outcomes of each arm's seeds.

    Raises:
        InputError: an arm was evaluated on other problems.
    """
    return {
        name: LabelCounts(list(in_order_of(base, seeds, f"arm {name}, ").values()))
        for name, seeds in arms.items()
    }


def compare_arms(
    base: Evaluation,
    before: LabelCounts,
    curated: LabelCounts,
    arms: Mapping[str, Mapping[str, Evaluation]],
    criteria: Criteria,
    curves: Mapping[str, Curves],
) -> list[Arm]:
    """All arms, with all their comparisons as one family.

    Args:
        before, curated: outcomes of the base model and of the curated pairs' seeds.
        arms: evaluations by arm and seed.
        curves: rows of `train_log.jsonl` by arm and seed, as far as there are any.

    Raises:
        InputError: an arm was evaluated on other problems.
    """
    metrics = (PASS, *DECLARED_MODES)
    effects: list[Effect] = []
    outcomes = counts_of_arms(base, arms)
    for name, tuned in outcomes.items():
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
            counts=outcomes[name].failures(),
            held_out=held_out(last_rows(curves.get(name, {}), seeds)),
        )
        for name, seeds in arms.items()
    ]


def compare_as_planned(
    before: LabelCounts,
    curated: LabelCounts,
    arms: Mapping[str, LabelCounts],
    planned: Sequence[str],
    criteria: Criteria,
) -> Planned | None:
    """The planned comparisons; None if there are none.

    Args:
        before, curated: outcomes of the base model and of the curated pairs' seeds.
        planned: each as `ARM:OTHER`.

    Raises:
        InputError: one names what was not evaluated.
    """
    if not planned:
        return None
    models = {"base": before, "curated": curated, **arms}
    effects = []
    for text in planned:
        name, _, other = text.partition(":")
        for each in (name, other):
            if each not in models:
                raise InputError(f"statistics.compare: {text}: no arm {each!r} was evaluated")
        subject = f"{name} against {other}, pass@1"
        effects.append(effect_on(PASS, "planned", models[other], models[name], criteria, subject))
    n_all = 2 * (1 + len(DECLARED_MODES)) * len(arms)
    name, _, other = planned[0].partition(":")
    strict = criteria.model_copy(update={"confidence": 1 - criteria.alpha / max(n_all, 1)})
    among_all = effect_on(PASS, "planned", models[other], models[name], strict)
    return Planned(
        effects=corrected(effects, "holm", criteria),
        n_all=n_all,
        alone=effects[0].minimum_detectable,
        among_all=among_all.minimum_detectable,
    )
