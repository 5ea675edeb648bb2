"""A tuned model as a folder: a PEFT adapter for the base model, or a whole model in its place."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.models.load import MANIFEST, load_model, model_identity
from failpairs.models.prepare import files_of_model
from failpairs.storage.files import read_json, sha256_file, sha256_json

log = logging.getLogger(__name__)

ADAPTER_CONFIG = "adapter_config.json"
ADAPTER_WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
WEIGHTS = (".safetensors", ".bin")
PROMPT_TOKENS = 32  # of each prompt on which an adapter must change something
MARKS = ("lora_", "modules_to_save")  # of an adapter's weights in the names of all weights
SHOWN = 3  # names of weights in a message


def is_adapter(folder: Path) -> bool:
    """Whether a folder holds a PEFT adapter and not a whole model."""
    return (folder / ADAPTER_CONFIG).is_file()


def tuned_sha256(folder: Path) -> str:
    """A hash of the weights of a tuned model.

    Raises:
        InputError: the folder holds neither an adapter nor a model.
    """
    if is_adapter(folder):
        return sha256_file(_adapter_weights(folder))
    return model_identity(folder).weights_sha256


def settings_sha256(folder: Path) -> str:
    """A hash of what decides the results of a model or an adapter beside its weights: its
    configuration, its tokenizer and its chat template."""
    files = [path for path in files_of_model(folder) if path.suffix not in WEIGHTS]
    return sha256_json({path.name: sha256_file(path) for path in files})


def adapter_settings(folder: Path) -> dict[str, Any]:
    """The settings of an adapter.

    Raises:
        InputError: they are no JSON object.
    """
    settings = read_json(folder / ADAPTER_CONFIG)
    if not isinstance(settings, dict):
        raise InputError(f"{folder / ADAPTER_CONFIG}: expected a JSON object")
    return settings


def apply_adapter(model: Any, base: Path, folder: Path) -> Any:
    """A model with a PEFT adapter of any kind, merged into float32 weights where that is possible:
    each step of decoding then costs as much as without an adapter. A bfloat16 layer and its adapter
    become one product (`AdaptedLinear`); an adapter of 4-bit weights stays beside them.

    Args:
        model: a transformers model, which is changed.
        base: its folder.

    Raises:
        InputError: it does not fit the model, or it changes nothing on two prompts.
    """
    from peft import PeftModel, set_peft_model_state_dict
    from peft.utils import load_peft_weights

    from failpairs.models.adapted_linear import join_products
    from failpairs.models.quantization import is_quantized

    _adapter_weights(folder)
    _say_base(adapter_settings(folder).get("base_model_name_or_path"), base, folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of missing weights, for which there is an error below
            adapted = PeftModel.from_pretrained(model, folder).eval()
        weights = load_peft_weights(str(folder), device="cpu")
        loaded = set_peft_model_state_dict(adapted, weights)
    except (RuntimeError, ValueError, KeyError, TypeError) as error:
        reason = " ".join(str(error).split())
        raise InputError(
            f"adapter {folder}: it does not fit the model {_name(base)!r}: {reason[:500]}"
        ) from None
    missing = [name for name in loaded.missing_keys if any(mark in name for mark in MARKS)]
    if missing or loaded.unexpected_keys:
        raise InputError(
            f"adapter {folder}: its weights do not fit the model {_name(base)!r}, which lacks "
            f"{_some(loaded.unexpected_keys)} and finds no weights for {_some(missing)}"
        )
    with adapted.disable_adapter():
        plain = _logits(adapted)
    if hasattr(adapted.base_model, "merge_and_unload") and not is_quantized(model):
        join_products(adapted.base_model.model)
        adapted = adapted.merge_and_unload()
    changed = (_logits(adapted) != plain).double().mean().item()
    if not changed:
        raise InputError(
            f"adapter {folder}: it changes nothing: the model {_name(base)!r} gives the same "
            f"logits with it and without it ({_why_dead(weights, adapted.dtype)})"
        )
    log.info("adapter %s changes %.1f%% of the logits on two prompts", folder, 100 * changed)
    return adapted


def load_tuned(base: Path, folder: Path, dtype: str, quantization: str = "none") -> Any:
    """A tuned model in evaluation mode, as `load_model`.

    Args:
        base: folder of the base model.

    Raises:
        InputError: as `apply_adapter`, or a whole model has the weights of the base model.
    """
    if is_adapter(folder):
        return apply_adapter(load_model(base, dtype, quantization), base, folder)
    require_other_weights(base, folder)
    return load_model(folder, dtype, quantization)


def require_other_weights(base: Path, folder: Path) -> None:
    """Refuse a whole tuned model that is the base model.

    Raises:
        InputError: both have the same weights.
    """
    if model_identity(base).weights_sha256 == model_identity(folder).weights_sha256:
        raise InputError(
            f"tuned model {folder}: it has the weights of the base model {_name(base)!r}"
        )


def _adapter_weights(folder: Path) -> Path:
    found = next((folder / name for name in ADAPTER_WEIGHTS if (folder / name).is_file()), None)
    if found is None or not is_adapter(folder):
        raise InputError(
            f"adapter {folder}: expected {ADAPTER_CONFIG} and {' or '.join(ADAPTER_WEIGHTS)}"
        )
    return found


def _name(base: Path) -> str:
    return model_identity(base).id if (base / MANIFEST).is_file() else str(base)


def _say_base(trained_on: Any, base: Path, folder: Path) -> None:
    """Say so in the log where an adapter names another base model: it may be the same in another
    place, but if it is not, results say nothing about the adapter."""
    name = _name(base)
    last = str(trained_on).rstrip("/").rpartition("/")[2]
    if trained_on and last.lower() != name.rstrip("/").rpartition("/")[2].lower():
        log.warning("adapter %s was trained on %s and is applied to %s", folder, trained_on, name)


def _logits(model: Any) -> Any:
    """The logits of two prompts that any model can read."""
    import torch

    vocabulary = model.get_input_embeddings().weight.shape[0]
    ids = torch.arange(1, PROMPT_TOKENS + 1, device=model.device) * 7919 % vocabulary
    with torch.inference_mode():
        return model(input_ids=torch.stack([ids, ids.flip(0)])).logits


def _why_dead(weights: Mapping[str, Any], dtype: object) -> str:
    later = [tensor for name, tensor in weights.items() if "lora_B" in name]
    if not any(bool(tensor.any()) for tensor in later):
        return "all of its lora_B weights are zero, as before any training"
    return f"its scale is zero, or the changes are too small for {dtype}"


def _some(names: Sequence[str]) -> str:
    """The first of some names, and how many there are."""
    if not names:
        return "none of its weights"
    return f"{', '.join(names[:SHOWN])}{', …' if len(names) > SHOWN else ''} ({len(names)})"
