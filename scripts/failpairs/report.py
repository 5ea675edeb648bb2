"""The report: one self-contained HTML page from the evaluations and their statistics."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from failpairs import figures
from failpairs.comparison import Statistics
from failpairs.curves import flags
from failpairs.evaluation import Evaluation
from failpairs.protocol import SAME_EVALUATION, require_same
from failpairs.wording import number, p_text, percent, points, spread_text

TEMPLATES = Path(__file__).resolve().parents[2] / "report"


@dataclass(frozen=True)
class Material:
    """What the report shows besides the statistics; each part may be missing."""

    funnel: dict[str, Any] | None
    curves: dict[str, list[dict[str, float]]]
    decontamination: list[dict[str, str]] | None
    seeds_vary: str = "training"


def require_comparable(base: Evaluation, others: Mapping[str, Evaluation]) -> None:
    """Refuse evaluations that were not sampled and judged alike.

    Args:
        others: evaluations of seeds and arms by name.

    Raises:
        InputError: names the first setting that differs.
    """
    one = {**base.protocol, "validator": base.validator}
    for name, tuned in others.items():
        other = {**tuned.protocol, "validator": tuned.validator}
        require_same(
            one, other, (*SAME_EVALUATION, "validator"), ("base", name), "cannot be compared"
        )


def render_report(
    base: Evaluation, seeds: Mapping[str, Evaluation], statistics: Statistics, material: Material
) -> str:
    """The page as HTML. Everything that is not markup of ours is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {
        "percent": percent,
        "number": number,
        "points": points,
        "spread": spread_text,
        "p": p_text,
    }
    curves = {name: rows for name, rows in material.curves.items() if rows}
    return environment.get_template("report.html.j2").render(
        style=Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),
        base=base,
        seeds=seeds,
        stats=statistics,
        answer=answer(statistics),
        modes_figure=Markup(figures.failure_modes(statistics.modes, statistics.seeds)),
        flags={name: flags(rows) for name, rows in curves.items()},
        curves_figure=Markup(figures.training_curves(curves)) if curves else None,
        largest_transition=max(map(max, statistics.mean_transitions)),
        material=material,
    )


def answer(statistics: Statistics) -> str:
    """The result in plain words, which claim no more than the test does."""
    n, base, tuned = statistics.n_problems, statistics.base_passes, statistics.tuned_passes
    count = len(statistics.seeds)
    models = "tuned model solves" if count == 1 else f"{count} tuned models solve on average"
    return (
        f"{statistics.effect.sentence} The base model solves {number(base)} of {n} problems "
        f"({percent(statistics.base_pass_at_1)}), the {models} {number(tuned.mean)} "
        f"({percent(statistics.tuned_pass_at_1.mean)})."
    )
