"""A key-value cache with a fixed number of slots, so that sequences can come and go.

Every step writes one column for all slots. A sequence that joins is placed so that its last token
stands in the newest column; the columns before it are masked. No step copies the cache, which is
what makes decoding many short completions fast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import Cache, DynamicCache
from transformers.cache_utils import DynamicLayer

from failpairs.models.memory_estimate import GROWTH

SLACK = 64  # columns masked in all slots that are tolerated before they are dropped


class _Layer(DynamicLayer):  # type: ignore[misc]
    """One layer's keys and values, (slots, heads, capacity, head size), filled up to `length`."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor, n_slots: int) -> None:
        """An empty layer for sequences of the same kind, (heads, length, head size)."""
        super().__init__()
        self.lazy_initialization(keys, values)
        self.length = 0
        self.keys = keys.new_zeros(n_slots, keys.shape[0], 0, keys.shape[2])
        self.values = values.new_zeros(n_slots, values.shape[0], 0, values.shape[2])

    def get_seq_length(self) -> int:
        return self.length

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        start, self.length = self.length, self.length + key_states.shape[2]
        self.reserve(self.length)
        self.keys[:, :, start : self.length] = key_states
        self.values[:, :, start : self.length] = value_states
        return self.keys[:, :, : self.length], self.values[:, :, : self.length]

    def reserve(self, columns: int) -> None:
        missing = columns - self.keys.shape[2]
        if missing > 0:
            size = (0, 0, 0, max(missing, GROWTH))
            self.keys = torch.nn.functional.pad(self.keys, size)
            self.values = torch.nn.functional.pad(self.values, size)

    def move(self, offset: int) -> None:
        """Shift all columns by `offset`; those that are shifted below zero are dropped."""
        self.reserve(self.length + offset)
        old = slice(max(0, -offset), self.length)
        new = slice(max(0, offset), self.length + offset)
        for tensor in (self.keys, self.values):
            tensor[:, :, new] = tensor[:, :, old].clone()
        self.length += offset

    def place(self, keys: torch.Tensor, values: torch.Tensor, slots: torch.Tensor) -> None:
        """Write a sequence, (heads, length, head size), to the newest columns of some slots."""
        start = self.length - keys.shape[1]
        self.keys[slots, :, start : self.length] = keys
        self.values[slots, :, start : self.length] = values


@dataclass(frozen=True)
class Prompt:
    """A prompt that is computed: each layer's keys and values, (heads, length, head size), and the
    next-token logits, (vocabulary,)."""

    layers: list[tuple[torch.Tensor, torch.Tensor]]
    logits: torch.Tensor

    def __len__(self) -> int:
        return self.layers[0][0].shape[1]


def compute_prompts(model: Any, prompts: Sequence[list[int]]) -> list[Prompt]:
    """Compute some prompts at once; those of about the same length waste the least."""
    width = max(map(len, prompts))
    padding = [width - len(ids) for ids in prompts]
    ids = torch.tensor(
        [[0] * missing + ids for missing, ids in zip(padding, prompts, strict=True)],
        device=model.device,
    )
    places = torch.arange(width, device=model.device) - torch.tensor(padding)[:, None].to(ids)
    cache = DynamicCache()
    out = model(
        ids,
        attention_mask=(places >= 0).long(),
        position_ids=places.clamp(min=0),
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=1,
    )
    return [
        Prompt(
            [(one.keys[row, :, missing:], one.values[row, :, missing:]) for one in cache.layers],
            out.logits[row, -1],
        )
        for row, missing in enumerate(padding)
    ]


class SlotCache:
    """The cache of all layers, and which columns of each slot count (`mask`, (slots, length))."""

    def __init__(self, model: Any, n_slots: int) -> None:
        self._model = model
        self._cache: Cache | None = None
        self._n_slots = n_slots
        self._first = [0] * n_slots  # column of each slot's first token; the device is not asked
        self.mask = torch.zeros(n_slots, 0, dtype=torch.long, device=model.device)

    def place(self, prompt: Prompt, slots: list[int]) -> None:
        """Let a sequence begin with a prompt in each of the slots."""
        if self._cache is None:
            layers = [_Layer(keys, values, self._n_slots) for keys, values in prompt.layers]
            self._cache = Cache(layers=layers)
        self._move(max(0, len(prompt) - self.mask.shape[1]))
        places = torch.tensor(slots, device=self.mask.device)
        for layer, (keys, values) in zip(self._cache.layers, prompt.layers, strict=True):
            layer.place(keys, values, places)
        first = self.mask.shape[1] - len(prompt)
        self.mask[places] = 0
        self.mask[places, first:] = 1
        for slot in slots:
            self._first[slot] = first

    def step(self, tokens: torch.Tensor, live: list[int]) -> torch.Tensor:
        """Feed every slot one token, (slots,), and return the next-token logits, (slots,
        vocabulary). Slots that are not `live` hold nothing that matters."""
        first = min(self._first[slot] for slot in live)
        if first > SLACK:
            self._move(-first)
        self.mask = torch.nn.functional.pad(self.mask, (0, 1), value=1)
        out = self._model(
            tokens[:, None],
            attention_mask=self.mask,
            position_ids=self.mask.sum(dim=1, keepdim=True) - 1,
            past_key_values=self._cache,
            use_cache=True,
        )
        logits: torch.Tensor = out.logits[:, -1]
        return logits

    def keep(self, slots: list[int]) -> None:
        """Keep only these slots, renumbered from zero."""
        assert self._cache is not None
        chosen = torch.tensor(slots, device=self.mask.device)
        self.mask = self.mask[chosen]
        self._first = [self._first[slot] for slot in slots]
        for layer in self._cache.layers:
            layer.keys, layer.values = layer.keys[chosen], layer.values[chosen]

    def _move(self, offset: int) -> None:
        if offset == 0:
            return
        self._first = [column + offset for column in self._first]
        assert self._cache is not None
        for layer in self._cache.layers:
            layer.move(offset)
        if offset > 0:
            self.mask = torch.nn.functional.pad(self.mask, (offset, 0))
        else:
            self.mask = self.mask[:, -offset:].contiguous()
