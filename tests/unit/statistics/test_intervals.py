import numpy as np
import pytest
from failpairs.statistics.intervals import estimate, tango_interval
from hypothesis import example, given, settings
from hypothesis import strategies as st

Z = 1.959964


def differences(*moved: int, n: int = 164) -> np.ndarray:
    """Differences of n problems, of which the first moved so."""
    return np.array([*moved, *[0] * (n - len(moved))])


@pytest.mark.parametrize(
    ("gained", "lost", "n", "low", "high"),
    [
        # Fagerland, Lydersen and Laake 2014, Statistics in Medicine 33:2850, table of intervals:
        # airway hyper-responsiveness before and after stem cell transplantation.
        (7, 1, 21, 0.026, 0.517),
        (1, 7, 21, -0.517, -0.026),
        (0, 0, 164, -(Z**2) / (164 + Z**2), Z**2 / (164 + Z**2)),
    ],
)
def test_tangos_interval_has_known_values(
    gained: int, lost: int, n: int, low: float, high: float
) -> None:
    assert tango_interval(gained, lost, n, Z) == pytest.approx((low, high), abs=5e-4)


MOVED = st.lists(st.integers(-3, 3), min_size=1, max_size=40)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(MOVED, st.integers(0, 200))
@example([1], 0)
@example([3] * 6, 158)
@example([3] * 5, 159)
@example([0], 0)
def test_interval_and_test_agree(moved: list[int], still: int) -> None:
    found = estimate(differences(*moved, n=len(moved) + still), 3, 0.95)
    assert (found.low > 0 or found.high < 0) == (found.p <= 0.05) == found.significant
    assert -1 <= found.low < found.high <= 1
    assert found.low <= found.change <= found.high


@settings(deadline=None, derandomize=True, max_examples=50)
@given(MOVED)
def test_the_other_direction_mirrors_the_interval(moved: list[int]) -> None:
    one, other = estimate(differences(*moved), 3, 0.95), estimate(-differences(*moved), 3, 0.95)
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low))
    assert other.p == pytest.approx(one.p)


def test_for_one_seed_of_many_discordant_problems_the_interval_is_tangos() -> None:
    found = estimate(differences(*[1] * 400, *[-1] * 300, n=9000), 1, 0.95)
    low, high = tango_interval(400, 300, 9000, Z)
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-4)


@pytest.mark.parametrize("moved", [[], [1], [3], [-3], [1, -1], [3, 3], [3] * 5])
def test_few_moved_problems_are_no_certainty(moved: list[int]) -> None:
    found = estimate(differences(*moved), 3, 0.95)
    assert found.low < 0 < found.high
    assert found.high - found.low > 0.02


@pytest.mark.parametrize(
    ("moved", "reach"),
    [
        # One more problem, of whole size: (3 + 1) / (6 + 1) * z² / (6 + z²).
        ([20, 24, 28, 32, 36, 40], 0.22305),
        ([30] * 6, 0.22305),
        # The normal interval: z * 0.4 / sqrt(20).
        ([6, 54] * 10, 0.1753),
    ],
)
def test_the_mean_of_fractions_may_lie_beyond_their_size(moved: list[int], reach: float) -> None:
    for sign in (1, -1):
        found = estimate(sign * np.array(moved), 60, 0.95)
        assert found.significant and found.change == sign * 0.5
        far = found.high if sign == 1 else found.low
        assert far == pytest.approx(sign * (0.5 + reach), abs=5e-5)


@pytest.mark.parametrize(("copies", "unit"), [(2, 2), (10, 10)])
def test_repeating_every_seed_changes_nothing(copies: int, unit: int) -> None:
    moved = differences(1, 1, 1, -1, 1, 1, 1, 1)
    one, other = estimate(moved, 1, 0.95), estimate(moved * copies, unit, 0.95)
    assert tuple(other) == pytest.approx(tuple(one))


def test_more_confidence_is_a_wider_interval() -> None:
    moved = differences(*[3] * 12, *[-3] * 8)
    ninety, ninety_nine = estimate(moved, 3, 0.9), estimate(moved, 3, 0.99)
    assert ninety_nine.low < ninety.low < ninety.high < ninety_nine.high
