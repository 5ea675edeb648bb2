"""The order in which a training run sees its pairs."""

import random
from collections.abc import Sequence


def training_order(
    lengths: Sequence[int], batch_size: int, epochs: float, seed: int
) -> list[list[int]]:
    """The pairs of each optimiser step, by number.

    They are shuffled anew for each epoch and cut into steps, so that only the last step of all can
    be short. Within a step they stand by length: what is in memory at once is then of one size, and
    however a step is divided, it is the same step.

    Args:
        lengths: tokens of each pair.
        epochs: passes over the pairs; a fraction is a part of a pass.
        seed: decides the order.
    """
    draw = random.Random(seed)
    order: list[int] = []
    total = max(1, round(len(lengths) * epochs))
    while len(order) < total:
        order += draw.sample(range(len(lengths)), len(lengths))
    steps = [order[i : min(i + batch_size, total)] for i in range(0, total, batch_size)]
    return [sorted(step, key=lambda number: (lengths[number], number)) for step in steps]
