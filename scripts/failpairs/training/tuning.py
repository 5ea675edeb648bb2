"""Choosing a recipe by measurement: what candidates did to training problems that they never saw.

Evaluation problems have no part in it, so that the choice cannot flatter what is reported of them.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from statistics import variance
from typing import Any

from pydantic import BaseModel, ConfigDict

from failpairs.training.train_log import FELL, Row

RULE = (
    f"A candidate is ruled out if the held-out chosen completions became less likely by more than "
    f"{FELL} nats per token. Of the others the one is chosen with the largest gain in passing "
    "samples of held-out training problems over the base model, and between equals the one with "
    "the larger held-out reward margin."
)


class Candidate(BaseModel):
    """A recipe that was tried, with one seed.

    Attributes:
        values: of the keys of `training` that were tried.
        held_out_margin: mean reward margin of the held-out pairs after training, and its standard
            error over the pairs; None where no pair is held out. `held_out_accuracy` and
            `held_out_chosen_change` (nats per token) are of the same pairs.
        gain: change of the share of passing samples, from the base model's, mean over the held-out
            problems, and its standard error over them; None where none was sampled.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    values: dict[str, Any]
    steps: int
    held_out_margin: float | None
    held_out_margin_se: float | None
    held_out_accuracy: float | None
    held_out_chosen_change: float | None
    gain: float | None
    gain_se: float | None


class Tuning(BaseModel):
    """The content of `tuning.json`: what was tried, and the candidate that was chosen, by its place
    among them, from 0."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    n_pairs: int
    n_problems: int
    n_samples: int
    base_pass_rate: float | None
    candidates: list[Candidate]
    chosen: int

    @property
    def recipe(self) -> dict[str, Any]:
        """The chosen values of the keys that were tried."""
        return self.candidates[self.chosen].values


def grid_points(grid: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """All combinations of values of some keys; none where there are no keys.

    Example:
        >>> grid_points({"learning_rate": [1e-4, 3e-4], "epochs": [2.0]})
        [{'learning_rate': 0.0001, 'epochs': 2.0}, {'learning_rate': 0.0003, 'epochs': 2.0}]
    """
    if not grid:
        return []
    return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]


def candidate(
    values: Mapping[str, Any],
    curve: Sequence[Row],
    base: Mapping[str, float],
    tuned: Mapping[str, float],
) -> Candidate:
    """What a candidate did.

    Args:
        curve: rows of its `train_log.jsonl`.
        base: share of passing samples of the base model, by held-out problem.
        tuned: the same of the candidate.
    """
    last = curve[-1]
    changes = [tuned[task_id] - rate for task_id, rate in base.items()]
    return Candidate(
        values=dict(values),
        steps=last["step"],
        held_out_margin=last.get("held_out_reward_margin"),
        held_out_margin_se=last.get("held_out_reward_margin_se"),
        held_out_accuracy=last.get("held_out_reward_accuracy"),
        held_out_chosen_change=last.get("held_out_chosen_change"),
        gain=math.fsum(changes) / len(changes) if changes else None,
        gain_se=standard_error(changes),
    )


def choose(candidates: Sequence[Candidate]) -> int:
    """The place of the candidate that `RULE` takes. Where all are ruled out, it is the one whose
    chosen completions fell least."""
    fell = [-(each.held_out_chosen_change or 0.0) for each in candidates]
    if min(fell) > FELL:
        return fell.index(min(fell))
    worth = [
        (-math.inf, 0.0) if drop > FELL else (each.gain or 0.0, each.held_out_margin or 0.0)
        for each, drop in zip(candidates, fell, strict=True)
    ]
    return worth.index(max(worth))


def standard_error(values: Sequence[float]) -> float | None:
    """The standard error of a mean; None of fewer than two values.

    Example:
        >>> standard_error([1.0, 3.0])
        1.0
    """
    if len(values) < 2:
        return None
    return math.sqrt(variance(values) / len(values))
