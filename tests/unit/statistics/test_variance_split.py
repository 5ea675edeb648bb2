import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from failpairs.statistics.arrays import Floats
from failpairs.statistics.variance_split import VarianceSplit, variance_split
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2, f

SOURCES = ["pair sets", "training seeds", "rest", "problems"]
RATE = st.integers(0, 4).map(lambda passed: passed / 4)


@st.composite
def studies(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Shares of samples that pass, of the adapters and of the base model."""
    shape = (draw(st.integers(2, 3)), draw(st.integers(2, 3)), draw(st.integers(1, 6)))
    return draw(arrays(float, shape, elements=RATE)), draw(arrays(float, shape[2], elements=RATE))


def split(passes: Floats | Sequence[object], base: Floats | Sequence[float]) -> VarianceSplit:
    return variance_split(np.asarray(passes, dtype=float), np.asarray(base), confidence=0.95)


def values(found: VarianceSplit) -> list[list[float]]:
    """All numbers of the components."""
    return [
        [part.levels, part.sd, part.low or 0, part.high or 0, part.share, part.doubling or 0]
        for part in found.components
    ]


def test_effects_that_add_up_are_found_as_they_are() -> None:
    sets = np.array([-0.1, 0, 0.1])[:, None, None]
    seeds = np.array([-0.02, 0, 0.02])[None, :, None]
    problems = np.array([-0.3, 0.3])
    found = split(0.5 + sets + seeds + problems, [0.25, 0.25])
    assert [part.source for part in found.components] == SOURCES
    assert [part.levels for part in found.components] == [3, 3, 9, 2]
    assert [part.sd for part in found.components] == pytest.approx([0.1, 0.02, 0, 0.18**0.5])
    total = 0.01 / 3 + 0.0004 / 3 + 0.18 / 2
    shares = [0.01 / 3 / total, 0.0004 / 3 / total, 0, 0.09 / total]
    assert [part.share for part in found.components] == pytest.approx(shares)
    assert [part.doubling for part in found.components] == [
        pytest.approx(share / 2) if share else None for share in shares
    ]
    assert found.change == pytest.approx(0.25)
    assert found.se == pytest.approx(math.sqrt(total))
    assert found.pass_at_1[0] == pytest.approx([0.38, 0.4, 0.42])
    assert found.sentence == (
        "More problems would help most: twice as many would take away 48% of the variance of the "
        "mean change, against 2% for twice as many pair sets and 0% for twice as many training "
        "seeds."
    )


def test_what_neither_pairs_nor_seed_explain_is_the_rest_and_negative_estimates_are_zero() -> None:
    one, other = [1, 1, 0, 0], [1, 0, 0, 0]  # pass@1 of 1/2 and of 1/4
    sets, seeds, rest, _ = split([[one, other], [other, one]], [0, 0, 0, 0]).components
    assert (sets.sd, seeds.sd) == (0, 0)
    assert rest.sd == pytest.approx(0.25)  # 4 residuals of 1/8, with one degree of freedom
    assert sets.doubling == seeds.doubling == pytest.approx(rest.share / 2)


def test_problems_that_flip_by_chance_count_once() -> None:
    levels, n = 20, 50
    passes = np.random.default_rng(0).random((levels, levels, n)) < 0.5
    found = split(passes, np.zeros(n))
    assert found.se == pytest.approx(math.sqrt(0.25 / (levels**2 * n)), rel=0.2)
    assert found.components[2].share > 0.7


def test_where_nothing_varies_no_source_is_found() -> None:
    found = split(np.full((3, 2, 5), 0.1), np.zeros(5))
    assert found.se == 0
    assert [(part.share, part.doubling) for part in found.components] == [(0, None)] * 4
    assert found.sentence.startswith("No source of variance was found")
    # Even so, a variance below that of rounding to whole problems cannot be ruled out.
    high = found.components[2].high
    assert high == pytest.approx(math.sqrt(2 / (12 * 5**2) / chi2.ppf(0.025, 2)))


@given(studies())
def test_shares_add_up_and_doubling_takes_away_half_at_most(study: tuple[Floats, Floats]) -> None:
    found = split(*study)
    assert sum(part.share for part in found.components) == pytest.approx(1 if found.se else 0)
    for part in found.components:
        assert part.doubling is None or 0 <= part.doubling <= 0.5 + 1e-12
        assert part.low is None or part.high is None or 0 <= part.low <= part.high <= 0.5


@given(studies(), st.randoms(use_true_random=False))
def test_the_order_of_problems_pair_sets_and_seeds_does_not_matter(
    study: tuple[Floats, Floats], order: random.Random
) -> None:
    passes, base = study
    there = split(passes, base)
    places = [order.sample(range(size), size) for size in passes.shape]
    moved = split(passes[np.ix_(*places)], base[places[2]])
    for one, other in zip(values(moved), values(there), strict=True):
        assert one == pytest.approx(other)


@given(studies())
def test_exchanging_pair_sets_and_seeds_exchanges_their_components(
    study: tuple[Floats, Floats],
) -> None:
    passes, base = study
    sets, seeds, *others = values(split(passes, base))
    turned = values(split(passes.swapaxes(0, 1), base))
    for one, other in zip(turned, [seeds, sets, *others], strict=True):
        assert one == pytest.approx(other)


@given(studies())
def test_the_lower_bound_is_above_zero_where_the_f_test_rejects(
    study: tuple[Floats, Floats],
) -> None:
    passes, base = study
    n_sets, n_seeds, _ = passes.shape
    rates = passes.mean(axis=2)
    effect = rates.mean(axis=1, keepdims=True)
    residuals = rates - effect - rates.mean(axis=0) + rates.mean()
    freedom = (n_sets - 1) * (n_seeds - 1)
    rest = (residuals**2).sum() / freedom
    if rest > 1e-9:
        ratio = n_seeds * effect.var(ddof=1) / rest
        p = f.sf(ratio, n_sets - 1, freedom)
        assert (split(passes, base).components[0].low != 0) == (p < 0.025)
