"""What the report's figures have in common: their style, their text alternative, their files."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from failpairs.report.code_diff import visible
from failpairs.report.palette import INK

# Text stays text, and dollars stay dollars.
STYLE = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    **dict.fromkeys(
        ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK
    ),
}
GROUP_ID = re.compile(r'(<g) id="[^"]*"')
LINK = re.compile(r'<a xlink:href="[^"?]*\?([^"]*)"[^>]*>')  # to the problems of a filter
FILTERS = {"direction": "change", "before": "base", "seeds": "model", "after": "ends"}


@dataclass(frozen=True)
class Drawing:
    """A figure, and what it shows in words, for those who cannot see it."""

    name: str
    alternative: str
    figure: Figure

    def svg(self) -> str:
        """The figure as SVG text; the same figure is the same bytes."""
        buffer = io.StringIO()
        # A name of its own for each figure keeps their ids apart on one page.
        with matplotlib.rc_context({**STYLE, "svg.hashsalt": self.name}):
            self.figure.savefig(
                buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None}
            )
        text = buffer.getvalue()
        return GROUP_ID.sub(r"\1", text[text.index("<svg") :])

    def inline(self) -> Markup:
        """The figure for a page: its ink is the page's, so that it is legible in dark mode, and its
        links have names, to be heard and to be seen under the pointer."""
        return Markup(LINK.sub(_with_name, self.svg().replace(INK, "currentColor")))

    def write_png(self, path: Path) -> None:
        """The figure as a bitmap with 200 dots an inch, on white."""
        with matplotlib.rc_context(STYLE):
            self.figure.savefig(path, format="png", dpi=200, metadata={"Software": None})


def _with_name(link: re.Match[str]) -> str:
    wanted = parse_qsl(unescape(link[1]))
    name = ", ".join(f"{FILTERS[key]}: {value}" for key, value in wanted)
    return f"{link[0]}<title>{escape(visible(name))}</title>"


def make_figure(
    name: str,
    alternative: str,
    size: tuple[float, float],
    paint: Callable[[Any], None],
    panels: int = 1,
) -> Drawing:
    """A figure with one panel or several beside each other.

    Args:
        size: width and height, inches.
        paint: gets the panel, or the list of them, and draws.
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=size, layout="constrained")
        found: list[Axes] = [*figure.subplots(1, panels, squeeze=False)[0]]
        paint(found[0] if panels == 1 else found)
    return Drawing(name, visible(alternative), figure)
