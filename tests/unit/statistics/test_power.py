import numpy as np
import pytest
from failpairs.statistics.paired_tests import mcnemar_mid_p, mcnemar_p
from failpairs.statistics.power import mcnemar_power, minimum_detectable
from scipy.stats import multinomial


def summed_power(n: int, fixed: float, broken: float, mid_p: bool) -> float:
    """Power by summing over all numbers of fixed and broken problems."""
    p = mcnemar_mid_p if mid_p else mcnemar_p
    return sum(
        float(multinomial.pmf([f, b, n - f - b], n, [fixed, broken, 1 - fixed - broken]))
        for f in range(n + 1)
        for b in range(n + 1 - f)
        if p(f, b) <= 0.05
    )


@pytest.mark.parametrize("mid_p", [False, True])
@pytest.mark.parametrize(("fixed", "broken"), [(0.3, 0.05), (0.2, 0.2), (0.4, 0.0)])
def test_power_is_the_sum_over_all_outcomes(fixed: float, broken: float, mid_p: bool) -> None:
    expected = summed_power(25, fixed, broken, mid_p)
    found = mcnemar_power(25, fixed + broken, fixed - broken, 0.05, mid_p)
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("discordance", "exact", "mid"), [(0.06, 5.5, 5.0), (0.10, 7.25, 6.75), (0.15, 8.75, 8.5)]
)
def test_the_minimum_detectable_effect_has_known_values(
    discordance: float, exact: float, mid: float
) -> None:
    """To the next quarter of a point, for 164 problems."""
    found = [minimum_detectable(164, discordance, 0.05, 0.8, mid_p) for mid_p in (False, True)]
    assert [np.ceil(400 * effect) / 4 for effect in found if effect] == [exact, mid]


def test_the_minimum_detectable_effect_is_found_with_that_power() -> None:
    effect = minimum_detectable(300, 0.1, 0.05, 0.8)
    assert effect is not None
    assert mcnemar_power(300, 0.1, effect, 0.05) == pytest.approx(0.8, abs=1e-3)


def test_without_discordance_as_much_is_reckoned_with_as_the_effect_takes() -> None:
    effect = minimum_detectable(164, 0.0, 0.05, 0.8)
    assert effect is not None
    assert mcnemar_power(164, effect, effect, 0.05) == pytest.approx(0.8, abs=1e-3)


def test_five_problems_can_show_nothing() -> None:
    assert minimum_detectable(5, 0.5, 0.05, 0.8) is None
    assert minimum_detectable(6, 0.5, 0.05, 0.8) is not None


def test_an_effect_of_nothing_is_found_as_often_as_the_test_errs() -> None:
    assert 0 < mcnemar_power(164, 0.1, 0.0, 0.05) < 0.05
    assert mcnemar_power(164, 0.0, 0.0, 0.05) == 0
