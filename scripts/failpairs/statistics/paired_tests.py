"""Elementary statistics of paired results: spreads, and tests of the problems that moved.

The unit is the problem. Seeds are averaged within a problem, never pooled as if they were problems.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict
from scipy.stats import binom
from statsmodels.stats.contingency_tables import mcnemar

from failpairs.statistics.arrays import Floats, Ints

SMALLEST_P = 1e-12  # probabilities are rounded to twelve decimals


class Spread(BaseModel):
    """Mean and sample standard deviation (n - 1) over seeds, and each seed's own value.

    `sd` shows how much training varies; it is no error bar of a change.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mean: float
    sd: float | None
    values: list[float]


def spread(values: Sequence[float]) -> Spread:
    """Mean and sample standard deviation; the latter is None for a single value.

    >>> spread([4, 4, 7])
    Spread(mean=5.0, sd=1.7320508075688772, values=[4.0, 4.0, 7.0])
    """
    data = np.asarray(values, dtype=float)
    sd = float(data.std(ddof=1)) if len(data) > 1 else None
    return Spread(mean=float(data.mean()), sd=sd, values=data.tolist())


def mcnemar_p(fixed: int, broken: int) -> float:
    """Exact two-sided McNemar test: the binomial test of the discordant problems at 1/2.

    McNemar 1947, Psychometrika 12:153.

    >>> mcnemar_p(fixed=7, broken=1)
    0.0703125
    """
    return float(mcnemar([[0, fixed], [broken, 0]], exact=True).pvalue) if fixed + broken else 1.0


def mcnemar_mid_p(fixed: int, broken: int) -> float:
    """Two-sided mid-p McNemar test: the exact one less half the probability of what was seen.

    Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91.

    >>> round(mcnemar_mid_p(fixed=7, broken=1), 4)
    0.0391
    """
    fewer, total = min(fixed, broken), fixed + broken
    return min(1.0, float(2 * binom.cdf(fewer, total, 0.5) - binom.pmf(fewer, total, 0.5)))


class SignFlip(NamedTuple):
    """A sign-flip test: its two-sided p-value, and two sums of differences (absolute values): the
    largest that is not significant, and the smallest that is or, if signs give none, would be."""

    p: float
    largest_not: int
    smallest: int


def sign_flip(differences: Ints, alpha: float) -> SignFlip:
    """Two-sided sign-flip permutation test of a zero mean.

    Under the null each problem's difference is as likely to have the other sign (Fisher 1935, The
    Design of Experiments, section 21). What `scipy.stats.permutation_test` finds by trying all
    signs, or estimates by drawing them, is here exact for any number of problems. Differences are
    whole numbers, so that those of one size add up to the size times a binomial variable, and the
    distribution of the sum of all is the convolution of these binomials.

    Args:
        differences: of each problem, in a common unit, (problems,).
        alpha: level at which sums are significant.

    >>> sign_flip(np.array([3, 3, 2, -1, 3, 2, 0]), alpha=0.05)
    SignFlip(p=0.0625, largest_not=12, smallest=14)
    """
    sizes, counts = np.unique(np.abs(differences[differences != 0]), return_counts=True)
    if not len(sizes):
        return SignFlip(1.0, 0, 0)
    unit = int(np.gcd.reduce(sizes))
    sums, tail = _null_tail(sizes // unit, counts)
    observed = abs(int(differences.sum())) // unit
    reached = tail[sums >= observed]
    p = max(float(reached[0]), SMALLEST_P) if len(reached) else SMALLEST_P
    usual = int(np.count_nonzero(tail > alpha))
    largest_not = int(sums[usual - 1])
    smallest = int(sums[usual]) if usual < len(sums) else largest_not + 2
    return SignFlip(p, largest_not * unit, smallest * unit)


def _null_tail(sizes: Ints, counts: Ints) -> tuple[Ints, Floats]:
    """Sums that random signs can give, in rising absolute value, and the probability of each or
    of a larger one."""
    # By Hoeffding's inequality sums beyond ten standard deviations have a probability below 1e-21.
    length = 1 + math.ceil(10 * math.sqrt(sizes**2 @ counts))
    chance = np.ones(1)  # of every sum, from the lowest to the highest in steps of two
    for size, count in zip(sizes, counts, strict=True):
        wider = np.zeros(len(chance) + size * count)
        for positive, share in enumerate(binom.pmf(np.arange(count + 1), count, 0.5)):
            wider[positive * size :][: len(chance)] += share * chance
        surplus = max(0, len(wider) - length) // 2  # on either side
        chance = wider[surplus : len(wider) - surplus]
    upper = chance[len(chance) // 2 :]  # sums from 0 or 1 on; those below mirror them
    sums = (len(chance) + 1) % 2 + 2 * np.arange(len(upper))
    return sums, np.round(np.minimum(1, 2 * upper[::-1].cumsum()[::-1]), 12)
