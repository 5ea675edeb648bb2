"""The comparison of base model, seeds and control arms: every number of the report."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from failpairs.labels import LABELS, PASS, Label
from failpairs.records import Pair
from failpairs.statistics.arm_comparison import (
    Arm,
    Planned,
    compare_arms,
    compare_as_planned,
    counts_of_arms,
)
from failpairs.statistics.arrays import Floats, Ints
from failpairs.statistics.baselines import Baseline, baselines
from failpairs.statistics.effects import Correction, Criteria, Effect, Role, corrected, measure
from failpairs.statistics.evaluation import Evaluation, Texts
from failpairs.statistics.fixed_and_broken import Dose, Movement, doses, movements
from failpairs.statistics.held_out import Curves, HeldOut, held_out, last_rows
from failpairs.statistics.label_counts import (
    DECLARED_MODES,
    LabelCounts,
    counts_of_both,
    effect_on,
    in_order_of,
)
from failpairs.statistics.paired_tests import Spread, spread
from failpairs.statistics.rounds import Round, RoundData, rounds_of
from failpairs.statistics.transitions import SeedTest, compare_seed, label_shift_p, transition_table
from failpairs.statistics.variance_split import VarianceSplit, variance_split


class PassAtK(BaseModel):
    """Pass@k of the base model and of the seeds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: float
    tuned: Spread


class Variance(BaseModel):
    """Where the uncertainty of the change in pass@1 comes from, as standard errors (shares): which
    problems there were, and which seeds. They are two questions and are not added."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    problems_se: float | None
    seeds_se: float | None


class Repetition(BaseModel):
    """What a second evaluation of the base model, with another batch size, gave for how many
    problems: another label, and among them another side of pass and failure; by first samples."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    other_label: int
    other_side: int


