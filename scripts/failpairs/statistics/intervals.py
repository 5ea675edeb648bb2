"""Intervals for the mean change over problems, where few problems change at all."""

import math
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from failpairs.statistics.arrays import Ints
from failpairs.statistics.paired_tests import sign_flip


class Estimate(NamedTuple):
    """A mean change (share of the problems) with its interval and its sign-flip p-value.

    `moved` problems have a difference. A study in which a share `discordance` of the problems
    differs by `size` each would be as informative.
    """

    change: float
    low: float
    high: float
    p: float
    significant: bool
    moved: int
    size: float
    discordance: float


def estimate(differences: Ints, unit: int, confidence: float) -> Estimate:
    """The mean of paired differences, tested and bounded so that test and interval agree.

    The p-value is that of the sign-flip test. The interval is Tango's score interval on the
    equivalent counts of problems gained and lost (Kish's effective number: both moments are those
    of the differences). Its normal critical value is moved, where need be, to the nearest that
    rejects zero exactly when the sign-flip test does. Where problems change by fractions, the bound
    away from zero is at least that of the normal interval, and of one more problem of whole size.

    Args:
        differences: of each problem, in whole multiples of 1 / `unit`, (problems,).
        confidence: of the interval, such as 0.95.

    >>> found = estimate(np.array([1] * 9 + [-1] + [0] * 154), unit=1, confidence=0.95)
    >>> [round(value, 3) for value in (found.change, found.low, found.high, found.p)]
    [0.049, 0.012, 0.099, 0.021]
    """
    n = len(differences)
    total, absolute = int(differences.sum()), int(np.abs(differences).sum())
    squared = int((differences**2).sum())
    moved = int(np.count_nonzero(differences))
    test = sign_flip(differences, 1 - confidence)
    size = squared / absolute if moved else float(unit)
    equivalent = squared / size**2
    gained, lost = (equivalent + total / size) / 2, (equivalent - total / size) / 2
    z = float(norm.isf((1 - confidence) / 2))
    critical = z
    if moved:
        border = np.quantile([test.largest_not, test.smallest], [0.25, 0.75])
        critical = float(np.clip(z, *(border / math.sqrt(squared))))
    low, high = tango_interval(gained, max(lost, 0.0), n, critical)
    change, scale = total / (unit * n), size / unit
    low, high = scale * low, scale * high
    significant = abs(total) > test.largest_not
    # Few moves say little about how far the next would go: reckon with a whole problem.
    unseen = (absolute / unit + 1) / (moved + 1) * z**2 / (n + z**2)
    if not significant:
        low, high = min(low, change - unseen), max(high, change + unseen)
    elif scale < 1:
        # Equivalent counts cannot change by more than their size, though the mean of unequal
        # changes can: those of nearly all problems in one direction would end just beyond it.
        reach = max(unseen, z * float(differences.std()) / (unit * math.sqrt(n)))
        beyond = change + math.copysign(reach, change)
        low, high = min(low, beyond), max(high, beyond)
    return Estimate(
        change, max(low, -1.0), min(high, 1.0), test.p, significant, moved, scale, equivalent / n
    )


def tango_interval(gained: float, lost: float, n: int, z: float) -> tuple[float, float]:
    """Score interval for the difference of two paired proportions.

    Tango 1998, Statistics in Medicine 17:891. Without any discordant pair it is ±z²/(n + z²).

    Args:
        gained, lost: discordant pairs of either kind, out of n.
        z: critical value.

    >>> [round(limit, 3) for limit in tango_interval(gained=7, lost=1, n=21, z=1.96)]
    [0.026, 0.517]
    """
    return -_upper_limit(lost, gained, n, z), _upper_limit(gained, lost, n, z)


def _upper_limit(gained: float, lost: float, n: int, z: float) -> float:
    def excess(difference: float) -> float:
        """Squared distance from the estimate less what is allowed at this difference, where the
        probability of a loss has its constrained maximum-likelihood estimate."""
        linear = (2 * n - gained + lost) * difference - gained - lost
        constant = lost * difference * (1 - difference)
        root = math.sqrt(max(0.0, linear**2 + 8 * n * constant))  # below zero by rounding alone
        loss = (root - linear) / (4 * n)
        variance = n * (2 * loss + difference * (1 - difference))
        return float((gained - lost - n * difference) ** 2 - z**2 * variance)

    start = (gained - lost) / n + 1e-12
    return float(brentq(excess, start, 1.0)) if start < 1 and excess(start) < 0 else 1.0
