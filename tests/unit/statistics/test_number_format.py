import pytest
from failpairs.statistics.number_format import number, p_text, points, spread_text
from failpairs.statistics.paired_tests import Spread


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.03125, ".031"), (1.0, "1.000"), (0.0009, "< .001"), (0.001, ".001"), (0.25, ".250")],
)
def test_p_values_have_three_decimals(p: float, text: str) -> None:
    assert p_text(p) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.0346, "+3.46"), (-0.011, "−1.10"), (0, "0.00"), (-1e-6, "0.00")]
)
def test_a_difference_has_a_sign(share: float, text: str) -> None:
    assert points(share) == text


def test_a_single_seed_has_no_standard_deviation() -> None:
    assert spread_text(Spread(mean=3.0, sd=None, values=[3.0])) == "3.00"
    assert spread_text(Spread(mean=0.75, sd=None, values=[0.75]), as_percent=True) == "75.00%"
    assert number(3.0) == "3"
    assert number(11 / 3) == "3.67"
