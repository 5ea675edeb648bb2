"""Decoding many completions at once: the loop around a transformers model.

A prompt is computed once for all of its samples. As sequences end, the next prompts take their
slots. Every draw has its own random number, which depends on the seed, the problem, the sample and
the position, so that the make-up of a batch does not change what is drawn.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from failpairs.slots import SlotCache

WORTH_KEEPING = 0.8  # share of live slots below which the batch is made smaller


@dataclass(frozen=True)
class Generation:
    """How to draw: all settings that decide the result.

    `temperature` 0 is greedy; `top_p` is the share of probability kept; at most `max_new_tokens`
    are drawn, and `eos_token_ids` end a sequence.
    """

    n_samples: int
    temperature: float
    top_p: float
    max_new_tokens: int
    seed: int
    eos_token_ids: tuple[int, ...]


@dataclass
class Draft:
    """One completion on its way: its tokens so far and their summed log-probability in nats."""

    prompt_index: int
    sample_index: int
    uniforms: np.ndarray
    tokens: list[int] = field(default_factory=list)
    sum_logprob: float = 0.0
    finish_reason: str | None = None


def uniforms(seed: int, task_id: str, sample_index: int, count: int) -> np.ndarray:
    """The `count` uniform numbers in [0, 1) that draw a sample's tokens; a longer list begins with
    the shorter one."""
    key = hashlib.sha256(f"{seed}\0{task_id}\0{sample_index}".encode()).digest()[:16]
    philox = np.random.Philox(key=int.from_bytes(key, "big"))
    return np.random.Generator(philox).random(count)


def draw(logits: torch.Tensor, u: torch.Tensor, temperature: float, top_p: float) -> torch.Tensor:
    """One token for each row, by inversion of the cumulative distribution at `u`.

    Args:
        logits: (batch, vocabulary). u: (batch,), uniform numbers in [0, 1).

    Returns:
        (batch,) token ids; the most likely ones where `temperature` is 0.
    """
    if temperature == 0:
        return logits.argmax(dim=-1)
    probabilities = torch.softmax(logits / temperature, dim=-1)
    if top_p < 1:
        ordered, order = probabilities.sort(dim=-1, descending=True, stable=True)
        outside = ordered.cumsum(dim=-1) - ordered >= top_p
        ordered = ordered.masked_fill(outside, 0.0)
        probabilities = torch.zeros_like(probabilities).scatter(-1, order, ordered)
    cumulative = probabilities.cumsum(dim=-1, dtype=torch.float64)
    total = cumulative[:, -1:]
    # Rounding must not make the target the total, which no token's share reaches beyond.
    below_total = torch.nextafter(total, torch.zeros_like(total))
    target = torch.minimum(u.to(cumulative)[:, None] * total, below_total)
    return torch.searchsorted(cumulative, target, right=True).squeeze(-1)


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
    rows: list[Draft | None] = [None] * cache.mask.shape[0]
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
                rows[slot] = Draft(index, sample_index, u)
        live = [slot for slot, row in enumerate(rows) if row is not None]
        if not live or logits is None:
            return
        drafts = [row for row in rows if row is not None]
        tokens = torch.zeros(len(rows), dtype=torch.long, device=logits.device)
        tokens[live] = _extend(drafts, logits[live], generation, is_complete)
        for slot, draft in zip(live, drafts, strict=True):
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
    rows: list[Draft],
    logits: torch.Tensor,
    generation: Generation,
    is_complete: Callable[[list[int]], bool],
) -> torch.Tensor:
    """Draw one token for each row, record it, and mark the rows that end with it."""
    logits = logits.float()
    u = torch.tensor([row.uniforms[len(row.tokens)] for row in rows], device=logits.device)
    tokens = draw(logits, u, generation.temperature, generation.top_p)
    chosen = logits.gather(-1, tokens[:, None]).squeeze(-1)
    logprobs = (chosen - logits.logsumexp(dim=-1)).tolist()
    for row, token, logprob in zip(rows, tokens.tolist(), logprobs, strict=True):
        row.tokens.append(token)
        row.sum_logprob += logprob
        if token in generation.eos_token_ids:
            row.finish_reason = "eos"
        elif is_complete(row.tokens):
            row.finish_reason = "stop"
        elif len(row.tokens) == generation.max_new_tokens:
            row.finish_reason = "length"
    return tokens
