"""The report: one self-contained HTML page from the evaluations and their statistics."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from failpairs import figures
from failpairs.curves import flags
from failpairs.evaluation import Evaluation
from failpairs.protocol import SAME_EVALUATION, require_same
from failpairs.stats import Spread, Statistics

TEMPLATES = Path(__file__).resolve().parents[2] / "report"
ALPHA = 0.05


@dataclass(frozen=True)
class Material:
    """What the report shows besides the statistics; each part may be missing."""

    funnel: dict[str, Any] | None
    curves: dict[str, list[dict[str, float]]]
    decontamination: list[dict[str, str]] | None
    seeds_vary: str = "training"


def require_comparable(base: Evaluation, seeds: Mapping[str, Evaluation]) -> None:
    """Refuse evaluations that were not sampled and judged alike.

    Raises:
        InputError: names the first setting that differs.
    """
    one = {**base.protocol, "validator": base.validator}
    for name, tuned in seeds.items():
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
    """The result in one sentence that claims no more than the test does."""
    n, base, tuned = statistics.n_problems, statistics.base_passes, statistics.tuned_passes
    change = tuned.mean - base
    if statistics.p_sign_flip > ALPHA or change == 0:
        verdict = "not distinguishable from noise"
    else:
        verdict = "improved" if change > 0 else "worsened"
    return (
        f"Pass@1: {verdict}. The base model solves {number(base)} of {n} problems "
        f"({percent(statistics.base_pass_at_1)}), the {len(statistics.seeds)} tuned models "
        f"{number(tuned.mean)} on average ({percent(statistics.tuned_pass_at_1.mean)}); a paired "
        f"sign-flip test over problems gives p = {p_text(statistics.p_sign_flip)}."
    )


def percent(share: float) -> str:
    """A share as a percentage with two decimals."""
    return f"{100 * share:.2f}%"


def number(value: float) -> str:
    """A count, with two decimals where it is a mean."""
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


def spread_text(spread: Spread, as_percent: bool = False) -> str:
    """Mean ± sample standard deviation, the latter left out for a single seed."""
    scale, unit = (100, "%") if as_percent else (1, "")
    mean = f"{scale * spread.mean:.2f}{unit}"
    return mean if spread.sd is None else f"{mean} ± {scale * spread.sd:.2f}"


def p_text(p: float) -> str:
    """A p-value with three decimals, or that it is below what they show."""
    return "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")