class Statistics(BaseModel):
    """`stats.json`: every number of the report.

    Tables of transitions count problems by label before (rows) and after (columns), by first
    samples, in the order of `labels`; `p_transitions` is the permutation test over all seeds.
    `funnel` is `curation_funnel.json`, `tuning` is `tuning.json`; `training` holds for each seed
    the last row of its `train_log.jsonl`, `held_out` their summary. `config` is the configuration
    of the run, without what changes no result; null where there is none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    criteria: Criteria
    n_problems: int
    n_samples: int
    seeds: list[str]
    base_passes: float
    base_pass_at_1: float
    baselines: list[Baseline]
    tuned_passes: Spread
    tuned_pass_at_1: Spread
    pass_at_k: dict[int, PassAtK]
    effect: Effect
    modes: list[Effect]
    sources: dict[str, Effect]
    variance: Variance
    variance_split: VarianceSplit | None
    seed_tests: dict[str, SeedTest]
    labels: list[Label]
    transitions: dict[str, list[list[int]]]
    mean_transitions: list[list[float]]
    p_transitions: float
    movements: list[Movement]
    doses: list[Dose]
    arms: list[Arm]
    planned: Planned | None
    rounds: list[Round]
    texts: dict[str, Texts]
    funnel: dict[str, Any] | None
    tuning: dict[str, Any] | None
    again: Repetition | None
    training: dict[str, dict[str, Any]]
    config: dict[str, Any] | None
    held_out: HeldOut | None = None


def compare(
    base: Evaluation,
    seeds: Mapping[str, Evaluation],
    criteria: Criteria,
    resamples: int,
    seed: int,
    arms: Mapping[str, Mapping[str, Evaluation]] | None = None,
    pairs: Sequence[Pair] = (),
    funnel: dict[str, Any] | None = None,
    curves: Curves | None = None,
    tuning: dict[str, Any] | None = None,
    again: Evaluation | None = None,
    planned: Sequence[str] = (),
    of_rounds: Sequence[RoundData] = (),
    crossed: Mapping[str, Mapping[str, Evaluation]] | None = None,
    config: dict[str, Any] | None = None,
    arm_curves: Mapping[str, Curves] | None = None,
) -> Statistics:
    """All statistics of the report.

    Args:
        seeds: evaluation of each seed by name; they and `base` share problems and protocol.
        resamples: sign patterns drawn for the test of transitions, where there are too many to try
            all.
        arms: evaluations of control arms by arm and seed.
        pairs: the curated pairs, for dose and response.
        funnel: how they came about.
        curves: rows of `train_log.jsonl` by seed.
        tuning: how the recipe was chosen.
        again: a second evaluation of the base model.
        planned: comparisons that were planned, each as `ARM:OTHER`.
        of_rounds: what the rounds were made of, where there are several; the evaluations of those
            after the first are among the last of `arms`.
        crossed: evaluations of every other combination than a seed with its own pairs, by the seed
            of the pairs and the seed of the training.
        config: the configuration of the run.
        arm_curves: rows of `train_log.jsonl` by arm and seed.

    Raises:
        InputError: a seed was evaluated on other problems than the base model.
    """
    seeds = in_order_of(base, seeds)
    before, after = LabelCounts([base]), LabelCounts(list(seeds.values()))
    labels = [
        label
        for label in LABELS
        if before.occurs(label) or after.occurs(label) or label in DECLARED_MODES
    ]
    effect = effect_on(PASS, "primary", before, after, criteria)
    modes = _modes(labels, before, after, criteria)
    tables = {
        name: transition_table(before.first[0], first, len(LABELS))
        for name, first in zip(seeds, after.first, strict=True)
    }
    return Statistics(
        criteria=criteria,
        n_problems=base.n_problems,
        n_samples=min(one.n_samples for one in (base, *seeds.values())),
        seeds=list(seeds),
        base_passes=effect.before,
        base_pass_at_1=base.pass_at_1,
        baselines=baselines(base, criteria.confidence),
        tuned_passes=effect.after,
        tuned_pass_at_1=spread([one.pass_at_1 for one in seeds.values()]),
        pass_at_k={
            k: PassAtK(base=value, tuned=spread([one.pass_at_k[k] for one in seeds.values()]))
            for k, value in base.pass_at_k.items()
            if all(k in one.pass_at_k for one in seeds.values())
        },
        effect=effect,
        modes=modes,
        sources=_sources(base, before, after, criteria),
        variance=_variance(before, after),
        variance_split=_variance_split(base, before, seeds, crossed, criteria) if crossed else None,
        seed_tests=_seed_tests(base, before, seeds, after, tables),
        labels=labels,
        **_shown(tables, labels),
        p_transitions=label_shift_p(_shifts(before, after), resamples, seed),
        movements=movements(base, seeds),
        doses=doses(pairs, {mode.metric: mode.change for mode in modes}),
        arms=compare_arms(base, before, after, arms or {}, criteria, arm_curves or {}),
        planned=compare_as_planned(
            before, after, counts_of_arms(base, arms or {}), planned, criteria
        ),
        rounds=rounds_of(base, _rounds(seeds, arms or {}, len(of_rounds)), of_rounds),
        texts={"base": base.texts, **{name: one.texts for name, one in seeds.items()}},
        funnel=funnel,
        tuning=tuning,
        again=_repetition(base, again) if again else None,
        training={name: rows[-1] for name, rows in (curves or {}).items() if rows},
        held_out=held_out(last_rows(curves or {}, seeds)),
        config=config,
    )


def _rounds(
    seeds: Mapping[str, Evaluation], arms: Mapping[str, Mapping[str, Evaluation]], count: int
) -> list[Mapping[str, Evaluation]]:
    return [seeds, *[*arms.values()][1 - count :]] if count > 1 else []


def _repetition(base: Evaluation, again: Evaluation) -> Repetition:
    ordered = in_order_of(base, {"again": again})["again"]
    labels = [
        (one.labels[0], other.labels[0])
        for one, other in zip(base.problems, ordered.problems, strict=True)
    ]
    return Repetition(
        other_label=sum(one != other for one, other in labels),
        other_side=sum((one == PASS) != (other == PASS) for one, other in labels),
    )


def _modes(
    labels: Sequence[Label], before: LabelCounts, after: LabelCounts, criteria: Criteria
) -> list[Effect]:
    families: dict[Role, Correction] = {"declared": "holm", "exploratory": "fdr_bh"}
    found: dict[Label, Effect] = {}
    for role, correction in families.items():
        chosen = [
            label
            for label in labels
            if label != PASS and (label in DECLARED_MODES) == (role == "declared")
        ]
        effects = [effect_on(label, role, before, after, criteria) for label in chosen]
        found |= {effect.metric: effect for effect in corrected(effects, correction, criteria)}
    return [found[label] for label in labels if label != PASS]


def _sources(
    base: Evaluation, before: LabelCounts, after: LabelCounts, criteria: Criteria
) -> dict[str, Effect]:
    """Pass@1 by source of the problems, where there are several."""
    source = np.array([result.source for result in base.problems])
    names = list(dict.fromkeys(source.tolist()))
    if len(names) < 2:
        return {}
    passed, passed_after, unit = counts_of_both(PASS, before, after)
    effects = [
        measure(
            PASS,
            "exploratory",
            passed[:, source == name],
            passed_after[:, source == name],
            unit,
            criteria,
            f"Pass@1 on {name}",
        )
        for name in names
    ]
    return dict(zip(names, corrected(effects, "fdr_bh", criteria), strict=True))


def _variance(before: LabelCounts, after: LabelCounts) -> Variance:
    rates = after.counts(PASS) / after.n_samples
    differences = rates.mean(axis=0) - before.counts(PASS)[0] / before.n_samples

    def standard_error(values: Floats) -> float | None:
        return float(values.std(ddof=1) / len(values) ** 0.5) if len(values) > 1 else None

    return Variance(
        problems_se=standard_error(differences), seeds_se=standard_error(rates.mean(axis=1))
    )


def _variance_split(
    base: Evaluation,
    before: LabelCounts,
    seeds: Mapping[str, Evaluation],
    crossed: Mapping[str, Mapping[str, Evaluation]],
    criteria: Criteria,
) -> VarianceSplit:
    models: list[Evaluation] = []
    for name in seeds:
        others = in_order_of(base, crossed[name], f"pairs of {name}, ")
        row = {**others, name: seeds[name]}
        models += [row[training] for training in seeds]
    after = LabelCounts(models)
    rates = after.counts(PASS) / after.n_samples
    passes = rates.reshape(len(seeds), len(seeds), base.n_problems)
    return variance_split(passes, before.counts(PASS)[0] / before.n_samples, criteria.confidence)


def _seed_tests(
    base: Evaluation,
    before: LabelCounts,
    seeds: Mapping[str, Evaluation],
    after: LabelCounts,
    tables: Mapping[str, Ints],
) -> dict[str, SeedTest]:
    ids = [result.task_id for result in base.problems]
    passing = LABELS.index(PASS)
    return {
        name: compare_seed(ids, tables[name], before.first[0] == passing, first == passing)
        for name, first in zip(seeds, after.first, strict=True)
    }


def _shifts(before: LabelCounts, after: LabelCounts) -> Floats:
    """For each problem and label the share of seeds that have it less that of the base model, by
    first samples."""
    hot = np.eye(len(LABELS))
    shifts: Floats = hot[after.first].mean(axis=0) - hot[before.first[0]]
    return shifts


def _shown(tables: Mapping[str, Ints], labels: Sequence[Label]) -> dict[str, object]:
    places = [LABELS.index(label) for label in labels]
    shown = {name: table[np.ix_(places, places)] for name, table in tables.items()}
    return {
        "transitions": {name: table.tolist() for name, table in shown.items()},
        "mean_transitions": np.mean(list(shown.values()), axis=0).tolist(),
    }
