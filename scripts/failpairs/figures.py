"""The report's figures, as SVG text."""

import io
from collections.abc import Sequence

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from failpairs.verdicts import Effect

# Text stays text, dollars stay dollars, and the same figure is the same bytes.
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "failpairs", "text.parse_math": False}

BASE_COLOUR = "#9aa5b1"
SEED_COLOUR = "#0072b2"  # of Okabe and Ito's colour-blind-safe palette


def failure_modes(modes: Sequence[Effect], seeds: Sequence[str]) -> str:
    """Problems by failure mode: a bar for the base model, a dot for each seed."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.5, 0.9 + 0.36 * len(modes)), layout="constrained")
        axes = figure.subplots()
        places = list(range(len(modes)))
        axes.barh(places, [m.before for m in modes], color=BASE_COLOUR, height=0.62, label="base")
        for index in range(len(seeds)):
            offset = 0.18 * (index - (len(seeds) - 1) / 2)
            axes.plot(
                [m.after.values[index] for m in modes],
                [place + offset for place in places],
                linestyle="none",
                marker="o",
                markersize=5,
                color=SEED_COLOUR,
                label="each seed" if index == 0 else None,
            )
        axes.set_yticks(places, [m.metric for m in modes])
        axes.invert_yaxis()
        axes.set_xlabel("evaluation problems")
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines[["top", "right"]].set_visible(False)
        figure.legend(frameon=False, loc="outside upper left", ncols=2)
        return _svg(figure)


def training_curves(curves: dict[str, list[dict[str, float]]]) -> str:
    """Loss, reward margin and chosen log-probability by step, a line for each seed: full on the
    training pairs, dashed on the held-out ones."""
    panels = {
        "loss": "loss",
        "reward_margin": "reward margin",
        "chosen_logprob": "chosen log-probability (nats a token)",
    }
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(9, 2.6), layout="constrained")
        for axes, (key, title) in zip(figure.subplots(1, len(panels)), panels.items(), strict=True):
            for index, (seed, rows) in enumerate(curves.items()):
                for name, line in ((key, "-"), (f"held_out_{key}", "--")):
                    points = [(row["step"], row[name]) for row in rows if name in row]
                    if points:
                        label = seed if name == key else None
                        axes.plot(
                            *zip(*points, strict=True), f"C{index}{line}", label=label, lw=1.2
                        )
            axes.set_title(title, fontsize=9)
            axes.set_xlabel("step", fontsize=8)
            axes.tick_params(labelsize=8)
            axes.spines[["top", "right"]].set_visible(False)
        figure.axes[0].legend(frameon=False, fontsize=8)
        return _svg(figure)


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
