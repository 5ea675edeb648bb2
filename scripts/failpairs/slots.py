"""A key-value cache with a fixed number of slots, so that sequences can come and go.

Every step writes one column for all slots. A sequence that joins is placed so that its last token
stands in the newest column; the columns before it are masked. No step copies the cache, which is
what makes decoding many short completions fast.
"""

from typing import Any

import torch
from transformers import Cache, DynamicCache
from transformers.cache_utils import DynamicLayer

GROWTH = 256  # columns that are added when the cache is full
SLACK = 64  # columns masked in all slots that are tolerated before they are dropped


class _Layer(DynamicLayer):  # type: ignore[misc]
    """One layer's keys and values, (slots, heads, capacity, head size), filled up to `length`."""

    def __init__(self, like: DynamicLayer, n_slots: int) -> None:
        super().__init__()
        self.lazy_initialization(like.keys, like.values)
        self.length = 0
        self.keys = like.keys.new_zeros(self._shape(like.keys, n_slots))
        self.values = like.values.new_zeros(self._shape(like.values, n_slots))

    @staticmethod
    def _shape(tensor: torch.Tensor, n_slots: int) -> tuple[int, ...]:
        return n_slots, tensor.shape[1], 0, tensor.shape[3]

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

    def place(self, other: DynamicLayer, slots: torch.Tensor) -> None:
        """Write a sequence, (1, heads, length, head size), to the newest columns of some slots."""
        start = self.length - other.keys.shape[2]
        self.keys[slots, :, start : self.length] = other.keys
        self.values[slots, :, start : self.length] = other.values


class SlotCache:
    """The cache of all layers, and which columns of each slot count (`mask`, (slots, length))."""

    def __init__(self, model: Any, n_slots: int) -> None:
        self._model = model
        self._cache: Cache | None = None
        self._n_slots = n_slots
        self.mask = torch.zeros(n_slots, 0, dtype=torch.long, device=model.device)

    def prefill(self, prompt_ids: list[int], slots: list[int]) -> torch.Tensor:
        """Compute a prompt once, put it into all the slots, and return its next-token logits,
        (vocabulary,)."""
        ids = torch.tensor([prompt_ids], device=self.mask.device)
        prompt = DynamicCache()
        out = self._model(ids, past_key_values=prompt, use_cache=True, logits_to_keep=1)
        if self._cache is None:
            self._cache = Cache(layers=[_Layer(layer, self._n_slots) for layer in prompt.layers])
        self._move(max(0, len(prompt_ids) - self.mask.shape[1]))
        places = torch.tensor(slots, device=self.mask.device)
        for ours, new in zip(self._cache.layers, prompt.layers, strict=True):
            ours.place(new, places)
        self.mask[places] = 0
        self.mask[places, self.mask.shape[1] - len(prompt_ids) :] = 1
        logits: torch.Tensor = out.logits[0, -1]
        return logits

    def step(self, tokens: torch.Tensor, live: list[int]) -> torch.Tensor:
        """Feed every slot one token, (slots,), and return the next-token logits, (slots,
        vocabulary). Slots that are not `live` hold nothing that matters."""
        first = int(self.mask[live].any(dim=0).long().argmax())
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
        for layer in self._cache.layers:
            layer.keys, layer.values = layer.keys[chosen], layer.values[chosen]

    def _move(self, offset: int) -> None:
        if offset == 0:
            return
        assert self._cache is not None
        for layer in self._cache.layers:
            layer.move(offset)
        if offset > 0:
            self.mask = torch.nn.functional.pad(self.mask, (offset, 0))
        else:
            self.mask = self.mask[:, -offset:].contiguous()
