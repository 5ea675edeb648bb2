"""What the steps of decoding cost, measured in a short piece of it."""

import heapq
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import nnls

from failpairs.planning.rates import DecodingCost, Rates


class Call(NamedTuple):
    """A call of a model: sequences, new tokens of each, and the seconds until the next call."""

    rows: int
    columns: int
    seconds: float


@contextmanager
def timed_calls(model: Any) -> Iterator[list[Call]]:
    """Fills a list with the calls of a transformers model; the last one is left out."""
    calls: list[Call] = []
    begun: list[tuple[float, int, int]] = []

    def note(_module: Any, args: Any) -> None:
        now = time.monotonic()
        for start, rows, columns in begun:
            calls.append(Call(rows, columns, now - start))
        begun[:] = [(now, *args[0].shape)]

    handle = model.register_forward_pre_hook(note)
    try:
        yield calls
    finally:
        handle.remove()


def fitted(calls: Sequence[Call]) -> DecodingCost:
    """The costs that explain the calls best, none of them negative.

    Example:
        >>> cost = fitted([Call(2, 50, 1.0), Call(1, 1, 0.3), Call(3, 1, 0.5)])
        >>> [round(seconds, 6) for seconds in cost]
        [0.01, 0.2, 0.1]
    """
    prompts = [call for call in calls if call.columns > 1]
    steps = [call for call in calls if call.columns == 1]
    tokens = sum(call.rows * call.columns for call in prompts)
    per_step = per_token = 0.0
    if steps:
        rows = np.array([[1.0, call.rows] for call in steps])
        per_step, per_token = nnls(rows, np.array([call.seconds for call in steps]))[0].tolist()
    per_prompt_token = sum(call.seconds for call in prompts) / tokens if tokens else 0.0
    return DecodingCost(per_prompt_token, per_step, per_token)


def steps_of(lengths: Sequence[int], slots: int) -> int:
    """Steps in which sequences of these lengths are decoded, each in the next slot that is free.

    Example:
        >>> steps_of([3, 1, 1, 2], 2)
        4
    """
    ends = [0] * slots
    for length in lengths:
        heapq.heapreplace(ends, ends[0] + length)
    return max(ends)


def seconds_to_decode(rates: Rates, n_prompts: int, n_samples: int, slots: int) -> float:
    """Seconds for the samples of some prompts.

    Args:
        n_samples: of each prompt.
        slots: sequences that are decoded together.
    """
    drawn = random.Random(0).choices(rates.lengths, k=n_prompts * n_samples)
    cost = rates.decoding
    return (
        n_prompts * rates.prompt_tokens * cost.per_prompt_token
        + steps_of(drawn, slots) * cost.per_step
        + sum(drawn) * cost.per_token
    )
