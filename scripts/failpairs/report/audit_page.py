"""The page of an audit of preference pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

from failpairs.curation.audit import Audit, AuditRow
from failpairs.exchange.pairs import ForeignPair
from failpairs.report.code_diff import Row, side_by_side
from failpairs.report.page import page_environment, page_style

N_EXAMPLES = 5  # of each finding
N_ROWS = 100  # that the page names of each finding


@dataclass(frozen=True)
class AuditExample:
    """A pair that something was found of, and its sides; the rejected one stands at the left."""

    row: AuditRow
    prompt: str
    lines: list[Row]


def render_audit(audit: Audit, pairs: Sequence[ForeignPair], source: str) -> str:
    """The page as HTML, in the style of the report; all that others wrote is escaped.

    Args:
        pairs: those of the audit, in the same order.
        source: what was audited, for the title.
    """
    examples = {
        name: [
            AuditExample(row, pair.prompt_text, side_by_side(pair.rejected, pair.chosen))
            for row, pair in _first(audit, pairs, name)
        ]
        for name in audit.found
    }
    template = page_environment().get_template("audit.html.j2")
    return template.render(
        style=page_style(), source=source, audit=audit, examples=examples, n_rows=N_ROWS
    )


def _first(
    audit: Audit, pairs: Sequence[ForeignPair], name: str
) -> list[tuple[AuditRow, ForeignPair]]:
    both = zip(audit.rows, pairs, strict=True)
    return [(row, pair) for row, pair in both if name in row.findings][:N_EXAMPLES]
