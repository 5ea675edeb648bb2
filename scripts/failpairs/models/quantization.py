"""Linear layers whose weights have 4 bits (nf4), by bitsandbytes."""

import importlib.util
import sys
from typing import Any

import torch

from failpairs.errors import InputError


def nf4_options(device: str, dtype: torch.dtype) -> dict[str, Any]:
    """What makes transformers quantize the weights as it loads a model.

    Args:
        dtype: in which the weights are computed.

    Raises:
        InputError: bitsandbytes is not installed.
    """
    from transformers import BitsAndBytesConfig

    if importlib.util.find_spec("bitsandbytes") is None:
        raise InputError(
            f"quantization nf4: {sys.executable} has no bitsandbytes; set inference.python to "
            "python, or install it there with pip install bitsandbytes"
        )
    config = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype
    )
    return {"quantization_config": config, "device_map": device}


def keep_gradients(model: Any) -> None:
    """Keep bitsandbytes from packing the weights anew at the first forward pass in evaluation mode,
    as it does on CPUs with AVX512-BF16: the packed weights are computed in bfloat16 whatever the
    number format, and when the model is trained then, no gradient passes through them."""
    for layer in model.modules():
        if hasattr(layer, "support_avx512bf16_for_cpu"):
            layer.support_avx512bf16_for_cpu = False


def is_quantized(model: Any) -> bool:
    """Whether the linear layers of a model have weights of 4 bits."""
    return bool(getattr(model, "is_loaded_in_4bit", False))


def number_format_of(model: Any) -> str:
    """The number format of a model's weights as the protocol has it, such as `torch.float32`."""
    return f"nf4 in {model.dtype}" if is_quantized(model) else str(model.dtype)
