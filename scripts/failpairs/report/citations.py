"""Numbers on the page, each with the place in `stats.json` that it is cited from."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from failpairs.statistics.number_format import number, p_text, percent, points, spread_text
from failpairs.statistics.paired_tests import Spread


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _net(count: int) -> str:
    return _minus(f"{count:+d}") if count else "0"


FORMS: Mapping[str, Callable[[Any], str]] = {
    "text": str,
    "length": lambda values: str(len(values)),
    "net": lambda test: _net(len(test["fixed"]) - len(test["broken"])),
    "number": number,
    "decimal": lambda value: "unknown" if value is None else _minus(f"{value:.3f}"),
    "level": lambda share: f"{100 * share:g}%",
    "percent": percent,
    "share": lambda value: "unknown" if value is None else f"{100 * value:.1f}%",
    "size": lambda value: "none" if value is None else f"{100 * value:.2f}",
    "points": points,
    "p": lambda value: "not defined" if value is None else p_text(value),
    "spread": lambda value: spread_text(Spread(**value)),
    "spread_percent": lambda value: spread_text(Spread(**value), as_percent=True),
}


class Citations:
    """Cites values of `stats.json` on the page.

    Each stands in an element with its place (`data-stat`, a JSON pointer, RFC 6901) and the form
    in which it is written (`data-form`), so that anybody can check it against the file.
    """

    def __init__(self, statistics: Mapping[str, Any]) -> None:
        self._statistics = statistics

    def __call__(self, *place: str | int, form: str = "number") -> Markup:
        """A value as an element.

        Args:
            place: the keys that lead to it.
            form: one of `FORMS`.
        """
        text = FORMS[form](self._value(place))
        return Markup('<span data-stat="{}" data-form="{}">{}</span>').format(
            pointer(place), form, text
        )

    def _value(self, place: tuple[str | int, ...]) -> Any:
        value: Any = self._statistics
        for key in place:
            value = value[key]
        return value


def pointer(place: tuple[str | int, ...]) -> str:
    """The JSON pointer of a place."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in place)
