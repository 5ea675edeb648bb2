"""How far back models read, as the configurations of transformers say it."""

from typing import Any

import pytest
from failpairs.errors import InputError
from failpairs.models.reach import context_of, require_attention, sliding_window_of
from transformers import (
    BloomConfig,
    FalconMambaConfig,
    Gemma3Config,
    Gemma3TextConfig,
    GPT2Config,
    LlamaConfig,
    MistralConfig,
    Qwen2Config,
    Qwen2MoeConfig,
    Qwen3NextConfig,
)


@pytest.mark.parametrize(
    ("config", "context"),
    [
        (LlamaConfig(max_position_embeddings=77), 77),
        (Gemma3Config(text_config=Gemma3TextConfig(max_position_embeddings=77)), 77),
        (GPT2Config(n_positions=77), 77),
        (BloomConfig(), None),
    ],
    ids=["Llama", "Gemma 3", "GPT-2", "BLOOM"],
)
def test_the_context_is_that_of_the_text_model(config: Any, context: int | None) -> None:
    assert context_of(config) == context


@pytest.mark.parametrize(
    ("config", "window"),
    [
        (MistralConfig(sliding_window=9), 9),
        (MistralConfig(sliding_window=None), None),
        (Gemma3Config(text_config=Gemma3TextConfig(sliding_window=9)), 9),
        (Qwen2Config(sliding_window=9), None),
        (Qwen2Config(sliding_window=9, use_sliding_window=True, max_window_layers=1), 9),
        (Qwen2Config(sliding_window=9, use_sliding_window=True, max_window_layers=32), None),
        (Qwen2MoeConfig(sliding_window=9), None),
        (LlamaConfig(), None),
    ],
)
def test_a_sliding_window_counts_where_a_layer_uses_it(config: Any, window: int | None) -> None:
    assert sliding_window_of(config) == window


def test_layers_that_keep_more_than_keys_and_values_are_refused() -> None:
    for config in (LlamaConfig(), Gemma3Config(), MistralConfig(), Qwen2Config()):
        require_attention(config)
    for config in (FalconMambaConfig(), Qwen3NextConfig()):
        with pytest.raises(InputError, match=r"linear_attention: set sampling\.engine .* to vllm"):
            require_attention(config)
