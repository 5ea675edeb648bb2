"""The report: one self-contained HTML page from the evaluations and their statistics."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from failpairs.report import palette
from failpairs.report.code_diff import visible
from failpairs.report.filters import FILTERS
from failpairs.report.inputs import ReportInputs
from failpairs.report.sections import SECTIONS

TEMPLATES = Path(__file__).with_name("templates")


def render_report(report: ReportInputs) -> str:
    """The page as HTML. Everything that is not markup of ours is escaped, and characters that
    would not show are named."""
    environment = page_environment()
    shared = {"stats": report.stats, "figures": report.figures}
    bodies = {
        section: Markup(environment.get_template(section.template).render(shared | variables))
        for section in SECTIONS
        if (variables := section.data(report)) is not None
    }
    script = _text("script.js")
    return environment.get_template("report.html.j2").render(
        style=page_style(),
        script=Markup(script),
        script_hash=_hash(script),
        report=report,
        bodies=bodies,
    )


def page_environment() -> Environment:
    """What renders templates: it escapes all text, and names characters that would not show."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def page_style() -> Markup:
    """The style sheet of a page, with the colours of the labels."""
    return Markup(f"{_text('style.css')}{palette.style()}\n")


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """What a content security policy calls a script by."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
