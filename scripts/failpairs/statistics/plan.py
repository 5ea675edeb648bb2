"""How large a study must be: problems, samples and seeds for an effect at a power."""

import math
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import beta, norm

from failpairs.statistics.arrays import Floats

MINIMAL = 1e-4  # change of pass@1 that is looked for
POINTS = 4000  # of the distribution of pass rates over problems


class Population(NamedTuple):
    """Problems like those of a benchmark: the pass rates of the base model and of the tuned model
    on each of many, (points,)."""

    before: Floats
    after: Floats


def population(pass_at_1: float, effect: float, concentration: float) -> Population:
    """Problems whose pass rates are beta-distributed, and what an effect makes of them.

    The effect moves the pass rates of all problems by the same step on the logit scale, so that
    problems that are nearly always or nearly never solved move least.

    Args:
        pass_at_1: of the base model.
        effect: the change of pass@1.
        concentration: of the beta distribution; the smaller it is the more problems are always or
            never solved. 0.5 makes 11% of greedy answers differ between two equal models that
            solve 80%.
    """
    quantiles = (np.arange(POINTS) + 0.5) / POINTS
    rates = beta.ppf(quantiles, pass_at_1 * concentration, (1 - pass_at_1) * concentration)
    before = np.clip(rates, 1e-6, 1 - 1e-6)
    before += pass_at_1 - before.mean()
    before = np.clip(before, 1e-9, 1 - 1e-9)

    def missing(step: float) -> float:
        return float(expit(logit(before) + step).mean()) - pass_at_1 - effect

    return Population(before, expit(logit(before) + brentq(missing, -30, 30)))


def variance_of_change(problems: Population, n_samples: int, n_seeds: int) -> float:
    """The variance of one problem's change in pass rate: that between problems, and that of the
    samples of both models (Miller 2024, arXiv 2411.00640, section 5).

    >>> same = Population(np.array([0.5]), np.array([0.5]))
    >>> variance_of_change(same, n_samples=1, n_seeds=1)
    0.5
    """
    drawn = [float((rates * (1 - rates)).mean()) for rates in problems]
    between = float((problems.after - problems.before).var())
    return between + drawn[0] / n_samples + drawn[1] / (n_samples * n_seeds)


def power_of_study(
    problems: Population, n_problems: int, n_samples: int, n_seeds: int, alpha: float
) -> float:
    """The probability that a study finds the effect, by the normal approximation."""
    effect = float((problems.after - problems.before).mean())
    error = math.sqrt(variance_of_change(problems, n_samples, n_seeds) / n_problems)
    return float(norm.sf(norm.isf(alpha / 2) - abs(effect) / error))


def problems_needed(
    problems: Population, n_samples: int, n_seeds: int, alpha: float, power: float
) -> int:
    """The least number of problems with which a study finds the effect with this power."""
    effect = float((problems.after - problems.before).mean())
    z = norm.isf(alpha / 2) + norm.ppf(power)
    return math.ceil(z**2 * variance_of_change(problems, n_samples, n_seeds) / effect**2)


def detectable_effect(
    pass_at_1: float,
    concentration: float,
    n_problems: int,
    n_samples: int,
    n_seeds: int,
    alpha: float,
    power: float,
) -> float | None:
    """The smallest improvement of pass@1 that a study finds with this power; None where it finds
    none, however large.

    Example:
        >>> round(detectable_effect(0.5, 0.5, 164, 1, 3, 0.05, 0.8), 3)
        0.075
    """
    largest = 0.999 - pass_at_1

    def missing(effect: float) -> float:
        problems = population(pass_at_1, effect, concentration)
        return power_of_study(problems, n_problems, n_samples, n_seeds, alpha) - power

    if largest <= MINIMAL or missing(largest) < 0:
        return None
    return float(brentq(missing, MINIMAL, largest, xtol=1e-4))
