"""Figures of what changed: failure modes, a strip of all problems, transitions, arms."""

from collections.abc import Sequence
from itertools import groupby
from textwrap import wrap
from typing import Any
from urllib.parse import urlencode

from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from failpairs.labels import LABELS
from failpairs.report import palette
from failpairs.report.code_diff import visible
from failpairs.report.figure_style import Drawing, make_figure
from failpairs.report.filters import share
from failpairs.report.in_short import fixed_and_broken, in_short
from failpairs.report.shown_problems import direction_of
from failpairs.statistics.arm_comparison import Arm
from failpairs.statistics.comparison import Statistics
from failpairs.statistics.effects import Effect
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.fixed_and_broken import KINDS, Movement
from failpairs.statistics.number_format import number, points

ORDER = (*KINDS, None)
NEITHER = "neither fixed nor broken"  # what None stands for
WRAPPED = 84  # characters in a line of the answer
MOST_CHARACTERS = 40  # of a name at an axis


def answer(statistics: Statistics, title: str, measured: str) -> Drawing:
    """The first screen of the report as a picture that can be shared: both rates, the interval of
    the change, the verdict, how many problems were fixed and broken, and what was measured."""
    effect = statistics.effect
    fixed, broken = fixed_and_broken(statistics.movements)
    rates = f"{share(statistics.base_pass_at_1)} → {share(statistics.tuned_pass_at_1.mean)}"
    verdict = in_short(effect, statistics.criteria)
    lines = wrap(visible(measured), WRAPPED)
    colour = {"improved": palette.FIXED, "worsened": palette.BROKEN}.get(
        effect.verdict, palette.BASE
    )

    def paint(axes: Any) -> None:
        axes.plot([0, 0], [-1, 1], color=palette.INK, linestyle="--", linewidth=1)
        ends = [100 * effect.low, 100 * effect.high]
        axes.plot(ends, [0, 0], color=colour, linewidth=3, solid_capstyle="butt")
        axes.plot(100 * effect.change, 0, marker="o", color=colour, markersize=9)
        axes.set_ylim(-1.4, 1.4)
        axes.margins(x=0.08)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(
            f"change in points, with {100 * statistics.criteria.confidence:g}% interval"
        )
        figure = axes.figure
        figure.suptitle(f"{rates}  pass@1", x=0.005, ha="left", fontsize=24, fontweight="bold")
        axes.set_title(f"{verdict}: {fixed} fixed, {broken} broken", loc="left", fontsize=13)
        figure.supxlabel("\n".join([title, *lines]), x=0.005, ha="left", fontsize=8)

    told = f"{title} {measured}. Pass@1 {rates}. {effect.sentence} {fixed} fixed, {broken} broken."
    return make_figure("answer", told, (6.4, 2.7 + 0.16 * len(lines)), paint)


def failure_modes(modes: Sequence[Effect], n_problems: int) -> Drawing:
    """Problems by failure mode: a bar for the base model, a dot for each seed, the interval."""

    def paint(axes: Any) -> None:
        places = list(range(len(modes)))
        bars = axes.barh(
            places, [m.before for m in modes], color=palette.BASE, height=0.62, label="base"
        )
        for bar, mode in zip(bars, modes, strict=True):
            bar.set_url(_problems(before=mode.metric))
        for place, mode in zip(places, modes, strict=True):
            low, high = (max(0, mode.before + n_problems * end) for end in (mode.low, mode.high))
            axes.plot(
                [low, high],
                [place, place],
                color=palette.INK,
                linewidth=1,
                label="interval of the mean" if place == 0 else None,
            )
            seeds = mode.after.values
            axes.plot(
                seeds,
                [place + 0.36 * (i - (len(seeds) - 1) / 2) / len(seeds) for i in range(len(seeds))],
                linestyle="none",
                marker="o",
                markersize=4.5,
                color=palette.SEEDS,
                label="each tuned model" if place == 0 else None,
            )
        axes.set_yticks(places, [m.metric for m in modes])
        axes.invert_yaxis()
        axes.set_xlabel("evaluation problems")
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.figure.legend(loc="outside upper left", ncols=3)

    told = "; ".join(f"{m.metric} {number(m.before)} to {number(m.after.mean)}" for m in modes)
    alternative = f"Problems by failure mode, base model to mean of the tuned models: {told}."
    return make_figure("failure_modes", alternative, (7.2, 1.0 + 0.3 * len(modes)), paint)


def _problems(**wanted: str) -> str:
    """Where the page shows some of its problems, for its script, which filters them."""
    return f"#programs?{urlencode(wanted)}"


