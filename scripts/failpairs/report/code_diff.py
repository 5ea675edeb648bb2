"""Programs as a reader sees them: odd characters made visible, highlighted, two side by side."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby, zip_longest
from operator import itemgetter

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import STANDARD_TYPES, Token

MAX_LINES = 160
MAX_CHARACTERS = 300  # of a line
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # Unicode's general categories
PLAIN = (Token.Text, Token.Text.Whitespace, Token.Name, Token.Punctuation, Token.Operator)


@dataclass(frozen=True)
class Line:
    """A line of a program: its number (from 1), its HTML, and what should catch the eye."""

    number: int
    code: Markup
    changed: bool
    failing: bool


Row = tuple[Line | None, Line | None]


def visible(text: str) -> str:
    """A text in which every character that shows as nothing, or turns others around, is named.

    Newlines and tabs stay. Right-to-left overrides and other format characters would make a
    program look like another one (Boucher and Anderson 2021, Trojan Source).
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in INVISIBLE:
        return character
    return f"⟨U+{ord(character):04X}⟩"


def side_by_side(
    before: str, after: str, failing: tuple[int | None, int | None] = (None, None)
) -> list[Row]:
    """Two programs as rows of a diff by lines.

    Args:
        failing: the line of each at which it failed, from 1.
    """
    one, other = _lines(before), _lines(after)
    html = highlighted("\n".join(one)), highlighted("\n".join(other))

    def line(side: int, place: int | None, changed: bool) -> Line | None:
        if place is None:
            return None
        return Line(place + 1, html[side][place], changed, failing[side] == place + 1)

    rows: list[Row] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for kind, start, end, start_after, end_after in matcher.get_opcodes():
        for left, right in zip_longest(range(start, end), range(start_after, end_after)):
            changed = kind != "equal"
            rows.append((line(0, left, changed), line(1, right, changed)))
    return rows


@lru_cache(maxsize=512)
def highlighted(text: str) -> tuple[Markup, ...]:
    """The lines of a Python program as HTML with Pygments' classes; every text is escaped."""
    lines = [""]
    # Neighbours of one class share an element: a string literal is several tokens.
    for name, run in groupby(_tokens(text), key=itemgetter(0)):
        first, *rest = "".join(value for _, value in run).split("\n")
        lines[-1] += _span(name, first)
        lines.extend(_span(name, part) for part in rest)
    return tuple(Markup(line) for line in lines)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Pygments' short class and the text of every token."""
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for _, token, value in lexer.get_tokens_unprocessed(text):
        yield "" if token in PLAIN else STANDARD_TYPES.get(token, ""), value


def _span(name: str, text: str) -> str:
    escaped = escape(text)
    return f'<span class="{name}">{escaped}</span>' if name and text.strip() else str(escaped)


def _lines(text: str) -> Sequence[str]:
    """The lines to be shown; a program without end is cut, and says so."""
    lines = text.rstrip().split("\n")
    shown = [_cut(line) for line in lines[:MAX_LINES]]
    if len(lines) > MAX_LINES:
        shown.append(f"# … {len(lines) - MAX_LINES} more lines")
    return shown


def _cut(line: str) -> str:
    more = len(line) - MAX_CHARACTERS
    return visible(line) if more <= 0 else f"{visible(line[:MAX_CHARACTERS])} … {more} more"
