from typing import Any

import pytest
from failpairs.report.filters import FILTERS


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("decimal", -0.0564, "−0.056"),
        ("decimal", None, "unknown"),
        ("level", 0.95, "95%"),
        ("p_value", 0.03125, ".031"),
        ("p_value", None, "not defined"),
        ("share", 0.512, "51.2%"),
        ("share", None, "unknown"),
        ("signed", 10, "+10"),
        ("signed", -1, "−1"),
        ("signed", 0, "0"),
        ("size", 0.02, "2.00"),
        ("size", None, "none"),
        ("breakable", "NAME_<i>\u202e", "NAME_<wbr>&lt;i&gt;⟨U+202E⟩"),
    ],
)
def test_a_filter_writes_a_value(name: str, value: Any, text: str) -> None:
    assert FILTERS[name](value) == text
