"""How many samples of each problem would give as many pairs as are wanted."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln
from scipy.stats import betabinom

Ints = NDArray[np.int64]
MOST = 50  # times as many samples as there are; beyond, other problems are the answer


def samples_needed(
    outcomes: Sequence[tuple[int, int]], drawn: Sequence[int], made: int, wanted: int, most: int
) -> int | None:
    """About how many samples of each problem would give the wanted number of pairs.

    The pass rates of the problems are taken for draws from a beta distribution, which is fitted to
    what was sampled; a problem gives as many pairs as it has passes or failures, whichever are
    fewer, up to a limit. The share of these that became pairs is taken to stay the same, and so is
    that of the samples that might be used. Samples that may be used several times count once: new
    ones give pairs that differ more.

    Args:
        outcomes: (passes, failures) that might be used, of each problem.
        drawn: all samples of each problem.
        made: pairs that were made of them.
        wanted: pairs that are wanted.
        most: pairs that one problem may give.

    Returns:
        None where no reasonable number would do, or nothing can be said.
    """
    counts = np.array(outcomes, dtype=np.int64).reshape(-1, 2)
    n_drawn = np.array(drawn, dtype=np.int64)
    n_samples = int(n_drawn.max(initial=0))
    possible = float(possible_pairs(counts[:, 0], counts[:, 1], most).sum())
    if not (made and possible):
        return None
    prior = fitted(counts)
    usable = counts.sum() / n_drawn.sum()

    def pairs(number: int) -> float:
        new = np.rint(usable * np.maximum(number - n_drawn, 0)).astype(np.int64)
        return expected_pairs(counts, new, prior, most)

    numbers = range(n_samples + 1, MOST * n_samples)
    found = bisect_left(numbers, wanted * possible / made, key=pairs)
    return numbers[found] if found < len(numbers) else None


def possible_pairs(passes: Ints, failures: Ints, most: int, uses: int = 1) -> Ints:
    """The pairs that problems may give, by their passes and failures: the fewer of these, as often
    as one may be used, up to a limit.

    Example:
        >>> possible_pairs(np.array([1, 1, 3]), np.array([1, 7, 5]), most=4, uses=2).tolist()
        [1, 2, 4]
    """
    used = np.minimum(uses * np.minimum(passes, failures), passes * failures)
    possible: Ints = np.minimum(used, most)
    return possible


def expected_pairs(
    counts: Ints, new: Ints, prior: tuple[float, float], most: int, uses: int = 1
) -> float:
    """The pairs that all problems could give with so many more samples of each, on average.

    Args:
        counts: passes and failures that there are already, (problems, 2).
        new: samples that are added to each problem, (problems,).
        prior: parameters of the beta distribution of the pass rates.
    """
    total = 0.0
    kinds, numbers = np.unique(np.column_stack([counts, new]), axis=0, return_counts=True)
    for (passes, failures, n), n_problems in zip(kinds.tolist(), numbers.tolist(), strict=True):
        more = np.arange(n + 1)
        odds = betabinom.pmf(more, n, prior[0] + passes, prior[1] + failures)
        found = possible_pairs(passes + more, failures + n - more, most, uses)
        total += n_problems * float((odds * found).sum())
    return total


def fitted(counts: Ints) -> tuple[float, float]:
    """The beta distribution of pass rates under which the counts are most likely."""
    passes, failures = counts[:, 0].astype(float), counts[:, 1].astype(float)

    def loss(logs: NDArray[np.float64]) -> float:
        a, b = np.exp(logs)
        return -float((betaln(a + passes, b + failures) - betaln(a, b)).sum())

    found = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"maxiter": 500})
    a, b = np.exp(np.clip(found.x, -7, 7))
    return float(a), float(b)
