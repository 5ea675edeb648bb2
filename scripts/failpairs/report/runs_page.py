"""The page of several runs."""

from failpairs.report.figure_style import Drawing
from failpairs.report.in_short import plural
from failpairs.report.outcome_figures import forest_of
from failpairs.report.page import page_environment, page_style
from failpairs.statistics.run_comparison import RunGroup, RunsComparison, shown

MOST_DIFFERENCES = 6  # of protocols that the page names
MOST_SETTINGS = 6  # that the page shows at once


def render_runs(comparison: RunsComparison) -> str:
    """The page as HTML, in the style of the report; whatever others wrote, such as the names of
    folders and problems, is escaped."""
    figures = [_figure(number, group) for number, group in enumerate(comparison.groups, start=1)]
    environment = page_environment()
    environment.filters |= {"plural": plural, "setting": shown}
    return environment.get_template("runs.html.j2").render(
        style=page_style(),
        title=_title(comparison),
        comparison=comparison,
        figures={figure.name: figure for figure in figures},
        most_differences=MOST_DIFFERENCES,
        most_settings=MOST_SETTINGS,
    )


def _title(comparison: RunsComparison) -> str:
    n_runs, n_groups = sum(len(one.runs) for one in comparison.groups), len(comparison.groups)
    runs = f"{n_runs} {plural('run', n_runs)}"
    return runs if n_groups == 1 else f"{runs} of {n_groups} protocols"


def _figure(number: int, group: RunGroup) -> Drawing:
    levels = {f"{100 * run.criteria.confidence:g}% interval" for run in group.runs}
    interval = levels.pop() if len(levels) == 1 else "interval"
    return forest_of(f"runs-{number}", [(run.name, run.effect) for run in group.runs], interval)
