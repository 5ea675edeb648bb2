"""Decoding many completions at once: the loop around a transformers model.

A prompt is computed once for all of its samples, together with others of about its length. As
sequences end, the next samples take their slots, one by one. A step waits for the device once, for
the tokens that were drawn.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import torch

from failpairs.models.memory_estimate import PREFILL_TOKENS
from failpairs.sampling.kv_cache import Prompt, SlotCache, compute_prompts, on_device
from failpairs.sampling.token_draws import Draft, Generation, draw_tokens, uniforms

NONE: Mapping[str, int] = {}
WORTH_KEEPING = 0.8  # share of live slots below which the batch is made smaller


@dataclass(frozen=True)
class _Row:
    """A slot in use: its draft, and the random numbers that draw it."""

    draft: Draft
    uniforms: np.ndarray


class _Start(NamedTuple):
    """A sample that is to be drawn, and its prompt, computed once for all samples of it."""

    prompt_index: int
    prompt: Prompt
    number: int


@torch.inference_mode()
def decode(
    model: Any,
    prompts: Sequence[tuple[str, list[int]]],
    generation: Generation,
    is_complete: Callable[[list[int]], bool],
    batch_size: int,
    drawn: Mapping[str, int] = NONE,
) -> Iterator[list[Draft]]:
    """Draw `n_samples` completions of each prompt, or those of them that are missing.

    Args:
        prompts: (task id, token ids) of each prompt.
        is_complete: says of a sequence's tokens so far that a stop text has been written.
        batch_size: sequences decoded at once; a sample starts as soon as a slot is free.
        drawn: how many samples of a task are there already, fewer than `n_samples`.

    Yields:
        the finished samples of one prompt, in order of their index; prompts in the order in which
        they finish.
    """
    numbers = [range(drawn.get(task_id, 0), generation.n_samples) for task_id, _ in prompts]
    n_slots = min(batch_size, sum(map(len, numbers)))
    cache = SlotCache(model, n_slots)
    rows: list[_Row | None] = [None] * n_slots
    starts, are_left = _starts(model, prompts, numbers, batch_size), True
    finished: dict[int, list[Draft]] = {}
    logits: torch.Tensor | None = None  # of the next token, (slots, vocabulary)
    while True:
        free = [slot for slot, row in enumerate(rows) if row is None]
        starting = [*zip(free, starts, strict=False)] if are_left else []
        are_left = are_left and len(starting) == len(free)
        for index, same in groupby(starting, key=lambda each: each[1].prompt_index):
            slots, started = zip(*same, strict=True)
            prompt = started[0].prompt
            cache.place(prompt, [*slots])
            if logits is None:
                logits = prompt.logits.new_zeros(len(rows), len(prompt.logits))
            logits[on_device([*slots], logits.device)] = prompt.logits
            for slot, start in zip(slots, started, strict=True):
                task_id = prompts[index][0]
                u = uniforms(generation.seed, task_id, start.number, generation.max_new_tokens)
                rows[slot] = _Row(Draft(index, start.number), u)
        live = [slot for slot, row in enumerate(rows) if row is not None]
        if not live or logits is None:
            return
        used = [row for row in rows if row is not None]
        if len(live) == len(rows):
            tokens = _extend(used, logits, generation, is_complete)
        else:
            index = on_device(live, logits.device)
            found = _extend(used, logits[index], generation, is_complete)
            tokens = found.new_zeros(len(rows)).index_copy_(0, index, found)
        for slot, draft in zip(live, (row.draft for row in used), strict=True):
            if draft.finish_reason is not None:
                rows[slot] = None
                done = finished.setdefault(draft.prompt_index, [])
                done.append(draft)
                if len(done) == len(numbers[draft.prompt_index]):
                    yield sorted(finished.pop(draft.prompt_index), key=lambda d: d.sample_index)
        live = [slot for slot, row in enumerate(rows) if row is not None]
        if live and not are_left and len(live) <= WORTH_KEEPING * len(rows):
            cache.keep(live)
            rows = [rows[slot] for slot in live]
            tokens = tokens[on_device(live, tokens.device)]
            live = list(range(len(live)))
        if live:
            logits = cache.step(tokens, live)


def _starts(
    model: Any,
    prompts: Sequence[tuple[str, list[int]]],
    numbers: Sequence[range],
    batch_size: int,
) -> Iterator[_Start]:
    """The samples of all prompts, which are computed as many at once as the token budget allows;
    the longest come first, so that those of a batch are about as long."""
    waiting = sorted(range(len(prompts)), key=lambda i: len(prompts[i][1]))
    while waiting:
        batch = [waiting.pop()]
        most = min(batch_size, PREFILL_TOKENS // max(1, len(prompts[batch[0]][1])))
        while waiting and len(batch) < most:
            batch.append(waiting.pop())
        computed = compute_prompts(model, [prompts[i][1] for i in batch])
        for index, prompt in zip(batch, computed, strict=True):
            yield from (_Start(index, prompt, number) for number in numbers[index])


def _extend(
    rows: list[_Row],
    logits: torch.Tensor,
    generation: Generation,
    is_complete: Callable[[list[int]], bool],
) -> torch.Tensor:
    """Draw one token for each row and record it."""
    logits = logits.float()
    u = on_device([row.uniforms[len(row.draft.tokens)] for row in rows], logits.device)
    tokens = draw_tokens(logits, u, generation.temperature, generation.top_p)
    chosen = logits.gather(-1, tokens[:, None]).squeeze(-1)
    logprobs = chosen - logits.logsumexp(dim=-1)
    # Both in one copy from the device; a double holds either exactly.
    for row, (token, logprob) in zip(
        rows, torch.stack([tokens.double(), logprobs.double()], dim=1).tolist(), strict=True
    ):
        row.draft.add(int(token), logprob, generation, is_complete)
    return tokens
