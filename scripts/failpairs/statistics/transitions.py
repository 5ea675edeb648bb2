"""From label to label: tables of transitions, and whether the mix of labels has changed."""

from collections.abc import Sequence
from itertools import compress

import numpy as np
from pydantic import BaseModel, ConfigDict
from scipy.stats import permutation_test
from statsmodels.stats.contingency_tables import SquareTable

from failpairs.statistics.arrays import Bools, Floats, Ints
from failpairs.statistics.paired_tests import mcnemar_mid_p, mcnemar_p

BATCH = 500  # random sign patterns held at once


class SeedTest(BaseModel):
    """One seed against the base model, by first samples: the problems fixed and broken (task ids),
    exact and mid-p McNemar test, and the Stuart-Maxwell test of the mix of labels (None where
    its covariance is singular)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fixed: list[str]
    broken: list[str]
    p_exact: float
    p_mid: float
    p_stuart_maxwell: float | None


def transition_table(before: Ints, after: Ints, n_labels: int) -> Ints:
    """Problems by label before (rows) and after (columns).

    Args:
        before, after: label of each problem, from 0 to `n_labels` - 1, (problems,).

    >>> transition_table(np.array([0, 0, 1]), np.array([0, 1, 1]), n_labels=2).tolist()
    [[1, 1], [0, 1]]
    """
    table = np.zeros((n_labels, n_labels), dtype=np.int64)
    np.add.at(table, (before, after), 1)
    return table


def compare_seed(task_ids: Sequence[str], table: Ints, before: Bools, after: Bools) -> SeedTest:
    """All tests of one seed.

    Args:
        table: its transition table.
        before, after: which problems pass, (problems,).
    """
    fixed = list(compress(task_ids, after & ~before))
    broken = list(compress(task_ids, before & ~after))
    return SeedTest(
        fixed=fixed,
        broken=broken,
        p_exact=mcnemar_p(len(fixed), len(broken)),
        p_mid=mcnemar_mid_p(len(fixed), len(broken)),
        p_stuart_maxwell=stuart_maxwell_p(table),
    )


def stuart_maxwell_p(table: Ints) -> float | None:
    """Asymptotic test that rows and columns have the same margins (Stuart 1955, Maxwell 1970).

    Labels that no problem entered or left are dropped. None where the rest separates into groups
    that exchange nothing, so that the test is not defined.

    >>> round(stuart_maxwell_p(np.array([[5, 9], [1, 8]])), 4)
    0.0114
    """
    moves = table - np.diag(np.diag(table))
    used = np.flatnonzero(moves.sum(axis=0) + moves.sum(axis=1))
    if len(used) < 2:
        return 1.0
    table = table[np.ix_(used, used)]
    flow = table + table.T
    covariance = (np.diag(flow.sum(axis=1)) - flow)[:-1, :-1]
    if np.linalg.matrix_rank(covariance) < len(covariance):
        return None
    square = SquareTable(table, shift_zeros=False)
    return float(square.homogeneity(method="stuart_maxwell").pvalue)


def label_shift_p(shifts: Floats, resamples: int, seed: int) -> float:
    """Permutation test that the mix of labels did not change.

    Base and tuned labels are exchanged within problems, which turns the sign of a problem's shift.
    The statistic is Stuart and Maxwell's, which for one seed is theirs exactly: the total shift
    against the sum of the problems' outer products, which no sign changes. Exact where all signs
    can be tried with so many resamples.

    Args:
        shifts: for each problem and label, share of the tuned models that have it less the same
            of the base model, (problems, labels).
    """
    moved = np.unique(np.round(shifts[np.any(shifts != 0, axis=1)], 9), axis=0, return_counts=True)
    rows = np.repeat(moved[0], moved[1], axis=0)  # in an order that is not that of the problems
    if len(rows) < 2:
        return 1.0
    inverse = np.linalg.pinv(rows.T @ rows, hermitian=True)

    def statistic(signs: Floats, axis: int) -> Floats:
        total = signs @ rows
        quadratic: Floats = np.einsum("...i,ij,...j->...", total, inverse, total)
        return np.round(quadratic, 9)  # equal but for rounding counts as equal

    result = permutation_test(
        (np.ones(len(rows)),),
        statistic,
        permutation_type="samples",
        alternative="greater",
        n_resamples=resamples,
        batch=BATCH,
        vectorized=True,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)
