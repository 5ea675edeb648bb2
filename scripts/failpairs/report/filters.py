"""How the templates write numbers and names: the filters that they use."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from failpairs.labels import Label
from failpairs.report.code_diff import visible
from failpairs.statistics.number_format import number, p_is, p_text, percent, points, spread_text


def breakable(label: str) -> Markup:
    """A label that may continue in another line after an underscore, where the style sheet lets
    it."""
    return Markup("_<wbr>").join(visible(label).split("_"))


def decimal(value: float | None) -> str:
    """A number with three decimals: −0.056 for -0.0564."""
    return "unknown" if value is None else f"{value:.3f}".replace("-", "−")


def level(share: float) -> str:
    """A level of confidence: 95% for 0.95."""
    return f"{100 * share:g}%"


def meaning(label: str) -> str:
    """When a label applies, in one sentence without markup; nothing for a name that somebody else
    gave the rejected side of a pair."""
    return Label[label].meaning.replace("`", "") if label in Label.__members__ else ""


def p_value(p: float | None) -> str:
    """A p-value; None where the test is not defined."""
    return "not defined" if p is None else p_text(p)


def p_statement(p: float | None) -> str:
    """A p-value as a statement."""
    return "no p-value" if p is None else p_is(p)


def share(value: float | None) -> str:
    """A share as a percentage with one decimal: 51.2% for 0.512."""
    return "unknown" if value is None else f"{100 * value:.1f}%"


def signed(count: int) -> str:
    """A count with its sign: +6, −1, 0."""
    return f"{count:+d}".replace("-", "−") if count else "0"


def size(value: float | None) -> str:
    """The size of a difference of shares, in percentage points: 2.00 for 0.02."""
    return "none" if value is None else f"{100 * value:.2f}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "breakable": breakable,
    "decimal": decimal,
    "level": level,
    "mean_sd": spread_text,
    "meaning": meaning,
    "number": number,
    "p_statement": p_statement,
    "p_value": p_value,
    "percent": percent,
    "points": points,
    "share": share,
    "signed": signed,
    "size": size,
}
