"""How many samples would give enough pairs, against simulated problems of known pass rates."""

import numpy as np
import pytest
from failpairs.curation.supply import expected_pairs, samples_needed

MOST = 4


def drawn(n_problems: int, n_samples: int, a: float, b: float, seed: int) -> list[tuple[int, int]]:
    """Passes and failures of problems whose pass rates have a beta distribution."""
    draw = np.random.default_rng(seed)
    passes = draw.binomial(n_samples, draw.beta(a, b, n_problems))
    return [(int(count), n_samples - int(count)) for count in passes]


def possible(outcomes: list[tuple[int, int]]) -> int:
    return sum(min(*each, MOST) for each in outcomes)


@pytest.mark.parametrize(("a", "b"), [(0.3, 0.3), (0.3, 2.0), (2.0, 0.2)])
@pytest.mark.parametrize("factor", [1.3, 1.8])
def test_the_number_that_is_named_gives_about_as_many_pairs_as_are_wanted(
    a: float, b: float, factor: float
) -> None:
    outcomes = drawn(4000, 10, a, b, seed=0)
    made = possible(outcomes) // 2  # as if half of what is possible became pairs
    needed = samples_needed(outcomes, [10] * 4000, made, round(factor * made), MOST)
    assert needed is not None
    found = np.mean([possible(drawn(4000, needed, a, b, seed)) for seed in range(1, 20)]) / 2
    assert found == pytest.approx(factor * made, rel=0.05)


def test_samples_that_cannot_be_used_are_drawn_all_the_same() -> None:
    outcomes = drawn(4000, 30, 0.3, 0.3, seed=0)
    made = possible(outcomes) // 2
    wanted = round(1.2 * made)
    of_usable = samples_needed(outcomes, [30] * 4000, made, wanted, MOST)
    of_all = samples_needed(outcomes, [40] * 4000, made, wanted, MOST)  # a quarter is of no use
    assert of_usable is not None and of_all is not None
    assert of_usable > 30
    assert of_all == pytest.approx(of_usable * 4 / 3, abs=2)


def test_nothing_is_named_where_no_number_would_do() -> None:
    outcomes = drawn(50, 10, 1, 1, seed=0)
    made = possible(outcomes)
    assert samples_needed(outcomes, [10] * 50, made, 50 * MOST + 1, MOST) is None
    assert samples_needed([(10, 0)] * 9, [10] * 9, 0, 5, MOST) is None
    assert samples_needed([], [], 0, 5, MOST) is None


def test_what_is_there_already_counts_as_it_is() -> None:
    counts = np.array([[3, 7], [10, 0], [0, 10]])
    none, one = np.zeros(3, np.int64), np.ones(3, np.int64)
    assert expected_pairs(counts, none, (1.0, 1.0), MOST) == pytest.approx(3)
    # One more sample of a problem with ten passes fails with probability 1/12, and so on.
    assert expected_pairs(counts, one, (1.0, 1.0), MOST) == pytest.approx(3 + 4 / 12 + 2 / 12)


def test_a_sample_that_may_be_used_twice_gives_two_pairs_where_there_are_two_others() -> None:
    counts = np.array([[1, 9], [3, 7], [10, 0]])
    none = np.zeros(3, np.int64)
    found = [expected_pairs(counts, none, (1.0, 1.0), MOST, uses) for uses in (1, 2)]
    assert found == pytest.approx([1 + 3, 2 + MOST])
    assert expected_pairs(np.array([[1, 1]]), none[:1], (1.0, 1.0), MOST, 2) == pytest.approx(1)
