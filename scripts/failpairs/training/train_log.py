"""Training curves as rows of `train_log.jsonl`, and what in them should worry a reader."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]
NOISE = 2  # standard errors
FELL = 0.01  # nats per token; a smaller drop is noise


def flags(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a finished run did that a good one does not, each as a sentence.

    Reward accuracy says that chosen and rejected completions are apart, not that the chosen ones
    became likelier: it can be perfect while both fall.
    """
    found = []
    for prefix, pairs in (("", "training"), ("held_out_", "held-out")):
        measured = [row for row in rows if row.get(f"{prefix}chosen_change") is not None]
        last = measured[-max(1, len(measured) // 4) :] if not prefix else measured[-1:]
        if not last:
            continue
        accuracy = math.fsum(row[f"{prefix}reward_accuracy"] for row in last) / len(last)
        change = math.fsum(row[f"{prefix}chosen_change"] for row in last) / len(last)
        if accuracy == 1 and change < -FELL:
            found.append(
                f"Reward accuracy on {pairs} pairs is 1.0, but the chosen completions became less "
                f"likely: {-change:.3f} nats per token below the reference model."
            )
    if is_idle(rows):
        margin, noise = _held_out_margin(rows[-1])
        found.append(
            "The held-out pairs do not show that this adapter did anything: their reward "
            f"margin is {margin:.4f}, and up to {noise:.4f} would be within its noise."
        )
    return found


def is_idle(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the reward margin of the held-out pairs is within its noise at the end of a run."""
    if not rows or rows[-1].get("held_out_reward_margin") is None:
        return False
    margin, noise = _held_out_margin(rows[-1])
    return margin <= noise


def _held_out_margin(row: Mapping[str, Any]) -> tuple[float, float]:
    """The reward margin of the held-out pairs, and what would be within its noise."""
    error = row.get("held_out_reward_margin_se") or 0.0
    return row["held_out_reward_margin"], NOISE * error


def rounded(values: Mapping[str, Any]) -> Row:
    """Numbers with six significant digits; those that are not finite as None, as JSON wants it."""
    return {key: _rounded(value) for key, value in values.items()}


def _rounded(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return float(f"{value:.6g}") if math.isfinite(value) else None
