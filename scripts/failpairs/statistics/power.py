"""What a study of so many problems could have found."""

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom

from failpairs.statistics.arrays import Ints

NEGLIGIBLE = 1e-9


def mcnemar_power(
    n: int, discordance: float, effect: float, alpha: float, mid_p: bool = False
) -> float:
    """Probability that the exact (or mid-p) McNemar test finds an effect, in either direction.

    Unconditional: the number of discordant problems is binomial, and so is that of fixed ones among
    them (Duffy 1984, Biometrics 40:1005).

    Args:
        n: problems.
        discordance: expected share of problems with a difference, at least `effect`.
        effect: expected share fixed less share broken.

    >>> round(mcnemar_power(n=164, discordance=0.1, effect=0.07, alpha=0.05), 3)
    0.795
    """
    if not discordance:
        return 0.0
    least, most = (int(binom.ppf(q, n, discordance)) for q in (NEGLIGIBLE, 1 - NEGLIGIBLE))
    moved = np.arange(least, most + 1)
    few = _rejected_below(moved, alpha, mid_p)
    fixed = (1 + effect / discordance) / 2
    rejected = binom.cdf(few, moved, fixed) + binom.cdf(few, moved, 1 - fixed)
    return float(binom.pmf(moved, n, discordance) @ rejected)


def _rejected_below(moved: Ints, alpha: float, mid_p: bool) -> Ints:
    """For so many discordant problems the largest count of either kind that is significantly
    few; -1 where none is."""
    few = np.asarray(binom.ppf(alpha / 2, moved, 0.5), dtype=np.int64)
    p = 2 * binom.cdf(few, moved, 0.5) - (binom.pmf(few, moved, 0.5) if mid_p else 0)
    return np.where(np.round(p, 12) > alpha, few - 1, few)


def minimum_detectable(
    n: int, discordance: float, alpha: float, power: float, mid_p: bool = False
) -> float | None:
    """The smallest effect that the McNemar test finds with this power, as a share of the problems.

    No effect exceeds the discordance: where even that of all discordant problems in one direction
    is too small, the smallest that would do with as much discordance as it takes. None where the
    problems are too few for any.

    >>> round(minimum_detectable(n=164, discordance=0.1, alpha=0.05, power=0.8), 3)
    0.07
    >>> minimum_detectable(n=5, discordance=0.1, alpha=0.05, power=0.8) is None
    True
    """

    def missing(effect: float) -> float:
        return mcnemar_power(n, max(discordance, effect), effect, alpha, mid_p) - power

    return float(brentq(missing, 1e-6, 1.0, xtol=1e-6)) if missing(1.0) > 0 else None
