"""The order in which a training run sees its pairs."""

import math
import random
from collections import Counter
from collections.abc import Sequence

from failpairs.training.encoding import Encoded


def training_order(
    lengths: Sequence[int],
    batch_size: int,
    epochs: float,
    seed: int,
    turns: Sequence[int] | None = None,
) -> list[list[int]]:
    """The pairs of each optimiser step, by number.

    They are shuffled anew for each epoch and cut into steps, so that only the last step of all can
    be short. Within a step they stand by length: what is in memory at once is then of one size, and
    however a step is divided, it is the same step.

    Args:
        lengths: tokens of each pair.
        epochs: passes over the pairs; a fraction is a part of a pass.
        seed: decides the order.
        turns: of each pair, when its turn comes in an epoch; without them it is chance alone.
    """
    draw = random.Random(seed)
    order: list[int] = []
    total = max(1, round(len(lengths) * epochs))
    while len(order) < total:
        epoch = draw.sample(range(len(lengths)), len(lengths))
        order += epoch if turns is None else sorted(epoch, key=turns.__getitem__)
    steps = [order[i : min(i + batch_size, total)] for i in range(0, total, batch_size)]
    return [by_length(step, lengths) for step in steps]


def by_length(step: Sequence[int], lengths: Sequence[int]) -> list[int]:
    """The pairs of a step in the order of their lengths, and equal ones by number."""
    return sorted(step, key=lambda number: (lengths[number], number))


def turns_of(labels: Sequence[str | None], order: str) -> list[int] | None:
    """When the turn of each pair comes, by the label of its rejected side; None for `shuffled`.

    After AP2O (arXiv 2510.02393), which takes one type of error after the other: the rarest first
    for small models, and the most common first for large ones. `replay` begins as `rare_first`
    does (`replay.py`).

    Example:
        >>> turns_of(["STUB", "TIMEOUT", "STUB"], "common_first")
        [0, 1, 0]
        >>> turns_of(["STUB", "TIMEOUT", "STUB"], "rare_first")
        [1, 0, 1]
    """
    if order == "shuffled":
        return None
    counts = Counter(label or "" for label in labels)
    sign = -1 if order == "common_first" else 1
    ranked = sorted(counts, key=lambda label: (sign * counts[label], label))
    return [ranked.index(label or "") for label in labels]


def weighted(
    rows: Sequence[Encoded], last: int, micro_batch_size: int, processes: int
) -> list[Encoded]:
    """Rows in the order of training, so many that all processes have as many micro-batches.

    Args:
        last: number of rows of the last step, which can be short.

    Returns:
        the rows with the `weight` of their micro-batch: 1, but in a step with micro-batches that
        only keep a process busy 0 for these, and for the others what makes up for them.

    Example:
        >>> [row["weight"] for row in weighted([{}] * 6, 2, 2, 2)]
        [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 0.0, 0.0]
    """
    n_last = math.ceil(last / micro_batch_size)
    n_even = math.ceil(n_last / processes) * processes
    n_idle = n_even * micro_batch_size - last if n_even > n_last else 0
    return [
        *({**row, "weight": 1.0} for row in rows[:-last]),
        *({**row, "weight": n_even / n_last} for row in rows[-last:]),
        *[{**rows[-last], "weight": 0.0}] * n_idle,
    ]
