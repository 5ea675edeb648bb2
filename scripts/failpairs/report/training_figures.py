"""The figure of the training curves."""

from collections.abc import Mapping, Sequence
from typing import Any

from failpairs.report import palette
from failpairs.report.figure_style import Drawing, make_figure

Curves = Mapping[str, Sequence[Mapping[str, Any]]]

PANELS = {
    "loss": "loss",
    "reward_margin": "reward margin",
    "chosen_change": "change of chosen log-prob. (nats/token)",
}
# Okabe and Ito's, without the yellow, which is too light for lines.
LINES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9")


def training_curves(curves: Curves) -> Drawing:
    """Loss, reward margin and change of the chosen log-probability by step, one line per seed:
    solid on the training pairs, dashed on the held-out pairs."""

    def paint(panels: Any) -> None:
        for axes, (key, title) in zip(panels, PANELS.items(), strict=True):
            for index, (seed, rows) in enumerate(curves.items()):
                for name, line in ((key, "-"), (f"held_out_{key}", "--")):
                    at = [(row["step"], row[name]) for row in rows if row.get(name) is not None]
                    if at:
                        axes.plot(
                            *zip(*at, strict=True),
                            line,
                            color=LINES[index % len(LINES)],
                            label=seed if name == key else None,
                            linewidth=1.2,
                        )
            if key != "loss":
                axes.axhline(0, color=palette.INK, linewidth=0.6, linestyle=":")
            axes.set_title(title)
            axes.set_xlabel("step")
        axes.figure.legend(
            *panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=6
        )

    alternative = (
        f"Loss, reward margin and change of the chosen log-probability by step for "
        f"{', '.join(curves)}; the table holds the last values."
    )
    return make_figure("training", alternative, (9, 2.9), paint, len(PANELS))
