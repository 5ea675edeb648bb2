"""Verdicts: what may be said of one metric, and the sentence that says it."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict
from statsmodels.stats.multitest import multipletests

from failpairs.labels import PASS, Label
from failpairs.statistics.arrays import Ints
from failpairs.statistics.intervals import estimate
from failpairs.statistics.number_format import p_is, p_text, points
from failpairs.statistics.paired_tests import Spread, spread
from failpairs.statistics.power import mcnemar_power, minimum_detectable

POWER = 0.8

Role = Literal["primary", "declared", "exploratory", "control", "planned"]
VerdictName = Literal["improved", "worsened", "equivalent", "not distinguishable"]
Correction = Literal["none", "holm", "fdr_bh"]


class Criteria(BaseModel):
    """What was decided before there were results.

    `confidence` of the intervals; verdicts take p-values up to `1 - confidence`. Changes inside
    ±`equivalence_margin` (share of the problems) count as none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    confidence: float
    equivalence_margin: float

    @property
    def alpha(self) -> float:
        """The level of the tests."""
        return round(1 - self.confidence, 12)


class Effect(BaseModel):
    """One metric (PASS for pass@1, or a failure label) before and after.

    `before` and `after` count problems, each by the share of its samples. `change`, `low`, `high`
    (after less before) and `minimum_detectable` (found with 80% power at this discordance, had it
    been tested alone) are shares of the problems. `power` is what this study had, likewise alone,
    for the change it saw. `p` is that of the sign-flip test, `p_corrected` that among the `family`
    of metrics tested together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: Label
    subject: str
    role: Role
    before: float
    after: Spread
    moved: int
    change: float
    low: float
    high: float
    p: float
    p_corrected: float
    correction: Correction
    family: int
    minimum_detectable: float | None
    power: float
    verdict: VerdictName
    sentence: str


def measure(
    metric: Label,
    role: Role,
    before: Ints,
    after: Ints,
    n_samples: int,
    criteria: Criteria,
    subject: str = "",
) -> Effect:
    """The change of one metric, judged on its own.

    Args:
        before, after: samples of each problem that have the label, (models, problems).
        n_samples: samples of a problem.
        subject: what the sentence is about; the metric, where nothing is given.
    """
    n = before.shape[1]
    differences = len(before) * after.sum(axis=0) - len(after) * before.sum(axis=0)
    unit = len(before) * len(after) * n_samples
    found = estimate(differences, unit, criteria.confidence)
    # Graded differences leave the test hardly conservative: mid-p is then the nearer model of it.
    graded = unit > 1
    detectable = minimum_detectable(n, found.discordance, criteria.alpha, POWER, graded)
    size = min(abs(found.change) / found.size, found.discordance)
    effect = Effect(
        metric=metric,
        subject=subject or ("Pass@1" if metric == PASS else metric),
        role=role,
        before=float(before.sum(axis=1).mean() / n_samples),
        after=spread((after.sum(axis=1) / n_samples).tolist()),
        moved=found.moved,
        change=found.change,
        low=found.low,
        high=found.high,
        p=found.p,
        p_corrected=found.p,
        correction="none",
        family=1,
        minimum_detectable=None if detectable is None else detectable * found.size,
        power=mcnemar_power(n, found.discordance, size, criteria.alpha, graded),
        verdict="not distinguishable",
        sentence="",
    )
    return _judged(effect, criteria)


def corrected(
    effects: Sequence[Effect], correction: Correction, criteria: Criteria
) -> list[Effect]:
    """The same effects, judged as a family: by Holm's step-down procedure (Holm 1979) or with a
    false discovery rate (Benjamini and Hochberg 1995)."""
    if not effects:
        return []
    p_values = multipletests([effect.p for effect in effects], method=correction)[1]
    return [
        _judged(
            effect.model_copy(
                update={
                    "p_corrected": float(p),
                    "correction": correction,
                    "family": len(effects),
                }
            ),
            criteria,
        )
        for effect, p in zip(effects, p_values, strict=True)
    ]


def _judged(effect: Effect, criteria: Criteria) -> Effect:
    verdict = verdict_of(effect, criteria)
    effect = effect.model_copy(update={"verdict": verdict})
    return effect.model_copy(update={"sentence": _sentence(effect, criteria)})


def verdict_of(effect: Effect, criteria: Criteria) -> VerdictName:
    """One of four: a significant change in either direction, an interval inside the margin, or
    nothing that could be told."""
    if effect.p_corrected <= criteria.alpha:
        better = (effect.change > 0) == (effect.metric == PASS)
        return "improved" if better else "worsened"
    if max(-effect.low, effect.high) < criteria.equivalence_margin:
        return "equivalent"
    return "not distinguishable"


def _sentence(effect: Effect, criteria: Criteria) -> str:
    margin = f"±{100 * criteria.equivalence_margin:g} points"
    p = p_is(effect.p)
    if effect.family > 1:
        p += f", corrected for {effect.family} tests {p_text(effect.p_corrected)}"
    numbers = (
        f"{points(effect.change)} points ({100 * criteria.confidence:g}% interval "
        f"{points(effect.low)} to {points(effect.high)}; {p})"
    )
    if effect.verdict in ("improved", "worsened"):
        inside = max(-effect.low, effect.high) < criteria.equivalence_margin
        rest = f", though inside the margin of {margin}" if inside else ""
        return f"{effect.subject}: {effect.verdict}, {numbers}{rest}."
    if effect.verdict == "equivalent":
        return (
            f"{effect.subject}: equivalent, {numbers}, inside the margin set in advance, {margin}."
        )
    text = f"{effect.subject}: not distinguishable from no change, {numbers}."
    if effect.p <= criteria.alpha:
        text += f" Significant on its own, but not after correction for {effect.family} tests."
    return f"{text} {_what_could_be_told(effect)}"


def _what_could_be_told(effect: Effect) -> str:
    """The change that would have been detected: without the correction, since that depends on the
    p-values of the other tests."""
    if effect.minimum_detectable is None:
        start = "Even tested alone, with" if effect.family > 1 else "With"
        return f"{start} this few problems no change, however large, could be significant."
    start = "Tested alone, a" if effect.family > 1 else "A"
    detectable = f"{100 * effect.minimum_detectable:.2f} points"
    return f"{start} change of {detectable} would have been detected with {POWER:.0%} probability."
