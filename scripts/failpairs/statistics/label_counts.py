"""The labels of several models on the same problems, as arrays, and the change of one of them."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from failpairs.errors import InputError
from failpairs.labels import LABELS, PASS, Label
from failpairs.statistics.arrays import Ints
from failpairs.statistics.effects import Criteria, Effect, Role, measure
from failpairs.statistics.evaluation import Evaluation, label_counts

FINEST = 10_000  # of a sample; the tests take time with the number of samples
DECLARED_MODES = (Label.NAME_ERROR, Label.ASSERTION_FAIL)


class LabelCounts:
    """The labels of some models on the same problems.

    Attributes:
        first: place in the taxonomy of the label of each first sample, (models, problems).
        n_samples: of each problem. Where their numbers differ, a common number to which all counts
            are scaled, so that every problem counts by the shares of its samples.
    """

    def __init__(self, evaluations: Sequence[Evaluation]) -> None:
        self.first = np.array(
            [[LABELS.index(result.labels[0]) for result in one.problems] for one in evaluations]
        )
        found = np.array([label_counts(one.problems) for one in evaluations])
        numbers = found.sum(axis=2, keepdims=True)
        self.n_samples = common_number(numbers.ravel().tolist())
        self._counts = np.rint(found * (self.n_samples / numbers)).astype(np.int64)

    def counts(self, label: Label) -> Ints:
        """Samples with a label, (models, problems)."""
        counts: Ints = self._counts[:, :, LABELS.index(label)]
        return counts

    def occurs(self, label: Label) -> bool:
        """Whether any sample has a label."""
        return bool(self.counts(label).any())

    def failures(self) -> dict[Label, float]:
        """The number of problems by failure mode, each problem by the share of its samples, mean of
        the models; of the modes that occur."""
        return {
            label: float(self.counts(label).sum() / self.n_samples / len(self.first))
            for label in LABELS
            if label != PASS and self.occurs(label)
        }


def counts_of_both(label: Label, before: LabelCounts, after: LabelCounts) -> tuple[Ints, Ints, int]:
    """Samples with a label before and after, (models, problems) each, and of how many they are."""
    unit = common_number([before.n_samples, after.n_samples])
    scaled = [
        np.rint(each.counts(label) * (unit / each.n_samples)).astype(np.int64)
        for each in (before, after)
    ]
    return scaled[0], scaled[1], unit


def common_number(numbers: Sequence[int]) -> int:
    """A number of samples that shares of several numbers can be written with: their least common
    multiple, or where that is larger 10,000, to which shares are then rounded.

    Example:
        >>> common_number([10, 10, 200]), common_number([199, 200])
        (200, 10000)
    """
    return min(math.lcm(*{*numbers}), FINEST)


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
