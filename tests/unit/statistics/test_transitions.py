import numpy as np
import pytest
from failpairs.statistics.transitions import (
    compare_seed,
    label_shift_p,
    stuart_maxwell_p,
    transition_table,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12)


def shifts(pairs: list[tuple[int, int]]) -> np.ndarray:
    before, after = np.array(pairs).T
    return np.eye(4)[after] - np.eye(4)[before]


def test_a_transition_goes_from_row_to_column() -> None:
    table = transition_table(np.array([0, 0, 0]), np.array([2, 2, 1]), 3)
    assert table.tolist() == [[0, 1, 2], [0, 0, 0], [0, 0, 0]]


def test_stuart_maxwell_has_a_known_value() -> None:
    """Unaided distance vision of 7477 women, left eye and right (Stuart 1955): 11.96 on 3 degrees
    of freedom."""
    table = np.array(
        [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
    )
    assert stuart_maxwell_p(table) == pytest.approx(chi2.sf(11.95657, 3), rel=1e-5)


def test_labels_that_nothing_entered_or_left_do_not_count() -> None:
    table = np.array([[5, 6, 0, 0], [1, 5, 0, 0], [0, 0, 9, 0], [0, 0, 0, 0]])
    assert stuart_maxwell_p(table) == pytest.approx(chi2.sf(25 / 7, 1), abs=1e-12)
    assert stuart_maxwell_p(np.diag([3, 4])) == 1


def test_groups_that_exchange_nothing_leave_the_asymptotic_test_undefined() -> None:
    table = np.zeros((4, 4), dtype=int)
    table[0, 1] = table[2, 3] = 5
    assert stuart_maxwell_p(table) is None
    assert label_shift_p(shifts([(0, 1)] * 5 + [(2, 3)] * 5), 9999, 0) == pytest.approx(1 / 256)


def test_with_two_labels_the_permutation_test_is_mcnemars() -> None:
    pairs = [(0, 1)] * 7 + [(1, 0)] * 1 + [(2, 2)] * 9
    assert label_shift_p(shifts(pairs), 9999, 0) == pytest.approx(0.0703125, abs=1e-12)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(LABELS, st.randoms(use_true_random=False))
def test_neither_order_nor_direction_matters(pairs, order) -> None:  # type: ignore[no-untyped-def]
    p = label_shift_p(shifts(pairs), 9999, 0)
    shuffled = order.sample(pairs, len(pairs))
    assert label_shift_p(shifts(shuffled), 9999, 0) == pytest.approx(p)
    assert label_shift_p(-shifts(pairs), 9999, 0) == pytest.approx(p)


def test_a_seed_has_its_fixed_and_broken_problems() -> None:
    before, after = np.array([0, 1, 1, 0]), np.array([1, 0, 1, 0])
    table = transition_table(before, after, 2)
    found = compare_seed(["a", "b", "c", "d"], table, before == 1, after == 1)
    assert (found.fixed, found.broken) == (["a"], ["b"])
    p_values = (found.p_exact, found.p_mid, found.p_stuart_maxwell)
    assert p_values == pytest.approx((1, 1, 1))
