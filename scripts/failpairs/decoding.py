"""Decoding many completions at once: the loop around a transformers model.

A prompt is computed once for all of its samples. As sequences end, the next prompts take their
slots.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from failpairs.drawing import Draft, Generation, draw, uniforms
from failpairs.slots import SlotCache

WORTH_KEEPING = 0.8  # share of live slots below which the batch is made smaller


@dataclass(frozen=True)
class _Row:
    """A slot in use: its draft, and the random numbers that draw it."""

    draft: Draft
    uniforms: np.ndarray


@torch.inference_mode()
def decode(
    model: Any,
    prompts: Sequence[tuple[str, list[int]]],
    generation: Generation,
    is_complete: Callable[[list[int]], bool],
    batch_size: int,
) -> Iterator[list[Draft]]:
    """Draw `n_samples` completions of each prompt.

    Args:
        prompts: (task id, token ids) of each prompt.
        is_complete: says of a sequence's tokens so far that a stop text has been written.
        batch_size: sequences decoded at once. A prompt's samples start together, in as many groups
            as are needed to fit in.

    Yields:
        the finished samples of one prompt, in order of their index; prompts in the order in which
        they finish.
    """
    k = generation.n_samples
    groups = _groups(k, len(prompts), batch_size)
    largest = len(groups[0][1]) if groups else 0
    cache = SlotCache(model, largest * min(batch_size // max(1, largest), len(groups)))
    rows: list[_Row | None] = [None] * cache.mask.shape[0]
    waiting = groups[::-1]
    finished: dict[int, list[Draft]] = {}
    logits: torch.Tensor | None = None  # of the next token, (slots, vocabulary)
    while True:
        free = [slot for slot, row in enumerate(rows) if row is None]
        while waiting and len(free) >= len(waiting[-1][1]):
            index, numbers = waiting.pop()
            task_id, ids = prompts[index]
            slots, free = free[: len(numbers)], free[len(numbers) :]
            prompt_logits = cache.prefill(ids, slots)
            if logits is None:
                logits = prompt_logits.new_zeros(len(rows), len(prompt_logits))
            logits[slots] = prompt_logits
            for sample_index, slot in zip(numbers, slots, strict=True):
                u = uniforms(generation.seed, task_id, sample_index, generation.max_new_tokens)
                rows[slot] = _Row(Draft(index, sample_index), u)
        live = [slot for slot, row in enumerate(rows) if row is not None]
        if not live or logits is None:
            return
        used = [row for row in rows if row is not None]
        tokens = torch.zeros(len(rows), dtype=torch.long, device=logits.device)
        tokens[live] = _extend(used, logits[live], generation, is_complete)
        for slot, draft in zip(live, (row.draft for row in used), strict=True):
            if draft.finish_reason is not None:
                rows[slot] = None
                done = finished.setdefault(draft.prompt_index, [])
                done.append(draft)
                if len(done) == k:
                    yield sorted(finished.pop(draft.prompt_index), key=lambda d: d.sample_index)
        live = [slot for slot, row in enumerate(rows) if row is not None]
        if live and not waiting and len(live) <= WORTH_KEEPING * len(rows):
            cache.keep(live)
            rows = [rows[slot] for slot in live]
            tokens, live = tokens[live], list(range(len(live)))
        if live:
            logits = cache.step(tokens, live)


def _groups(n_samples: int, n_prompts: int, batch_size: int) -> list[tuple[int, range]]:
    """The samples that start together: the number of their prompt, and theirs."""
    size = min(n_samples, batch_size)
    starts = range(0, n_samples, size)
    return [
        (prompt, range(start, min(start + size, n_samples)))
        for prompt in range(n_prompts)
        for start in starts
    ]


def _extend(
    rows: list[_Row],
    logits: torch.Tensor,
    generation: Generation,
    is_complete: Callable[[list[int]], bool],
) -> torch.Tensor:
    """Draw one token for each row and record it."""
    logits = logits.float()
    u = torch.tensor([row.uniforms[len(row.draft.tokens)] for row in rows], device=logits.device)
    tokens = draw(logits, u, generation.temperature, generation.top_p)
    chosen = logits.gather(-1, tokens[:, None]).squeeze(-1)
    logprobs = (chosen - logits.logsumexp(dim=-1)).tolist()
    for row, token, logprob in zip(rows, tokens.tolist(), logprobs, strict=True):
        row.draft.add(token, logprob, generation, is_complete)
    return tokens
