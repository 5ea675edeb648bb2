"""Numbers in the words of the documentation."""

from collections.abc import Mapping
from typing import Any


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


def p_told(p: float) -> str:
    """A probability with three digits.

    Example:
        >>> p_told(0.0312), p_told(0.0001), p_told(1.0)
        ('.031', '< .001', '1.000')
    """
    return "< .001" if p < 0.0005 else f"{p:.3f}".removeprefix("0")


def change_told(effect: Mapping[str, Any]) -> str:
    """A change with its interval and p."""
    change, low, high = (points(effect[key]) for key in ("change", "low", "high"))
    p = p_told(effect["p"])
    return f"{change} ({low} to {high}; p {p if p.startswith('<') else f'= {p}'})"
