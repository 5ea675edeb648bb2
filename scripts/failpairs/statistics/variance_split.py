"""Where the variance of a crossed study comes from: pair sets, training seeds, and problems."""

import math
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict
from scipy.stats import chi2, f

from failpairs.statistics.arrays import Floats

LARGEST = 0.25  # no share between 0 and 1 has a larger variance

Source = Literal["pair sets", "training seeds", "rest", "problems"]


class Component(BaseModel):
    """A source of variance, of which the study has `levels`.

    `sd` is the standard deviation (a share) from one level to another: of pass@1, and for problems
    of a problem's own change. `low` and `high` bound it; problems have no interval. `share` is what
    the source contributes to the variance of the mean change, from 0 to 1, and `doubling` what
    twice as many levels would take away from it; nobody chooses the levels of the rest.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Source
    levels: int
    sd: float
    low: float | None
    high: float | None
    share: float
    doubling: float | None


class VarianceSplit(BaseModel):
    """A crossed study: every pair set is trained with every training seed.

    `pass_at_1` holds shares by pair set (rows) and training seed (columns). `change` is the mean
    change against the base model over all of them, and `se` its standard error (shares).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pass_at_1: list[list[float]]
    change: float
    se: float
    components: list[Component]
    sentence: str


def variance_split(passes: Floats, base: Floats, confidence: float) -> VarianceSplit:
    """Take apart the variance of the mean change of pass@1 in a crossed study.

    The model is that of random effects without replication: pair set, training seed, problem and
    their interactions. Components are ANOVA estimates (Searle, Casella and McCulloch 1992, Variance
    Components, chapter 4); negative estimates count as 0. Those of pair sets and training seeds
    are of the matrix of pass@1 on these problems, and the rest is what neither explains, above all
    problems that flip by chance. The interactions of a problem are taken off its own change, so
    that they count once.

    Args:
        passes: share of the samples that pass, (pair sets, training seeds, problems), with at least
            two pair sets and two training seeds.
        base: the same of the base model, (problems,).
        confidence: of the intervals, such as 0.95.

    Example:
        >>> passes = np.array([[[1, 1, 1, 0], [1, 1, 1, 0]], [[1, 1, 0, 0], [1, 1, 0, 0]]])
        >>> found = variance_split(passes, base=np.array([1, 0, 0, 0]), confidence=0.95)
        >>> [(part.source, round(part.share, 2)) for part in found.components]
        [('pair sets', 0.27), ('training seeds', 0.0), ('rest', 0.0), ('problems', 0.73)]
    """
    changes = passes - base
    n_sets, n_seeds, n = changes.shape
    sets, seeds, problems = (_variance(changes, axis) for axis in range(3))
    rest = _variance(changes, 0, 1)
    interactions = (
        _variance(changes, 0, 2) / n_sets
        + _variance(changes, 1, 2) / n_seeds
        - _variance(changes, 0, 1, 2) / (n_sets * n_seeds)
    )
    estimates: dict[Source, tuple[int, float]] = {
        "pair sets": (n_sets, sets - rest / n_seeds),
        "training seeds": (n_seeds, seeds - rest / n_sets),
        "rest": (n_sets * n_seeds, rest),
        "problems": (n, problems - interactions),
    }
    # What the rounding of floats leaves of zero is no variance.
    variances = {name: max(0.0, round(value, 15)) for name, (_, value) in estimates.items()}
    parts = {name: variances[name] / levels for name, (levels, _) in estimates.items()}
    total = sum(parts.values())
    divided = {
        "pair sets": parts["pair sets"] + parts["rest"],
        "training seeds": parts["training seeds"] + parts["rest"],
        "problems": min(problems / n, total),  # with the interactions of each problem
    }
    freedom = (n_sets - 1) * (n_seeds - 1)
    intervals = {
        "pair sets": _interval(sets, rest / n_seeds, n_sets - 1, freedom, n, confidence),
        "training seeds": _interval(seeds, rest / n_sets, n_seeds - 1, freedom, n, confidence),
        "rest": _interval(rest, 0.0, freedom, freedom, n, confidence),
    }
    components = []
    for name, (levels, _) in estimates.items():
        low, high = intervals.get(name, (None, None))
        components.append(
            Component(
                source=name,
                levels=levels,
                sd=math.sqrt(variances[name]),
                low=low,
                high=high,
                share=parts[name] / total if total else 0.0,
                doubling=divided[name] / 2 / total if total and name in divided else None,
            )
        )
    return VarianceSplit(
        pass_at_1=passes.mean(axis=2).tolist(),
        change=float(changes.mean()),
        se=math.sqrt(total),
        components=components,
        sentence=_sentence(components),
    )


def _variance(values: Floats, *axes: int) -> float:
    """The mean square of an axis, or of the interaction of several, as a variance of the means over
    the other axes."""
    others = tuple({*range(values.ndim)} - {*axes})
    effect = values.mean(axis=others, keepdims=True)
    for axis in axes:
        effect = effect - effect.mean(axis=axis, keepdims=True)
    # A single problem leaves no degree of freedom, and no effect either.
    freedom = math.prod(max(1, values.shape[axis] - 1) for axis in axes)
    return float((effect**2).sum() / freedom)


def _interval(
    means: float, error: float, freedom: int, error_freedom: int, n: int, confidence: float
) -> tuple[float, float]:
    """Bounds of the standard deviation behind the variance of means, of which `error` is noise.

    Williams 1962, Biometrika 49:278, for a difference of two mean squares; without an error it is
    the usual interval of a variance. Means of whole problems say nothing of a variance below that
    of rounding, 1/(12n²) (Sheppard 1898), so the upper bound takes them to vary at least as much.

    Args:
        freedom, error_freedom: degrees of freedom of the two variances.
        n: number of problems.
    """
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    observed = np.array([means, max(means, 1 / (12 * n**2))])
    noise = error * f.isf(tails, freedom, error_freedom)
    variances = freedom * (observed - noise) / chi2.isf(tails, freedom)
    low, high = np.sqrt(np.clip(variances, 0, LARGEST)).tolist()
    return low, high


def _sentence(components: list[Component]) -> str:
    gains = {part.source: part.doubling for part in components if part.doubling is not None}
    if not gains:
        return "No source of variance was found: all adapters have the same pass@1."
    best, *others = sorted(gains, key=lambda name: -gains[name])
    against = " and ".join(f"{gains[name]:.0%} for twice as many {name}" for name in others)
    return (
        f"More {best} would help most: twice as many would take away {gains[best]:.0%} of the "
        f"variance of the mean change, against {against}."
    )
