"""Tables in Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Lines of a Markdown table."""
    cells = [[" ".join(str(c).split()).replace("|", "\\|") for c in row] for row in [head, *rows]]
    cells.insert(1, ["---"] * len(head))
    return [f"| {' | '.join(row)} |" for row in cells]
