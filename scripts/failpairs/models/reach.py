"""How far back a model reads: its context, its sliding window, and layers without a key-value
cache."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.storage.files import read_json

# The kinds of layers that hold a key and a value of each token.
ATTENTION = ("full_attention", "sliding_attention", "chunked_attention")


def context_of(config: Any) -> int | None:
    """The tokens that a model has positions for, from its configuration in transformers; None where
    it does not say, as of models that know only distances."""
    context: int | None = getattr(config.get_text_config(), "max_position_embeddings", None)
    return context


def sliding_window_of(config: Any) -> int | None:
    """The tokens that a layer with a sliding window sees, from the configuration of its model in
    transformers; None where no layer has one.

    A configuration that names no kinds of layers, such as Mistral's, means all of them. Some, such
    as Qwen2's, name a window that they do not use.
    """
    text = config.get_text_config()
    kinds = getattr(text, "layer_types", None) or ["sliding_attention"]
    if "sliding_attention" not in kinds or not getattr(text, "use_sliding_window", True):
        return None
    return getattr(text, "sliding_window", None) or None


def require_attention(config: Any) -> None:
    """Refuse a model that keeps anything but keys and values of its tokens, such as the state of a
    recurrent layer: the decoding loop of this library moves and drops columns of such a cache.

    Raises:
        InputError: names a kind of layer, and the engine that can sample the model.
    """
    for kind in getattr(config.get_text_config(), "layer_types", None) or ():
        if kind not in ATTENTION:
            raise InputError(
                f"engine transformers: it cannot sample a model with layers of the kind {kind}: "
                "set sampling.engine and evaluation.engine to vllm"
            )


def longest_sequence(
    encoded: Mapping[str, Sequence[int]], max_new_tokens: int, folder: Path
) -> int:
    """The tokens of the longest sequence that can be asked for.

    Args:
        encoded: the token ids of each prompt, by task id.
        folder: of the model.

    Raises:
        InputError: it is longer than the model's context.
    """
    task_id, prompt = max(encoded.items(), key=lambda item: len(item[1]))
    longest = len(prompt) + max_new_tokens
    config = read_json(folder / "config.json")
    config = config.get("text_config", config)  # of a model that also reads images
    rope = config.get("rope_scaling") or config.get("rope_parameters") or {}
    context = config.get("max_position_embeddings")
    if context and longest > context and "factor" not in rope:  # which stretches the context
        raise InputError(
            f"{task_id}: a prompt of {len(prompt)} tokens and max_new_tokens {max_new_tokens} are "
            f"{longest} tokens, and the model has room for {context}: lower max_new_tokens, leave "
            "the problem out, or use a model with a longer context"
        )
    return longest
