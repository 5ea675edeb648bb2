"""Figures of the pairs: similarity and length of their completions, and dose and response."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from failpairs.records import Pair
from failpairs.report import palette
from failpairs.report.figure_style import Drawing, make_figure
from failpairs.statistics.fixed_and_broken import Dose

BINS = 24


def pair_shapes(pairs: Sequence[Pair]) -> Drawing:
    """Histograms of the similarity and of the length ratio of the pairs' completions."""
    values = {
        "similarity of the completions": [pair.similarity for pair in pairs],
        "length ratio, chosen to rejected": [pair.length_ratio for pair in pairs],
    }

    def paint(panels: Any) -> None:
        for axes, (title, found) in zip(panels, values.items(), strict=True):
            axes.hist(found, bins=BINS, color=palette.SEEDS)
            axes.set_title(title)
            axes.set_ylabel("pairs")
        panels[1].axvline(1, color=palette.INK, linewidth=0.8, linestyle=":")

    told = "; ".join(
        f"{title}: from {min(found):.2f} to {max(found):.2f}, median {median(found):.2f}"
        for title, found in values.items()
    )
    return make_figure("pairs", f"Histograms of {len(pairs)} pairs. {told}.", (7.2, 2.2), paint, 2)


def dose_response(doses: Sequence[Dose]) -> Drawing:
    """Pairs by failure mode of the rejected completion, against the change of the mode's share of
    the problems."""

    def paint(axes: Any) -> None:
        for dose in doses:
            at = (dose.n_pairs, 100 * dose.change)
            axes.plot(*at, "o", color=palette.MODES.get(dose.label, palette.INK), markersize=7)
        for dose in _apart(doses):
            at = (dose.n_pairs, 100 * dose.change)
            axes.annotate(dose.label, at, (6, 4), textcoords="offset points", fontsize=8)
        axes.axhline(0, color=palette.INK, linewidth=0.8, linestyle=":")
        axes.margins(x=0.2, y=0.15)
        axes.set_xlabel("pairs whose rejected completion failed in this way")
        axes.set_ylabel("change (points)")

    alternative = "Pairs by failure mode against that mode's change; the table holds the numbers."
    return make_figure("dose_response", alternative, (7.2, 2.8), paint)


def _apart(doses: Sequence[Dose]) -> list[Dose]:
    """Those whose names can stand beside their dots without lying on each other, largest first."""
    width = max(dose.n_pairs for dose in doses) or 1
    height = max(abs(dose.change) for dose in doses) or 1
    named: list[Dose] = []
    for dose in sorted(doses, key=lambda one: (-one.n_pairs, -abs(one.change))):
        if all(
            abs(dose.n_pairs - other.n_pairs) > 0.3 * width
            or abs(dose.change - other.change) > 0.15 * height
            for other in named
        ):
            named.append(dose)
    return named
