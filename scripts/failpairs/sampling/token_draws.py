"""Drawing tokens.

Every draw has its own random number, which depends on the seed, the problem, the sample and the
position, so that the make-up of a batch does not change what is drawn.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch

BLOCK = 256  # tokens that are summed at once


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
    tokens: list[int] = field(default_factory=list)
    sum_logprob: float = 0.0
    finish_reason: str | None = None

    def add(
        self,
        token: int,
        logprob: float,
        generation: Generation,
        is_complete: Callable[[list[int]], bool],
    ) -> None:
        """Record a token, and mark the draft if it ends with it."""
        self.tokens.append(token)
        self.sum_logprob += logprob
        if token in generation.eos_token_ids:
            self.finish_reason = "eos"
        elif is_complete(self.tokens):
            self.finish_reason = "stop"
        elif len(self.tokens) == generation.max_new_tokens:
            self.finish_reason = "length"


def uniforms(seed: int, task_id: str, sample_index: int, count: int) -> np.ndarray:
    """The `count` uniform numbers in [0, 1) that draw a sample's tokens; a longer list begins with
    the shorter one."""
    key = hashlib.sha256(f"{seed}\0{task_id}\0{sample_index}".encode()).digest()[:16]
    philox = np.random.Philox(key=int.from_bytes(key, "big"))
    return np.random.Generator(philox).random(count)


def draw_tokens(
    logits: torch.Tensor, u: torch.Tensor, temperature: float, top_p: float
) -> torch.Tensor:
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
    return _invert(probabilities, u)


def _invert(probabilities: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
    """The first token at which the cumulative distribution exceeds `u` of the total.

    Block by block: a cumulative sum in float64 over a whole vocabulary costs more than all else
    that is done for a draw.
    """
    blocks = torch.nn.functional.pad(probabilities, (0, -probabilities.shape[-1] % BLOCK))
    blocks = blocks.view(len(blocks), -1, BLOCK)
    ends = blocks.sum(-1, dtype=torch.float64).cumsum(-1)
    target = u.to(ends)[:, None] * ends[:, -1:]
    block = _first_beyond(ends, target)
    inside = blocks[torch.arange(len(blocks), device=blocks.device), block.squeeze(-1)].double()
    before = ends.gather(-1, block) - inside.sum(-1, keepdim=True)
    place = _first_beyond(inside.cumsum(-1), (target - before).clamp(min=0.0))
    return (block * BLOCK + place).squeeze(-1)


def _first_beyond(sums: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """The first column of each row that exceeds the target, (rows, 1)."""
    total = sums[:, -1:]
    # Rounding must not make the target the total, which no column exceeds.
    below_total = torch.nextafter(total, torch.zeros_like(total))
    return torch.searchsorted(sums, torch.minimum(target, below_total), right=True)
