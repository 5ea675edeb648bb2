"""What trainings did to the held-out pairs, which no adapter was trained on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from failpairs.statistics.paired_tests import Spread, spread

Curves = Mapping[str, Sequence[dict[str, Any]]]  # rows of `train_log.jsonl` by seed


class HeldOut(BaseModel):
    """The share of held-out pairs whose chosen side gained on the rejected one (reward accuracy),
    and how much likelier their chosen sides became (nats per token), over the seeds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accuracy: Spread
    chosen_change: Spread


def last_rows(curves: Curves, seeds: Iterable[str]) -> list[dict[str, Any]]:
    """The last row of each seed, empty where it has none."""
    return [rows[-1] if (rows := curves.get(seed)) else {} for seed in seeds]


def held_out(last: Iterable[Mapping[str, Any]]) -> HeldOut | None:
    """Summary over the last rows of the `train_log.jsonl` of several seeds; None where a row does
    not have both values.

    Example:
        >>> row = {"held_out_reward_accuracy": 0.75, "held_out_chosen_change": -0.5}
        >>> held_out([row, row]).chosen_change.mean, held_out([row, {}])
        (-0.5, None)
    """
    names = ("held_out_reward_accuracy", "held_out_chosen_change")
    values = [[row.get(name) for name in names] for row in last]
    if not values or any(value is None for row in values for value in row):
        return None
    accuracy, change = (spread(column) for column in zip(*values, strict=True))
    return HeldOut(accuracy=accuracy, chosen_change=change)
