"""Markdown's fences, the lines of backticks or tildes around code, as models write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Fences, and what may hold three backticks that are none. A comment that begins with a fence quotes
# it; another comment ends at a fence.
TOKEN = re.compile(
    r"""(?P<quotes>\"{3}|'{3})(?:\\.|(?!(?P=quotes)).)*(?P<end>(?P=quotes)|\Z)
    | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'?
    | \#[ \t]*```[^\n]* | \#(?:(?!```)[^\n])*
    | (?P<fence>```)""",
    re.DOTALL | re.VERBOSE,
)
FENCE = re.compile(
    r"(?P<before>[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?:<\w+>|\[[A-Z]+\])?"  # a list item, a tag
    r"(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)"
)
GLUED = re.compile(r"(?P<code>.*[^`\s][ \t]*)(?P<marks>`{3,})\s*")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Piece:
    """A part of a text between two fences, or outside of all.

    Attributes:
        is_complete: False for a block whose fence is never closed.
    """

    text: str
    is_fenced: bool
    is_complete: bool


def find_closing_fence(code: str) -> int:
    """Where the block ends that some code stands in: at the first three backticks that are in no
    string and begin no comment; -1 while there are none. More code after them changes nothing.

    Example:
        >>> find_closing_fence("s = '```'\\n```"), find_closing_fence('s = \"""```')
        (10, -1)
    """
    fences = (token.start() for token in TOKEN.finditer(code) if token["fence"])
    return next(fences, -1)


def split_at_fences(text: str) -> Iterator[Piece]:
    """The blocks of a text and what stands between them, in order.

    Fences are those of CommonMark (https://spec.commonmark.org/0.31.2/#fenced-code-blocks): one of
    as many or more of the same marks closes a block. Models also close it at the end of a line of
    code, or open the next one instead, and indent fences as they like. A fence in a docstring is
    code, and a block that holds blocks is taken apart.
    """
    for piece in _split(text):
        inner = list(_split(piece.text)) if piece.is_fenced else []
        holds_blocks = any(part.is_fenced and part.is_complete for part in inner)
        yield from inner if holds_blocks else [piece]


def _split(text: str) -> Iterator[Piece]:
    opened: re.Match[str] | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        fence = FENCE.fullmatch(line)
        glued = GLUED.fullmatch(line) if fence is None else None
        found = fence or glued
        if (
            found is None
            or (opened and not found["marks"].startswith(opened["marks"]))
            or (fence and is_in_string(lines))
            or (glued and not _is_closed_by(glued, lines))
        ):
            lines.append(line)
            continue
        yield _piece([*lines, glued["code"]] if glued else lines, opened, is_complete=True)
        is_opening = fence and (opened is None or fence["info"].strip())
        opened, lines = (fence if is_opening else None), []
    yield _piece(lines, opened, is_complete=opened is None)


def _piece(lines: list[str], opened: re.Match[str] | None, is_complete: bool) -> Piece:
    text = "\n".join(lines)
    if opened is None:
        return Piece(text, is_fenced=False, is_complete=is_complete)
    indentation = re.compile(rf"^ {{0,{len(opened['before'])}}}", re.MULTILINE)
    text = indentation.sub("", text).removeprefix(BYTE_ORDER_MARK)
    return Piece(text, is_fenced=True, is_complete=is_complete)


def is_in_string(lines: list[str]) -> bool:
    """Whether code ends inside a string of three quotes."""
    tokens = TOKEN.finditer("\n".join([*lines, ""]))
    return any(token["quotes"] and not token["end"] for token in tokens)


def _is_closed_by(glued: re.Match[str], lines: list[str]) -> bool:
    before = "\n".join([*lines, glued["code"]])
    return find_closing_fence(before + glued["marks"]) == len(before)
