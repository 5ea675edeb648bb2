"""Numbers in the words of the documentation."""

from collections.abc import Mapping
from typing import Any

from failpairs.statistics.number_format import p_is


def percent(share: float) -> str:
    """A share in per cent.

    Example:
        >>> percent(0.1619)
        '16.2'
    """
    return f"{100 * share:.1f}"


def points(share: float) -> str:
    """A change in points, with its sign.

    Example:
        >>> points(-0.0351)
        '−3.5'
    """
    return f"{100 * share:+.1f}".replace("-", "−")


def change_told(effect: Mapping[str, Any]) -> str:
    """A change with its interval and p."""
    change, low, high = (points(effect[key]) for key in ("change", "low", "high"))
    return f"{change} ({low} to {high}; {p_is(effect['p'])})"
