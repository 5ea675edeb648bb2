"""What runs the model while it is sampled: transformers here, or vLLM."""

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
import transformers

from failpairs.errors import InputError
from failpairs.models.load import load_model
from failpairs.sampling.memory_fallback import decode_within_memory
from failpairs.sampling.token_draws import Draft, Generation

# Only the older of vLLM's model runners was tried; one process is enough, and it is stopped by the
# signals that stop us; nothing is reported to anybody.
VLLM_ENVIRONMENT = {
    "VLLM_USE_V2_MODEL_RUNNER": "0",
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_LOGGING_LEVEL": "WARNING",
}


class Engine(Protocol):
    """Draws tokens from a model. All engines draw the same, but for floating-point ties."""

    def decode(
        self,
        prompts: Sequence[tuple[str, list[int]]],
        generation: Generation,
        is_complete: Callable[[list[int]], bool],
        batch_size: int,
    ) -> Iterator[list[Draft]]:
        """As `transformers_decoding.decode`, less the model."""

    def describe(self) -> dict[str, str]:
        """Name, versions, device and number format, for the protocol."""


def load_engine(name: str, folder: Path, adapter: Path | None, dtype: str) -> Engine:
    """Load a model folder, with an adapter or without one, into an engine.

    Args:
        name: `transformers`, `vllm`, or `auto`: vllm where it is installed and there is a CUDA
            device, else transformers.
        dtype: as `load.device_and_dtype` takes it.

    Raises:
        InputError: vllm is asked for and not installed.
    """
    is_installed = importlib.util.find_spec("vllm") is not None
    if name == "vllm" and not is_installed:
        raise InputError(
            f"engine vllm: not installed for {sys.executable}: run `make vllm`, and set "
            "inference.python to .venv-vllm/bin/python"
        )
    if name == "vllm" or (name == "auto" and is_installed and torch.cuda.is_available()):
        os.environ.update(VLLM_ENVIRONMENT)  # read when vllm is imported
        from failpairs.sampling.vllm_engine import VllmEngine

        return VllmEngine(folder, adapter, dtype)
    return TransformersEngine(load_model(folder, dtype, adapter))


class TransformersEngine:
    """A transformers model in the decoding loop of this library."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def decode(
        self,
        prompts: Sequence[tuple[str, list[int]]],
        generation: Generation,
        is_complete: Callable[[list[int]], bool],
        batch_size: int,
    ) -> Iterator[list[Draft]]:
        return decode_within_memory(self.model, prompts, generation, is_complete, batch_size)

    def describe(self) -> dict[str, str]:
        return {
            "name": "transformers",
            "version": transformers.__version__,
            "torch": torch.__version__,
            "device": self.model.device.type,
            "dtype": str(self.model.dtype).removeprefix("torch."),
        }