def mode_strip(
    base: Evaluation, seeds: dict[str, Evaluation], movements: Sequence[Movement]
) -> Drawing:
    """All problems beside each other, coloured by label: a row for the base model and each seed."""
    kinds = {movement.task_id: movement.kind for movement in movements}
    rows = {"base": base, **seeds}
    labels = [
        [result.labels[0] for result in column]
        for column in zip(*(one.problems for one in rows.values()), strict=True)
    ]
    kind_of = [kinds.get(result.task_id) for result in base.problems]
    order = sorted(
        range(len(labels)),
        key=lambda i: (ORDER.index(kind_of[i]), [LABELS.index(label) for label in labels[i]]),
    )
    found = [label for label in LABELS if any(label in column for column in labels)]
    groups = [(kind, len(list(run))) for kind, run in groupby(kind_of[i] for i in order)]

    def paint(axes: Any) -> None:
        for row, name in enumerate(rows):
            start = 0
            for (kind, label), run in groupby((kind_of[i], labels[i][row]) for i in order):
                length = len(list(run))
                (bar,) = axes.barh(row, length, 0.88, start, color=palette.MODES[label])
                if row:
                    bar.set_url(_problems(seeds=name, after=label))
                else:
                    bar.set_url(_problems(direction=direction_of(kind or ""), before=label))
                start += length
        start = 0
        for place, (kind, length) in enumerate(groups, start=1):
            # Groups can be narrow: each has its name at a height of its own.
            height = -0.75 - 0.5 * (len(groups) - place)
            axes.plot([start, start], [height, len(rows) - 0.5], color=palette.INK, linewidth=0.8)
            late = start > 0.75 * len(order)
            text = f" {kind or NEITHER} ({length}) "
            axes.text(start, height, text, fontsize=8, va="center", ha="right" if late else "left")
            start += length
        axes.set_yticks(range(len(rows)), [_tick(name) for name in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6 - 0.5 * len(groups))
        axes.set_xlim(0, len(order))
        axes.set_xlabel("evaluation problems")
        axes.spines["left"].set_visible(False)
        axes.tick_params(left=False)
        handles = [Patch(color=palette.MODES[label], label=label) for label in found]
        axes.figure.legend(handles=handles, loc="outside lower left", ncols=4, fontsize=8)

    told = ", ".join(f"{count} {kind or NEITHER}" for kind, count in groups)
    height = 0.98 + 0.13 * len(groups) + 0.26 * len(rows) + 0.2 * -(-len(found) // 4)
    alternative = f"Label of every problem in the base model and in each tuned model: {told}."
    return make_figure("mode_strip", alternative, (9, height), paint)


def transition_map(labels: Sequence[str], table: Sequence[Sequence[float]]) -> Drawing:
    """Problems by label before (rows) and after (columns) as a heat map with counts."""
    largest = max(max(map(max, table)), 1)

    def paint(axes: Any) -> None:
        axes.imshow(
            [[min(1.0, (value / largest) ** 0.5) for value in row] for row in table],
            cmap="Blues",
            vmin=0,
            vmax=1.2,
        )
        for i, row in enumerate(table):
            for j, value in enumerate(row):
                if value:
                    dark = (value / largest) ** 0.5 > 0.75
                    colour = "white" if dark else palette.INK
                    axes.text(
                        j, i, number(value), ha="center", va="center", color=colour, fontsize=7
                    )
        axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right", fontsize=8)
        axes.set_yticks(range(len(labels)), labels, fontsize=8)
        axes.set_xlabel("tuned models, mean")
        axes.set_ylabel("base model")
        axes.spines[:].set_visible(False)

    side = 1.8 + 0.42 * len(labels)
    alternative = "Problems by label in the base model (rows) and in the tuned models (columns)."
    return make_figure("transitions", alternative, (side, side), paint)


def forest(effect: Effect, arms: Sequence[Arm], confidence: float) -> Drawing:
    """The change of pass@1 against the base model, with its interval, for every arm."""
    rows = [("curated", effect), *((arm.name, arm.against_base[0]) for arm in arms)]
    return forest_of("arms", rows, f"{100 * confidence:g}% interval")


def forest_of(name: str, rows: Sequence[tuple[str, Effect]], interval: str) -> Drawing:
    """Changes of pass@1 against the base model, with their intervals, below each other.

    Args:
        name: of the figure.
        rows: what changed, and its change; the first is marked.
        interval: what the lines are.
    """

    def paint(axes: Any) -> None:
        for place, (_, one) in enumerate(rows):
            colour = palette.INK if place else palette.SEEDS
            axes.plot([100 * one.low, 100 * one.high], [place, place], color=colour, linewidth=1.4)
            axes.plot(100 * one.change, place, marker="s", color=colour, markersize=6)
        axes.axvline(0, color=palette.INK, linewidth=0.8, linestyle=":")
        axes.set_yticks(range(len(rows)), [_tick(label) for label, _ in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlabel(f"change of pass@1 (points) with {interval}")

    told = "; ".join(
        f"{label} {points(one.change)} ({points(one.low)} to {points(one.high)})"
        for label, one in rows
    )
    alternative = f"Change of pass@1 against the base model in points: {told}."
    return make_figure(name, alternative, (7.2, 1.0 + 0.32 * len(rows)), paint)


def _tick(label: str) -> str:
    """A name at an axis; of a long one the end, which is what tells paths apart."""
    text = visible(" ".join(label.split()))
    return text if len(text) <= MOST_CHARACTERS else f"…{text[-MOST_CHARACTERS:]}"
