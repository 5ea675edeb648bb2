"""The report: one self-contained HTML page from the evaluations and their statistics."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from failpairs.problems.decontamination import Contamination
from failpairs.provenance.protocol import SAME_EVALUATION, require_same
from failpairs.provenance.versions import Fact, distinct_values
from failpairs.report import palette
from failpairs.report.citations import Citations
from failpairs.report.code_diff import visible
from failpairs.report.figure_style import Drawing
from failpairs.report.moved_problems import MovedProblem
from failpairs.report.pair_examples import Example
from failpairs.report.timings import Timing
from failpairs.statistics.comparison import Statistics
from failpairs.statistics.evaluation import Evaluation
from failpairs.training.train_log import flags

TEMPLATES = Path(__file__).with_name("templates")
COLLAPSE = ("REFUSAL", "EMPTY", "NO_CODE", "STUB", "TRUNCATED", "SYNTAX_ERROR")


@dataclass(frozen=True)
class ReportInputs:
    """What the report shows besides the statistics; each part may be missing.

    `curves` are rows of `train_log.jsonl` by seed, `config` the configuration of the run, without
    what changes no result; `decontamination` holds the training problems that were dropped,
    `contamination` those that match an evaluation problem and were not.
    """

    figures: Mapping[str, Drawing]
    curves: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    decontamination: Sequence[Mapping[str, str]] | None = None
    contamination: Sequence[Contamination] = ()
    seeds_vary: str = "training"
    cases: Sequence[MovedProblem] = ()
    examples: Sequence[Example] = ()
    timings: Sequence[Timing] = ()
    machines: Sequence[Fact] = ()
    config: Mapping[str, Any] | None = None


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
    base: Evaluation,
    seeds: Mapping[str, Evaluation],
    statistics: Statistics,
    material: ReportInputs,
) -> str:
    """The page as HTML. Everything that is not markup of ours is escaped, and characters that
    would not show are named."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = _breakable
    script = _text("script.js")
    return environment.get_template("report.html.j2").render(
        style=Markup(f"{_text('style.css')}{palette.style()}\n"),
        script=Markup(script),
        script_hash=_hash(script),
        base=base,
        seeds=seeds,
        stats=statistics,
        cite=Citations(statistics.model_dump(mode="json")),
        place_of_mode={mode.metric: place for place, mode in enumerate(statistics.modes)},
        collapse=COLLAPSE,
        flags={name: flags(rows) for name, rows in material.curves.items()},
        facts=[
            fact
            for key in base.provenance
            if key != "hardware"
            for fact in distinct_values(
                key,
                {name: one.provenance.get(key) for name, one in {"base": base, **seeds}.items()},
            )
        ],
        largest_transition=max(map(max, statistics.mean_transitions)),
        material=material,
    )


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _breakable(label: str) -> Markup:
    """A label that may go on in another line after an underscore, where the style sheet lets it."""
    return Markup("_<wbr>").join(visible(label).split("_"))


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """What a content security policy calls a script by."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
