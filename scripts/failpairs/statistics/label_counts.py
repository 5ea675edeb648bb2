"""The labels of several models on the same problems, as arrays, and the change of one of them."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from failpairs.errors import InputError
from failpairs.labels import LABELS, Label
from failpairs.statistics.arrays import Ints
from failpairs.statistics.effects import Criteria, Effect, Role, measure
from failpairs.statistics.evaluation import Evaluation, label_counts

DECLARED_MODES = (Label.NAME_ERROR, Label.ASSERTION_FAIL)


class LabelCounts:
    """The labels of some models on the same problems.

    Attributes:
        first: place in the taxonomy of the label of each first sample, (models, problems).
        n_samples: of each problem. Where their numbers differ, their least common multiple, to
            which all counts are scaled, so that every problem counts by the shares of its samples.
    """

    def __init__(self, evaluations: Sequence[Evaluation]) -> None:
        self.first = np.array(
            [[LABELS.index(result.labels[0]) for result in one.problems] for one in evaluations]
        )
        found = np.array([label_counts(one.problems) for one in evaluations])
        numbers = found.sum(axis=2, keepdims=True)
        self.n_samples = int(np.lcm.reduce(numbers.ravel()))
        self._counts = found * (self.n_samples // numbers)

    def counts(self, label: Label) -> Ints:
        """Samples with a label, (models, problems)."""
        counts: Ints = self._counts[:, :, LABELS.index(label)]
        return counts

    def occurs(self, label: Label) -> bool:
        """Whether any sample has a label."""
        return bool(self.counts(label).any())


def counts_of_both(label: Label, before: LabelCounts, after: LabelCounts) -> tuple[Ints, Ints, int]:
    """Samples with a label before and after, (models, problems) each, and of how many they are."""
    unit = math.lcm(before.n_samples, after.n_samples)
    scaled = [each.counts(label) * (unit // each.n_samples) for each in (before, after)]
    return scaled[0], scaled[1], unit


def effect_on(
    label: Label,
    role: Role,
    before: LabelCounts,
    after: LabelCounts,
    criteria: Criteria,
    subject: str = "",
) -> Effect:
    """The change of one label's share, judged on its own."""
    return measure(label, role, *counts_of_both(label, before, after), criteria, subject)


def in_order_of(
    base: Evaluation, seeds: Mapping[str, Evaluation], where: str = ""
) -> dict[str, Evaluation]:
    """The same evaluations with their problems in the order of the base model's.

    Args:
        where: what stands before a seed's name in a message.

    Raises:
        InputError: one has other problems than the base model.
    """
    ordered = {}
    for name, tuned in seeds.items():
        by_id = {result.task_id: result for result in tuned.problems}
        differing = {result.task_id for result in base.problems} ^ by_id.keys()
        if differing:
            raise InputError(
                f"base and {where}{name} were not both evaluated on {min(differing)!r}"
            )
        problems = [by_id[result.task_id] for result in base.problems]
        ordered[name] = tuned.model_copy(update={"problems": problems})
    return ordered
