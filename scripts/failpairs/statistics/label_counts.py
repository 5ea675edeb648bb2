"""The labels of several models on the same problems, as arrays, and the change of one of them."""

from collections.abc import Mapping, Sequence

import numpy as np

from failpairs.errors import InputError
from failpairs.labels import Label
from failpairs.statistics.arrays import Ints
from failpairs.statistics.effects import Criteria, Effect, Role, measure
from failpairs.statistics.evaluation import Evaluation, label_codes, occurrences

DECLARED_MODES = (Label.NAME_ERROR, Label.ASSERTION_FAIL)


class LabelCounts:
    """The labels of some models on the same problems: `codes` (models, problems, samples) holds
    their places in the taxonomy."""

    def __init__(self, evaluations: Sequence[Evaluation]) -> None:
        self.codes = np.array([label_codes(one.problems) for one in evaluations])
        self.n_samples = self.codes.shape[2]

    def counts(self, label: Label) -> Ints:
        """Samples with a label, (models, problems)."""
        return np.array([occurrences(codes, label) for codes in self.codes])

    def occurs(self, label: Label) -> bool:
        """Whether any sample has a label."""
        return bool(self.counts(label).any())


def effect_on(
    label: Label,
    role: Role,
    before: LabelCounts,
    after: LabelCounts,
    criteria: Criteria,
    subject: str = "",
) -> Effect:
    """The change of one label's share, judged on its own."""
    return measure(
        label, role, before.counts(label), after.counts(label), before.n_samples, criteria, subject
    )


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
