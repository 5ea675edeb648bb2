"""What runs the model while it is sampled: a registry of engines.

An engine is a module beside this one and an entry in `ENGINES`, and a lock in `envs/` where it
needs packages of its own. The registry is read where no job runs, so the modules of the engines,
which need their packages, are imported only when an engine is loaded.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from failpairs.errors import InputError

if TYPE_CHECKING:
    from failpairs.models.settings import InferenceSettings
    from failpairs.sampling.sampled_model import SampledModel
    from failpairs.sampling.settings import GenerationSettings

ENVIRONMENT = "failpairs"  # that of all other programs


@dataclass(frozen=True)
class Completion:
    """One finished completion of a prompt, as an engine returns it.

    Attributes:
        text: without an end token; it may run past a stop text, at which the sampler cuts it.
        finish_reason: `eos` for an end token, `stop` for a stop text, `length` for the limit.
        n_tokens: the end token included.
        sum_logprob: in nats, at temperature 1.

    The last three are None where the engine does not tell.
    """

    task_id: str
    sample_index: int
    text: str
    finish_reason: str | None
    n_tokens: int | None = None
    sum_logprob: float | None = None


class Engine(Protocol):
    """A model that is ready to complete prompts."""

    def complete(
        self,
        prompts: Mapping[str, str],
        settings: GenerationSettings,
        batch_size: int,
        drawn: Mapping[str, int],
    ) -> Iterator[list[Completion]]:
        """Draws `n_samples` completions of each prompt, or those of them that are missing.

        Args:
            prompts: the rendered prompt of each problem, by task id.
            drawn: how many samples of a problem are there already, fewer than `n_samples`.
            batch_size: completions that are worked on together; it does not change the seeds.

        Yields:
            the completions of one prompt, in order of their index; prompts in the order in which
            they finish.

        Raises:
            InputError: the engine cannot do it, and what would help.
        """

    def describe(self) -> dict[str, str]:
        """What the protocol says of the engine: `name`, and all else in which results may differ,
        such as versions, device and number format."""

    def own_settings(self) -> dict[str, Any]:
        """What decides a result beside the settings of the generation, such as the end tokens."""


@dataclass(frozen=True)
class EngineEntry:
    """An engine of the registry.

    Attributes:
        summary: what runs the model and where, for the documentation of the configuration.
        load: makes a model ready.
        is_local: whether it runs the model in this process, on a device that is leased before.
        can_adapt: whether it can apply an adapter, so that it can also evaluate.
        can_quantize: whether it can load the model with weights of 4 bits.
        environment: the environment in `envs/` that has its packages.
        required, optional: keys of the section `inference` that are its own options.
        machine: further ones, which say only how it uses the machine and run nothing again.
    """

    summary: str
    load: Callable[[SampledModel, InferenceSettings], Engine]
    is_local: bool = True
    can_adapt: bool = True
    can_quantize: bool = False
    environment: str = ENVIRONMENT
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    machine: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """The keys of the section `inference` that are its own and decide what runs again."""
        return self.required + self.optional

    def n_gpus(self, tensor_parallel: int) -> int:
        """The GPUs that a job needs, given the key `tensor_parallel` of the section `inference`."""
        return tensor_parallel if "tensor_parallel" in self.machine else 1


def _auto(model: SampledModel, inference: InferenceSettings) -> Engine:
    from failpairs.sampling import vllm_engine

    if vllm_engine.is_installed():
        if model.quantization != "none":
            raise InputError(
                f"model.quantization {model.quantization}: vLLM cannot do it; set inference.python "
                "to python"
            )
        vllm_engine.require_cuda()
        return _vllm(model, inference)
    if inference.tensor_parallel > 1:
        raise InputError(
            f"inference.tensor_parallel is {inference.tensor_parallel}, and only vLLM can split a "
            f"model, which is not installed for {sys.executable}: run `make vllm`, and set "
            "inference.python to .venv-vllm/bin/python"
        )
    return _transformers(model, inference)


def _transformers(model: SampledModel, inference: InferenceSettings) -> Engine:
    from failpairs.sampling.transformers_engine import TransformersEngine

    return TransformersEngine(model)


def _vllm(model: SampledModel, inference: InferenceSettings) -> Engine:
    from failpairs.sampling.vllm_engine import VllmEngine

    return VllmEngine(model, inference)


def _server(model: SampledModel, inference: InferenceSettings) -> Engine:
    from failpairs.sampling.server_engine import ServerEngine, find_server

    return ServerEngine(find_server(inference), model.format)


VLLM_KEYS = ("vllm_memory_share", "vllm_eager", "tensor_parallel")

ENGINES: dict[str, EngineEntry] = {
    "auto": EngineEntry(
        "vllm where inference.python has it, which then needs a CUDA device, else transformers",
        _auto,
        can_quantize=True,
        machine=VLLM_KEYS,
    ),
    "transformers": EngineEntry(
        "here, on the GPU if there is one", _transformers, can_quantize=True
    ),
    "vllm": EngineEntry(
        "here, on a GPU, after `make vllm`", _vllm, environment="vllm", machine=VLLM_KEYS
    ),
    "server": EngineEntry(
        "a server that you already run, with the keys inference.server_*",
        _server,
        is_local=False,
        can_adapt=False,
        required=("server_url", "server_model"),
        optional=("server_key_variable",),
    ),
}
ADAPTING = [name for name, entry in ENGINES.items() if entry.can_adapt]
QUANTIZING = [name for name, entry in ENGINES.items() if entry.can_quantize]


def describe_engines() -> str:
    """All engines with their summaries, as one sentence."""
    each = (f"{name} ({entry.summary})" for name, entry in ENGINES.items())
    return f"What runs the model: {', '.join(each)}. Each draws samples of its own."


def locks(engines: Collection[str], python: str) -> list[str]:
    """The lock files in `envs/` that decide what some engines draw.

    Args:
        python: the configured Python that samples; another one than `python` may hold any engine.

    Example:
        >>> locks(["auto", "server"], "python"), locks(["auto"], ".venv-vllm/bin/python")
        (['requirements.txt'], ['requirements.txt', 'vllm.txt'])
    """
    used = engines if python == "python" else ENGINES
    own = sorted({ENGINES[name].environment for name in used} - {ENVIRONMENT})
    return ["requirements.txt", *(f"{name}.txt" for name in own)]


def request_seed(seed: int, task_id: str, sample_index: int) -> int:
    """The seed of one sample, for an engine that draws with random numbers of its own: 31 bits,
    which every engine takes.

    Example:
        >>> request_seed(0, "HumanEval/0", 0), request_seed(0, "HumanEval/0", 1)
        (1745681321, 1306988889)
    """
    digest = hashlib.sha256(f"{seed}\0{task_id}\0{sample_index}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
