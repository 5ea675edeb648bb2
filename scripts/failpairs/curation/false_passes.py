"""How many samples that pass the test of their problem are wrong all the same."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from failpairs.curation.eligible_samples import Labelled
from failpairs.labels import PASS

CONFIDENCE = 0.95
TAIL = (1 - CONFIDENCE) / 2
Counts = NDArray[np.float64]  # of each problem


class FalsePasses(TypedDict):
    """Samples that pass the test of a problem with generated inputs, and those of them that differ
    from its reference on these, with their share and its interval. Of `by_agreement` of the
    problems, which have no reference, those count that differ from most others."""

    problems: int
    by_agreement: int
    passed: int
    differ: int
    share: float | None
    low: float | None
    high: float | None
    confidence: float


def false_passes(
    labelled: Mapping[str, Iterable[Labelled]],
    verified: Collection[str],
    without_reference: Collection[str] = (),
) -> FalsePasses:
    """The share of false passes among the samples of some problems.

    The interval is that of Clopper and Pearson for as many independent samples as give the variance
    of the share among problems, since the samples of one problem are alike (Korn and Graubard 1998,
    Survey Methodology 24, page 193); where all samples agree, for as many as there are problems.

    Args:
        verified: the task ids of the problems with generated inputs.
        without_reference: those of the problems without one.
    """
    passing = {
        name: [each.doubtful for each in samples if each.doubtful or each.label == PASS]
        for name, samples in labelled.items()
        if name in verified
    }
    counts = [(len(each), sum(each)) for each in passing.values() if each]
    passed, differ = np.array(counts, dtype=float).reshape(-1, 2).T
    share, low, high = _share_and_interval(passed, differ) if counts else (None, None, None)
    return FalsePasses(
        problems=len(counts),
        by_agreement=sum(
            bool(each) and name in without_reference for name, each in passing.items()
        ),
        passed=int(passed.sum()),
        differ=int(differ.sum()),
        share=share,
        low=low,
        high=high,
        confidence=CONFIDENCE,
    )


def _share_and_interval(passed: Counts, differ: Counts) -> tuple[float, float, float]:
    share = differ.sum() / passed.sum()
    n = _effective_number(passed, differ)
    low = beta.ppf(TAIL, n * share, n * (1 - share) + 1) if share > 0 else 0.0
    high = beta.ppf(1 - TAIL, n * share + 1, n * (1 - share)) if share < 1 else 1.0
    return float(share), float(low), float(high)


def _effective_number(passed: Counts, differ: Counts) -> float:
    """Of independent samples that would tell as much about the share; no more than there are."""
    problems, total = len(passed), passed.sum()
    share = differ.sum() / total
    if share in (0, 1) or problems < 2:
        return float(problems)
    residuals = differ - share * passed
    variance = problems / (problems - 1) * (residuals**2).sum() / total**2
    return float(min(total, share * (1 - share) / variance)) if variance else float(total)
