"""All figures of a report."""

from collections.abc import Mapping, Sequence

from failpairs.records import Pair
from failpairs.report.figure_style import Drawing
from failpairs.report.outcome_figures import (
    answer,
    failure_modes,
    forest,
    mode_strip,
    transition_map,
)
from failpairs.report.pair_figures import dose_response, pair_shapes
from failpairs.report.training_figures import Curves, training_curves
from failpairs.statistics.comparison import Statistics
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.label_counts import in_order_of

NAMES = (
    *("answer", "failure_modes", "mode_strip", "transitions", "arms"),
    *("pairs", "dose_response", "training"),
)


def all_figures(
    base: Evaluation,
    seeds: Mapping[str, Evaluation],
    statistics: Statistics,
    pairs: Sequence[Pair],
    curves: Curves,
    title: str,
    measured: str,
) -> dict[str, Drawing]:
    """The figures for which there is something to draw, by name.

    Args:
        title: the question that the report answers.
        measured: on what, in one line.
    """
    found = [
        answer(statistics, title, measured),
        failure_modes(statistics.modes, statistics.n_problems),
        mode_strip(base, in_order_of(base, seeds), statistics.movements),
        transition_map(statistics.labels, statistics.mean_transitions),
    ]
    if statistics.arms:
        found.append(forest(statistics.effect, statistics.arms, statistics.criteria.confidence))
    if pairs:
        found.append(pair_shapes(pairs))
    if any(dose.n_pairs for dose in statistics.doses):
        found.append(dose_response(statistics.doses))
    if any(curves.values()):
        found.append(training_curves({name: rows for name, rows in curves.items() if rows}))
    return {drawing.name: drawing for drawing in found}
