"""What the evaluations of the base model and of the seeds say, and whether it is more than noise.

The unit is the problem. Seeds are averaged within a problem, never pooled as if they were problems.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import permutation_test
from statsmodels.stats.contingency_tables import mcnemar

from failpairs.errors import InputError
from failpairs.evaluation import Evaluation
from failpairs.taxonomy import LABELS, PASS

Floats = npt.NDArray[np.float64]

DECLARED_MODES = ("NAME_ERROR", "ASSERTION_FAIL")


@dataclass(frozen=True)
class Spread:
    """Mean and sample standard deviation (n - 1) over seeds, and each seed's own value."""

    mean: float
    sd: float | None
    values: list[float]


def spread(values: Sequence[float]) -> Spread:
    """Mean and sample standard deviation; the latter is None for a single value."""
    data = np.asarray(values, dtype=float)
    sd = float(data.std(ddof=1)) if len(data) > 1 else None
    return Spread(float(data.mean()), sd, data.tolist())


def indicator(evaluation: Evaluation, label: str) -> Floats:
    """For each problem the share of its samples with a label, (problems,)."""
    return np.array([r.labels.count(label) / len(r.labels) for r in evaluation.problems])


@dataclass(frozen=True)
class Discordance:
    """Problems fixed and broken by one seed, with the exact McNemar test (two-sided)."""

    fixed: list[str]
    broken: list[str]
    p_exact: float


def discordance(base: Evaluation, tuned: Evaluation) -> Discordance:
    """Compare first samples, problem by problem.

    McNemar 1947; the exact test is the binomial test of the discordant problems at 1/2.
    """
    fixed, broken = [], []
    for before, after in zip(base.problems, tuned.problems, strict=True):
        passed_before, passed_after = before.labels[0] == PASS, after.labels[0] == PASS
        if passed_after and not passed_before:
            fixed.append(before.task_id)
        if passed_before and not passed_after:
            broken.append(before.task_id)
    table = [[0, len(fixed)], [len(broken), 0]]
    p = float(mcnemar(table, exact=True).pvalue) if fixed or broken else 1.0
    return Discordance(fixed, broken, p)


def sign_flip_p(differences: Floats, resamples: int, seed: int) -> float:
    """Two-sided sign-flip permutation test of a zero mean, (problems,) differences.

    Under the null each problem's difference is as likely to have the other sign; exact where the
    number of sign patterns is at most `resamples`. Problems without a difference do not matter.
    """
    moved = np.sort(differences[differences != 0])
    if len(moved) < 2:
        return 1.0  # of one difference, both signs are equally extreme
    result = permutation_test(
        (moved,),
        # Sums that are equal but for rounding count as equal.
        lambda x, axis: np.round(x.sum(axis=axis), 9),
        permutation_type="samples",
        n_resamples=resamples,
        vectorized=True,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)


@dataclass(frozen=True)
class ModeChange:
    """One label: count in the base model, spread over seeds, and the paired test of the change.

    Counts are problems (first sample drawn or share of samples, summed over problems).
    """

    label: str
    declared: bool
    base: float
    tuned: Spread
    p_sign_flip: float


def mode_change(
    label: str, base: Evaluation, seeds: Sequence[Evaluation], resamples: int, seed: int
) -> ModeChange:
    """How often a label occurred before and after."""
    before = indicator(base, label)
    after = np.array([indicator(tuned, label) for tuned in seeds])
    return ModeChange(
        label=label,
        declared=label in DECLARED_MODES,
        base=float(before.sum()),
        tuned=spread(after.sum(axis=1).tolist()),
        p_sign_flip=sign_flip_p(after.mean(axis=0) - before, resamples, seed),
    )


def occurring_labels(evaluations: Sequence[Evaluation]) -> list[str]:
    """Labels that occur in any of the evaluations, in the taxonomy's order, with the declared modes
    always among them."""
    found = {label for evaluation in evaluations for label in evaluation.counts}
    return [label for label in LABELS if label in found or label in DECLARED_MODES]


def transitions(base: Evaluation, tuned: Evaluation, labels: Sequence[str]) -> list[list[int]]:
    """Problems by label before (rows) and after (columns), by their first samples."""
    position = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)), dtype=int)
    for before, after in zip(base.problems, tuned.problems, strict=True):
        table[position[before.labels[0]], position[after.labels[0]]] += 1
    rows: list[list[int]] = table.tolist()
    return rows


@dataclass(frozen=True)
class Statistics:
    """`stats.json`: every number of the report."""

    n_problems: int
    n_samples: int
    seeds: list[str]
    base_pass_at_1: float
    tuned_pass_at_1: Spread
    base_passes: float
    tuned_passes: Spread
    p_sign_flip: float
    discordance: dict[str, Discordance]
    labels: list[str]
    modes: list[ModeChange]
    transitions: dict[str, list[list[int]]]
    mean_transitions: list[list[float]]


def compare(
    base: Evaluation, seeds: dict[str, Evaluation], resamples: int, seed: int
) -> Statistics:
    """All statistics of the report.

    Args:
        seeds: evaluation of each seed by name; they and `base` share problems and protocol.
        resamples: sign patterns drawn where there are too many to try all.

    Raises:
        InputError: a seed was evaluated on other problems than the base model.
    """
    seeds = {name: _in_order_of(base, one, name) for name, one in seeds.items()}
    tuned = list(seeds.values())
    labels = occurring_labels([base, *tuned])
    passes = mode_change(PASS, base, tuned, resamples, seed)
    tables = {name: transitions(base, one, labels) for name, one in seeds.items()}
    return Statistics(
        n_problems=base.n_problems,
        n_samples=base.n_samples,
        seeds=list(seeds),
        base_pass_at_1=base.pass_at_1,
        tuned_pass_at_1=spread([one.pass_at_1 for one in tuned]),
        base_passes=passes.base,
        tuned_passes=passes.tuned,
        p_sign_flip=passes.p_sign_flip,
        discordance={name: discordance(base, one) for name, one in seeds.items()},
        labels=labels,
        modes=[
            mode_change(label, base, tuned, resamples, seed) for label in labels if label != PASS
        ],
        transitions=tables,
        mean_transitions=np.mean(list(tables.values()), axis=0).tolist(),
    )


def _in_order_of(base: Evaluation, tuned: Evaluation, name: str) -> Evaluation:
    by_id = {result.task_id: result for result in tuned.problems}
    differing = {result.task_id for result in base.problems} ^ by_id.keys()
    if differing:
        raise InputError(f"base and {name} were not both evaluated on {min(differing)!r}")
    problems = [by_id[result.task_id] for result in base.problems]
    return tuned.model_copy(update={"problems": problems})
