"""`failures.csv`: how every model fared on every problem, one row each."""

from collections.abc import Iterator, Mapping

from failpairs.labels import PASS
from failpairs.statistics.evaluation import Evaluation

COLUMNS = (
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


def failure_rows(
    base: Evaluation, arms: Mapping[str, Mapping[str, Evaluation]]
) -> Iterator[tuple[str | int, ...]]:
    """Rows of `COLUMNS`: the base model's first, then those of each arm and seed.

    Args:
        arms: evaluations by arm and seed, `curated` among them.
    """
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
