"""How numbers are written for readers."""

from failpairs.statistics.paired_tests import Spread


def percent(share: float) -> str:
    """A share as a percentage with two decimals."""
    return f"{100 * share:.2f}%"


def points(share: float) -> str:
    """A difference of shares in percentage points with a sign and two decimals."""
    text = f"{100 * share:+.2f}"
    return "0.00" if float(text) == 0 else text.replace("-", "−")


def number(value: float) -> str:
    """A count, with two decimals where it is a mean."""
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


def spread_text(spread: Spread, as_percent: bool = False) -> str:
    """Mean ± sample standard deviation, the latter left out for a single seed."""
    scale, unit = (100, "%") if as_percent else (1, "")
    mean = f"{scale * spread.mean:.2f}{unit}"
    return mean if spread.sd is None else f"{mean} ± {scale * spread.sd:.2f}"


def p_text(p: float) -> str:
    """A p-value with three decimals, or that it is below what they show."""
    return "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def p_is(p: float) -> str:
    """A p-value as a statement.

    Example:
        >>> p_is(0.0312), p_is(0.0001)
        ('p = .031', 'p < .001')
    """
    return f"p = {p_text(p)}".replace("= <", "<")
