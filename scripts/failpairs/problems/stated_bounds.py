"""Bounds of numbers that the text of a problem states, such as `1 <= n <= 10^4`."""

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

NUMBER = r"(?P<base>-?\d+(?:\.\d+)?)(?:\s*(?:\^|\*\*)\s*(?P<exponent>\d{1,2})\b)?"
RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    "≤": operator.le,
    ">=": operator.ge,
    "≥": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
MIRRORED = {"<=": ">=", "≤": "≥", ">=": "<=", "≥": "≤", "<": ">", ">": "<"}
SIGN = rf"(?P<sign>{'|'.join(RELATIONS)})"
SENTENCE = re.compile(r"\.\s|[;\n]")
CASE = re.compile(r"\b(?:if|when|unless|otherwise|return|returns)\b", re.IGNORECASE)


class Bound(NamedTuple):
    """An argument, by its place, beside a number."""

    place: int
    relation: str
    number: float

    def holds(self, call: Sequence[Any]) -> bool:
        """Whether a call keeps to it; what is no number does."""
        if self.place >= len(call) or not isinstance(call[self.place], int | float):
            return True
        return RELATIONS[self.relation](call[self.place], self.number)


def stated_bounds(text: str, names: Sequence[str]) -> list[Bound]:
    """The bounds that a text states of some arguments. A sentence about a case, such as `if n < 0`,
    is none.

    Example:
        >>> stated_bounds("Assume 1 <= n <= 10^2. If k < 0, give n.", ["n", "k"])
        [Bound(place=0, relation='>=', number=1.0), Bound(place=0, relation='<=', number=100.0)]
    """
    found = []
    for sentence in SENTENCE.split(text):
        if CASE.search(sentence):
            continue
        for place, name in enumerate(names):
            word = rf"(?<![\w.\]\)]){re.escape(name)}(?![\w.\[\(])"
            before = re.finditer(rf"(?<![\w.]){NUMBER}\s*{SIGN}\s*{word}", sentence)
            after = re.finditer(rf"{word}\s*{SIGN}\s*{NUMBER}", sentence)
            found += [Bound(place, MIRRORED[each["sign"]], _value(each)) for each in before]
            found += [Bound(place, each["sign"], _value(each)) for each in after]
    return found


def _value(match: re.Match[str]) -> float:
    return float(match["base"]) ** int(match["exponent"] or 1)
