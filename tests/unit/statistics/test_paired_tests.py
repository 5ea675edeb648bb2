import itertools
import math
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pytest
from failpairs.statistics.paired_tests import (
    SMALLEST_P,
    mcnemar_mid_p,
    mcnemar_p,
    sign_flip,
    spread,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, permutation_test

ALPHA = 0.05


@pytest.mark.parametrize(
    ("values", "mean", "sd"),
    [([4, 4, 3], 3.67, 0.58), ([19, 19, 18], 18.67, 0.58), ([5], 5, None), ([2, 2], 2, 0)],
)
def test_spread_is_the_sample_standard_deviation(
    values: list[float], mean: float, sd: float | None
) -> None:
    found = spread(values)
    assert round(found.mean, 2) == mean
    assert found.sd == sd if sd is None else found.sd == pytest.approx(sd, abs=0.005)


@pytest.mark.parametrize(
    ("fixed", "broken", "p"),
    [
        (6, 0, 0.03125),
        (0, 6, 0.03125),
        (7, 1, 0.0703125),
        (8, 2, 0.109375),
        (3, 0, 0.25),
        (1, 0, 1.0),
        (4, 4, 1.0),
        (0, 0, 1.0),
    ],
)
def test_mcnemar_is_exact(fixed: int, broken: int, p: float) -> None:
    assert mcnemar_p(fixed, broken) == pytest.approx(p, abs=1e-12)


@given(st.integers(0, 60), st.integers(0, 60))
@settings(deadline=None, derandomize=True)
def test_mcnemar_of_statsmodels_is_the_binomial_test_of_scipy(fixed: int, broken: int) -> None:
    if fixed + broken:
        p = binomtest(fixed, fixed + broken).pvalue
        assert mcnemar_p(fixed, broken) == pytest.approx(p, abs=1e-12)


@pytest.mark.parametrize(
    ("fixed", "broken", "p"),
    [(6, 0, 1 / 64), (7, 1, 10 / 256), (0, 0, 1.0), (1, 0, 0.5), (3, 3, 1.0)],
)
def test_mid_p_is_the_exact_p_less_half_of_what_was_seen(fixed: int, broken: int, p: float) -> None:
    assert mcnemar_mid_p(fixed, broken) == pytest.approx(p, abs=1e-12)
    assert mcnemar_mid_p(broken, fixed) == mcnemar_mid_p(fixed, broken)


def exhaustive_p(differences: list[int]) -> float:
    observed = abs(sum(differences))
    flips = list(itertools.product((1, -1), repeat=len(differences)))
    totals = (abs(sum(s * d for s, d in zip(signs, differences, strict=True))) for signs in flips)
    return float(Fraction(sum(total >= observed for total in totals), len(flips)))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.integers(-6, 6), max_size=9))
@example([2, 3, -2, -3])
@example([4, 6, 10])
def test_sign_flip_agrees_with_trying_all_signs(differences: list[int]) -> None:
    found = sign_flip(np.array(differences, dtype=int), ALPHA)
    assert found.p == pytest.approx(exhaustive_p(differences), abs=1e-12)
    assert (abs(sum(differences)) > found.largest_not) == (found.p <= ALPHA)
    if found.p <= ALPHA:
        assert abs(sum(differences)) >= found.smallest


def signed_sums(differences: Iterable[int]) -> Counter[int]:
    """How many of all choices of signs give each sum."""
    found = Counter({0: 1})
    for size in differences:
        wider: Counter[int] = Counter()
        for total, count in found.items():
            wider[total + size] += count
            wider[total - size] += count
        found = wider
    return found


def share_as_far(sums: Counter[int], total: int) -> Fraction:
    """The share of the choices of signs whose sum is as far from zero as this one or farther."""
    reached = sum(count for other, count in sums.items() if abs(other) >= abs(total))
    return Fraction(reached, sums.total())


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.lists(st.integers(-200, 200), min_size=1, max_size=10).filter(any),
    st.sampled_from([0.01, 0.05, 0.3]),
)
@example([60, -60, 60, 1, 59], 0.05)
@example([1, 10**6, 10**6], 0.3)
def test_the_borders_of_sign_flip_part_the_sums_by_significance(
    differences: list[int], alpha: float
) -> None:
    found = sign_flip(np.array(differences), alpha)
    sums = signed_sums(differences)
    assert found.p == pytest.approx(float(share_as_far(sums, sum(differences))), abs=1e-12)
    for total in sums:
        significant = share_as_far(sums, total) <= alpha
        assert significant == (abs(total) > found.largest_not) == (abs(total) >= found.smallest)


@pytest.mark.parametrize("n", [40, 80, 120])
def test_sign_flip_of_many_graded_differences_is_exact(n: int) -> None:
    differences = np.random.default_rng(n).integers(-20, 21, n)
    differences[: n // 3] = 20
    p = float(share_as_far(signed_sums(differences.tolist()), int(differences.sum())))
    assert sign_flip(differences, ALPHA).p == pytest.approx(p, abs=6e-13)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(st.sampled_from([-3, -2, -1, 1, 2, 3]), min_size=2, max_size=12))
def test_sign_flip_is_the_permutation_test_of_scipy(differences: list[int]) -> None:
    expected = permutation_test(
        (np.array(differences),),
        lambda x, axis: x.sum(axis=axis),
        permutation_type="samples",
        n_resamples=2**12,
        vectorized=True,
    )
    found = sign_flip(np.array(differences), ALPHA)
    assert found.p == pytest.approx(min(1.0, expected.pvalue), abs=1e-12)


@pytest.mark.parametrize(
    ("differences", "p"),
    [([], 1), ([1], 1), ([1] * 5, 1 / 16), ([1] * 6, 1 / 32), ([-7] * 6, 1 / 32), ([1, -1], 1)],
)
def test_sign_flip_has_known_values(differences: list[int], p: float) -> None:
    assert sign_flip(np.array(differences, dtype=int), ALPHA).p == p


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 300), st.integers(0, 300))
def test_for_single_samples_the_sign_flip_test_is_mcnemars(fixed: int, broken: int) -> None:
    found = sign_flip(np.array([1] * fixed + [-1] * broken, dtype=int), ALPHA)
    assert found.p == pytest.approx(mcnemar_p(fixed, broken), abs=1e-11)


def test_sign_flip_of_thousands_of_graded_differences_agrees_with_the_normal_limit() -> None:
    differences = np.random.default_rng(0).integers(-30, 31, 10_000)
    differences[:100] = 30
    z = abs(differences.sum()) / math.sqrt((differences**2).sum())
    assert sign_flip(differences, ALPHA).p == pytest.approx(math.erfc(z / math.sqrt(2)), rel=0.01)


def test_sign_flip_is_never_zero() -> None:
    assert sign_flip(np.ones(5000, dtype=int), ALPHA).p == SMALLEST_P
