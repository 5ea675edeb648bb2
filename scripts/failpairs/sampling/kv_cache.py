"""A key-value cache with a fixed number of slots, so that sequences can come and go.

Every step writes one column for all slots. A sequence that joins is placed so that its last token
stands in the newest column; the columns before it are masked. No step copies the cache, which is
what makes decoding many short completions fast. Nothing here waits for a GPU: what decides the
shapes is known on the CPU, and what the GPU needs is copied to it while it works.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import Cache, DynamicCache
from transformers.cache_utils import DynamicLayer

from failpairs.models.memory_estimate import GROWTH

SLACK = 64  # columns masked in all slots that are tolerated before they are dropped
# Architectures whose layers use an attention mask of four dimensions as it is.
TAKE_PREPARED_MASKS = ("llama", "qwen2", "qwen3")


def on_device(values: list[Any], device: torch.device) -> torch.Tensor:
    """Values as a tensor on a device, copied there without waiting for what the device does."""
    tensor = torch.tensor(values)
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor


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
    padded = [[0] * missing + ids for missing, ids in zip(padding, prompts, strict=True)]
    ids = on_device(padded, model.device)
    places = torch.arange(width, device=model.device) - on_device(padding, model.device)[:, None]
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
    """The cache of all layers, and the column in which each slot's sequence begins: the columns
    from there on count."""

    def __init__(self, model: Any, n_slots: int) -> None:
        self._model = model
        self._cache: Cache | None = None
        self._n_slots = n_slots
        self._length = 0
        self._first = [0] * n_slots
        # The same on the device, (slots, 1), so that the two never ask each other.
        self._first_there = torch.zeros(n_slots, 1, dtype=torch.long, device=model.device)
        self._prepares_mask = _takes_prepared_mask(model.config)

    @property
    def mask(self) -> torch.Tensor:
        """Which columns of each slot count, (slots, length)."""
        columns = torch.arange(self._length, device=self._first_there.device)
        return columns >= self._first_there

    def place(self, prompt: Prompt, slots: list[int]) -> None:
        """Let a sequence begin with a prompt in each of the slots."""
        if self._cache is None:
            layers = [_Layer(keys, values, self._n_slots) for keys, values in prompt.layers]
            self._cache = Cache(layers=layers)
        self._move(max(0, len(prompt) - self._length))
        places = on_device(slots, self._first_there.device)
        for layer, (keys, values) in zip(self._cache.layers, prompt.layers, strict=True):
            layer.place(keys, values, places)
        first = self._length - len(prompt)
        self._first_there.index_fill_(0, places, first)
        for slot in slots:
            self._first[slot] = first

    def step(self, tokens: torch.Tensor, live: list[int]) -> torch.Tensor:
        """Feed every slot one token, (slots,), and return the next-token logits, (slots,
        vocabulary). Slots that are not `live` hold nothing that matters."""
        first = min(self._first[slot] for slot in live)
        if first > SLACK:
            self._move(-first)
        self._length += 1
        out = self._model(
            tokens[:, None],
            attention_mask=self._attention_mask(),
            position_ids=self._length - 1 - self._first_there,
            past_key_values=self._cache,
            use_cache=True,
        )
        logits: torch.Tensor = out.logits[:, -1]
        return logits

    def keep(self, slots: list[int]) -> None:
        """Keep only these slots, renumbered from zero."""
        assert self._cache is not None
        chosen = on_device(slots, self._first_there.device)
        self._first_there = self._first_there[chosen]
        self._first = [self._first[slot] for slot in slots]
        for layer in self._cache.layers:
            layer.keys, layer.values = layer.keys[chosen], layer.values[chosen]

    def _attention_mask(self) -> torch.Tensor | None:
        """The mask as the model takes it; none where all columns count, which lets attention run
        without one. Of a mask of two dimensions transformers asks the device whether that is so,
        and waits for the answer."""
        if not self._prepares_mask:
            return self.mask.long()
        return self.mask[:, None, None] if any(self._first) else None

    def _move(self, offset: int) -> None:
        if offset == 0:
            return
        assert self._cache is not None
        for layer in self._cache.layers:
            layer.move(offset)
        self._length += offset
        # A slot that is not live may have begun in a column that is dropped.
        self._first = [max(0, column + offset) for column in self._first]
        self._first_there = (self._first_there + offset).clamp(min=0)


def _takes_prepared_mask(config: Any) -> bool:
    """Whether a model's layers all use the same attention mask, and a boolean one of four
    dimensions as it is."""
    return (
        config.model_type in TAKE_PREPARED_MASKS
        and config._attn_implementation == "sdpa"
        and getattr(config, "sliding_window", None) is None
    )
