"""The report's figures, tables and failures as files, for papers and spreadsheets."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from failpairs.labels import PASS
from failpairs.report.figure_style import Drawing
from failpairs.report.figures import NAMES
from failpairs.statistics.comparison import Statistics
from failpairs.statistics.effects import Effect
from failpairs.statistics.evaluation import Evaluation
from failpairs.storage.files import atomic_write, staging

EFFECT_COLUMNS = (
    "metric role before after_mean after_sd moved change low high p p_corrected correction "
    "minimum_detectable power verdict"
).split()
FAILURE_COLUMNS = (
    "arm",
    "model",
    "task_id",
    "source",
    "label",
    "passed",
    "n_samples",
    "base_label",
    "transition",
)


def write_figures(folder: Path, figures: Mapping[str, Drawing]) -> None:
    """Write every figure as `<name>.svg` and `<name>.png`; an earlier report's figures of which
    this one has none are removed."""
    for name in set(NAMES) - figures.keys():
        for kind in ("svg", "png"):
            (folder / f"{name}.{kind}").unlink(missing_ok=True)
    with staging(folder) as made:
        for name, drawing in figures.items():
            (made / f"{name}.svg").write_text(drawing.svg(), encoding="utf-8", newline="\n")
            drawing.write_png(made / f"{name}.png")


def write_tables(folder: Path, statistics: Statistics) -> None:
    """Write the tables of the report as CSV; shares are from 0 to 1, as in `stats.json`."""
    for name, rows in tables(statistics).items():
        with atomic_write(folder / f"{name}.csv") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def tables(statistics: Statistics) -> dict[str, list[Sequence[Any]]]:
    """The tables by name, each with a row of column names first."""
    return {
        "headline": _headline(statistics),
        "modes": [EFFECT_COLUMNS, *map(_effect, [statistics.effect, *statistics.modes])],
        "transitions": [
            ["base \\ tuned", *statistics.labels],
            *(
                [label, *row]
                for label, row in zip(statistics.labels, statistics.mean_transitions, strict=True)
            ),
        ],
        "movements": [
            ["task_id", "source", "kind", "base", *statistics.seeds],
            *(
                [m.task_id, m.source, m.kind, m.base, *(m.tuned[s] for s in statistics.seeds)]
                for m in statistics.movements
            ),
        ],
        "arms": [["arm", "against", *EFFECT_COLUMNS], *_arms(statistics)],
    }


def _headline(statistics: Statistics) -> list[Sequence[Any]]:
    modes = statistics.modes
    rows: list[Sequence[Any]] = [
        ["model", "passes", "pass_at_1", "fixed", "broken", *(mode.metric for mode in modes)],
        [
            "base",
            statistics.base_passes,
            statistics.base_pass_at_1,
            "",
            "",
            *(mode.before for mode in modes),
        ],
    ]
    for place, name in enumerate(statistics.seeds):
        test = statistics.seed_tests[name]
        rows.append(
            [
                name,
                statistics.tuned_passes.values[place],
                statistics.tuned_pass_at_1.values[place],
                len(test.fixed),
                len(test.broken),
                *(mode.after.values[place] for mode in modes),
            ]
        )
    return rows


def _effect(effect: Effect) -> list[Any]:
    values = {
        **effect.model_dump(),
        "after_mean": effect.after.mean,
        "after_sd": effect.after.sd,
    }
    return [values[column] for column in EFFECT_COLUMNS]


def _arms(statistics: Statistics) -> Iterable[list[Any]]:
    for arm in statistics.arms:
        for other, effects in (("base", arm.against_base), ("curated", arm.against_curated)):
            for effect in effects:
                yield [arm.name, other, *_effect(effect)]


def write_failures(
    path: Path, base: Evaluation, arms: Mapping[str, Mapping[str, Evaluation]]
) -> None:
    """Write a CSV file with one row per problem and model: the base model's rows, then those of
    each arm and seed.

    Args:
        arms: evaluations by arm and seed, `curated` among them.
    """
    with atomic_write(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FAILURE_COLUMNS)
        writer.writerows(failure_rows(base, arms))


def failure_rows(
    base: Evaluation, arms: Mapping[str, Mapping[str, Evaluation]]
) -> Iterator[tuple[str | int, ...]]:
    """The rows of `write_failures`, in the order of `FAILURE_COLUMNS`."""
    labels = {result.task_id: result.labels[0] for result in base.problems}
    models = [("", "base", base)]
    models += [(arm, name, one) for arm, seeds in arms.items() for name, one in seeds.items()]
    for arm, name, evaluation in models:
        for result in evaluation.problems:
            before, after = labels[result.task_id], result.labels[0]
            yield (
                arm,
                name,
                result.task_id,
                result.source,
                after,
                result.labels.count(PASS),
                len(result.labels),
                before,
                _transition(before, after),
            )


def _transition(before: str, after: str) -> str:
    if before == after:
        return "same"
    if after == PASS:
        return "fixed"
    return "broken" if before == PASS else "fails otherwise"
