"""Replay of failure modes that a run has not learned, after AP2O-Coder (arXiv 2510.02393).

The plan takes one failure mode after the other. Each measurement on the held-out pairs is an exam:
pairs of the modes that failed it come again in all steps up to the next exam.
"""

import math
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from failpairs.training.pair_order import by_length
from failpairs.training.train_log import Row
from failpairs.training.tuning import standard_error

REPLAYED = 0.5  # share of the places of a step, rounded down to whole places

Exams = Mapping[int, Sequence[str]]  # the modes that failed, by the number of steps before the exam


def exams_of(rows: Sequence[Row]) -> Exams:
    """The exams in a training log.

    Example:
        >>> exams_of([{"step": 3}, {"step": 4, "replayed": ["STUB"]}])
        {4: ['STUB']}
    """
    return {row["step"]: row["replayed"] for row in rows if "replayed" in row}


def not_learned(
    margins: Sequence[float], modes: Sequence[str], begun: Collection[str]
) -> list[str]:
    """The failure modes that fail an exam: their turn has begun, and the mean margin of their
    held-out pairs is not above 0 by more than its standard error; for a single pair, whose standard
    error is unknown, it is not above 0. A mode without held-out pairs never fails.

    Args:
        margins: reward margin of each held-out pair.
        modes: failure mode of each held-out pair.
        begun: the modes whose turn has begun.

    Example:
        >>> modes = ["STUB", "STUB", "TIMEOUT", "TIMEOUT", "NAME_ERROR"]
        >>> not_learned([0.3, 0.2, 0.9, -0.7, 0.0], modes, {"STUB", "TIMEOUT"})
        ['TIMEOUT']
    """
    failed = []
    for mode in sorted({*begun} & {*modes}):
        own = [margin for margin, other in zip(margins, modes, strict=True) if other == mode]
        if not sum(own) / len(own) > (standard_error(own) or 0.0):
            failed.append(mode)
    return failed


@dataclass(frozen=True)
class Replay:
    """The order of a run with replay.

    Attributes:
        plan: the pairs of each step by number, as of `training_order`, if nothing is replayed.
        modes: failure mode of each training pair.
        lengths: tokens of each training pair.
        held_out_modes: failure mode of each held-out pair.
        seed: decides, with the number of a step, which pairs are replayed in it.
    """

    plan: Sequence[Sequence[int]]
    modes: Sequence[str]
    lengths: Sequence[int]
    held_out_modes: Sequence[str]
    seed: int

    def pairs_of_step(self, step: int, exams: Exams) -> list[int]:
        """The pairs of a step, by number: those of the plan that come next, and pairs of the modes
        that failed the last exam. There are as many as the plan has in this step.

        Args:
            step: number of the steps before this one.
            exams: all exams before this step.
        """
        n_replayed = self._n_replayed(step, exams)
        planned = self._planned(step + 1, exams)[self._n_planned(step, exams) :]
        failed = _last_failed(step, exams)
        pool = [number for number, mode in enumerate(self.modes) if mode in failed]
        # No pair of the pool comes twice in a step before all the others have come.
        repeated = pool * math.ceil(n_replayed / max(1, len(pool)))
        replayed = random.Random(f"{self.seed} {step}").sample(repeated, n_replayed)
        return by_length([*planned, *replayed], self.lengths)

    def failed(self, margins: Sequence[float], step: int, exams: Exams) -> list[str]:
        """The modes that fail an exam after a number of steps.

        Args:
            margins: reward margin of each held-out pair.
            exams: all exams before this one.
        """
        begun = {self.modes[number] for number in self._planned(step, exams)}
        return not_learned(margins, self.held_out_modes, begun)

    def _planned(self, step: int, exams: Exams) -> list[int]:
        """The planned pairs of all steps before this one: replay moves the others back."""
        queue = [number for pairs in self.plan for number in pairs]
        return queue[: self._n_planned(step, exams)]

    def _n_planned(self, step: int, exams: Exams) -> int:
        return sum(len(self.plan[i]) - self._n_replayed(i, exams) for i in range(step))

    def _n_replayed(self, step: int, exams: Exams) -> int:
        return int(REPLAYED * len(self.plan[step])) if _last_failed(step, exams) else 0


def _last_failed(step: int, exams: Exams) -> Sequence[str]:
    """The modes that failed the last exam before a step; none before the first exam."""
    last = max((at for at in exams if at <= step), default=None)
    return [] if last is None else exams[last]
