"""Decoding many completions at once: the loop around a transformers model.

A prompt is computed once for all of its samples. A sequence leaves the batch at the step it ends,
and the next prompts take its place. Every draw has its own random number, which depends on the seed,
the problem, the sample and the position, so that the make-up of a batch does not change what is drawn.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from transformers import DynamicCache


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
    probabilities = torch.softmax(logits.double() / temperature, dim=-1)
    if top_p < 1:
        ordered, order = probabilities.sort(dim=-1, descending=True, stable=True)
        outside = ordered.cumsum(dim=-1) - ordered >= top_p
        ordered = ordered.masked_fill(outside, 0.0)
        probabilities = torch.zeros_like(probabilities).scatter(-1, order, ordered)
    cumulative = probabilities.cumsum(dim=-1)
    target = u.to(cumulative)[:, None] * cumulative[:, -1:]
    return torch.searchsorted(cumulative, target, right=True).squeeze(-1)


class _Batch:
    """The sequences that are being decoded, their shared cache and attention mask (left-padded)."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._cache: DynamicCache | None = None
        self._mask = torch.zeros(0, 0, dtype=torch.long)
        self.rows: list[Draft] = []

    def admit(self, prompt_ids: list[int], rows: list[Draft]) -> torch.Tensor:
        """Compute a prompt once, add its rows, and return their next-token logits."""
        ids = torch.tensor([prompt_ids], device=self._model.device)
        cache = DynamicCache()
        out = self._model(ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
        cache.batch_repeat_interleave(len(rows))
        mask = torch.ones(len(rows), len(prompt_ids), dtype=torch.long, device=ids.device)
        if self._cache is None or not self.rows:
            self._cache, self._mask = cache, mask
        else:
            self._join(cache, mask)
        self.rows += rows
        logits: torch.Tensor = out.logits[:, -1].expand(len(rows), -1)
        return logits

    def _join(self, cache: DynamicCache, mask: torch.Tensor) -> None:
        assert self._cache is not None
        width = max(self._mask.shape[1], mask.shape[1])
        self._mask = torch.cat([_pad_left(self._mask, width), _pad_left(mask, width)])
        for old, new in zip(self._cache.layers, cache.layers, strict=True):
            old.keys = torch.cat([_pad_left(x.keys, width, -2) for x in (old, new)])
            old.values = torch.cat([_pad_left(x.values, width, -2) for x in (old, new)])

    def step(self, tokens: torch.Tensor) -> torch.Tensor:
        """Feed each row its last token and return the next-token logits, (batch, vocabulary)."""
        self._mask = F.pad(self._mask, (0, 1), value=1)
        out = self._model(
            tokens[:, None],
            attention_mask=self._mask,
            position_ids=self._mask.sum(dim=1, keepdim=True) - 1,
            past_key_values=self._cache,
            use_cache=True,
        )
        logits: torch.Tensor = out.logits[:, -1]
        return logits

    def keep(self, indices: list[int]) -> None:
        """Keep only these rows, and drop the columns that are padding in all of them."""
        self.rows = [self.rows[i] for i in indices]
        if not self.rows:
            return
        assert self._cache is not None
        chosen = torch.tensor(indices, device=self._mask.device)
        mask = self._mask[chosen]
        first = int(mask.any(dim=0).long().argmax())
        self._mask = mask[:, first:]
        for layer in self._cache.layers:
            layer.keys = layer.keys[chosen, :, first:]
            layer.values = layer.values[chosen, :, first:]


def _pad_left(tensor: torch.Tensor, width: int, dim: int = -1) -> torch.Tensor:
    missing = width - tensor.shape[dim]
    after = [0, 0] * (-1 - dim)
    return F.pad(tensor, [*after, missing, 0]) if missing else tensor


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
        batch_size: sequences decoded at once (a prompt's samples always start together).

    Yields:
        the finished samples of one prompt, in order of their index; prompts in the order in which
        they finish.
    """
    batch = _Batch(model)
    waiting = list(enumerate(prompts))[::-1]
    finished: dict[int, list[Draft]] = {}
    pending: torch.Tensor | None = None  # next-token logits of the rows in the batch
    while waiting or batch.rows:
        parts = [] if pending is None else [pending]
        while waiting and (
            not batch.rows or len(batch.rows) + generation.n_samples <= batch_size
        ):
            index, (task_id, ids) = waiting.pop()
            rows = [
                Draft(index, k, uniforms(generation.seed, task_id, k, generation.max_new_tokens))
                for k in range(generation.n_samples)
            ]
            parts.append(batch.admit(ids, rows))
        tokens = _extend(batch.rows, torch.cat(parts), generation, is_complete)
        alive = [i for i, row in enumerate(batch.rows) if row.finish_reason is None]
        for row in batch.rows:
            if row.finish_reason is not None:
                finished.setdefault(row.prompt_index, []).append(row)
        if len(alive) < len(batch.rows):
            touched = {r.prompt_index for r in batch.rows if r.finish_reason is not None}
            batch.keep(alive)
            for index in sorted(touched):
                if len(finished[index]) == generation.n_samples:
                    yield sorted(finished.pop(index), key=lambda row: row.sample_index)
            tokens = tokens[torch.tensor(alive, dtype=torch.long, device=tokens.device)]
        pending = batch.step(tokens) if batch.rows else None


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
