import functools
import logging
from typing import Any

import pytest
import torch
from failpairs.errors import InputError
from failpairs.models.out_of_memory import is_out_of_memory
from failpairs.sampling.memory_fallback import decode_within_memory
from failpairs.sampling.token_draws import Draft, Generation
from tiny_model import tiny_model

PROMPTS = [(f"p{i}", list(range(5, 8 + 3 * i))) for i in range(6)]
GENERATION = Generation(
    n_samples=4, temperature=1.0, top_p=1.0, max_new_tokens=20, seed=0, eos_token_ids=(0, 1, 2)
)


class SmallMachine:
    """A model that has memory for so many sequences."""

    def __init__(self, room: int, error: Exception) -> None:
        self._model = tiny_model()
        self._room = room
        self._error = error
        self.device = self._model.device
        self.config = self._model.config

    def __call__(self, ids: torch.Tensor, **settings: Any) -> Any:
        if len(ids) > self._room:
            raise self._error
        return self._model(ids, **settings)


def decoded(model: Any, batch_size: int) -> dict[tuple[int, int], Draft]:
    groups = decode_within_memory(model, PROMPTS, GENERATION, lambda tokens: False, batch_size, {})
    return {(d.prompt_index, d.sample_index): d for group in groups for d in group}


@functools.cache
def drawn_at_once() -> dict[tuple[int, int], list[int]]:
    """The tokens of each sample where memory is no matter."""
    return {key: d.tokens for key, d in decoded(tiny_model(), batch_size=24).items()}


OUT_OF_MEMORY = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory"),
    MemoryError(),
]


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=["CUDA", "CPU", "Python"])
@pytest.mark.parametrize("room", [8, 3, 1])
def test_a_batch_that_does_not_fit_is_halved_and_draws_the_same(
    error: Exception, room: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        found = decoded(SmallMachine(room, error), batch_size=24)
    assert {key: d.tokens for key, d in found.items()} == drawn_at_once()
    assert len(found) == 24
    assert f"lower inference.batch_size (--batch-size) to {room if room != 8 else 6}" in caplog.text


def test_no_memory_for_one_sequence_is_said_in_words() -> None:
    with pytest.raises(InputError, match="with a single sequence: lower max_new_tokens"):
        decoded(SmallMachine(0, MemoryError()), batch_size=4)


def test_another_error_is_no_lack_of_memory() -> None:
    assert not is_out_of_memory(RuntimeError("shapes cannot be multiplied"))
    with pytest.raises(RuntimeError, match="shapes"):
        decoded(SmallMachine(0, RuntimeError("shapes cannot be multiplied")), batch_size=4)
