"""Sampling through vLLM, with its own sampler.

Each sample is a request of its own, with a seed made of ours, the problem and the sample, so that
with the same logits a draw depends on nothing else.
"""

import importlib.util
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from failpairs.errors import InputError
from failpairs.models.device import choose_device
from failpairs.models.reach import longest_sequence
from failpairs.models.settings import InferenceSettings
from failpairs.models.tuned import adapter_settings, is_adapter, require_other_weights
from failpairs.sampling.engines import Completion, request_seed
from failpairs.sampling.sampled_model import SampledModel
from failpairs.sampling.settings import GenerationSettings

CHECKED = 3  # prompts on which an adapter must change something
LORA_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)  # those that vLLM has kernels for
# Keys of an adapter that vLLM 0.32.0 refuses for every model. It applies rsLoRA, and ranks and
# alphas of single modules as PEFT does; which modules it can apply depends on the model.
UNABLE = (
    "use_dora",
    "modules_to_save",
    "lora_bias",
    "alora_invocation_tokens",
    "layer_replication",
    "trainable_token_indices",
)
# Only the older of vLLM's model runners was tried; one process is enough, and it is stopped by the
# signals that stop us; nothing is reported to anybody. Read when vllm is imported.
ENVIRONMENT = {
    "VLLM_USE_V2_MODEL_RUNNER": "0",
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_LOGGING_LEVEL": "WARNING",
}


def is_installed() -> bool:
    """Whether this Python has vLLM."""
    return importlib.util.find_spec("vllm") is not None


def require_cuda() -> None:
    """Refuse a Python with vLLM where there is no CUDA device: its transformers is another version
    than that of the other programs, and would be used without anybody's notice.

    Raises:
        InputError: there is none.
    """
    if not torch.cuda.is_available():
        raise InputError(
            f"engine auto: {sys.executable} has vLLM, but its PyTorch {torch.__version__} finds no "
            "CUDA device: set inference.python to python to sample with transformers, or name the "
            "engine (sampling.engine, evaluation.engine)"
        )


class VllmEngine:
    """A model in vLLM, with an adapter on top or without one."""

    def __init__(self, sampled: SampledModel, inference: InferenceSettings) -> None:
        """
        Raises:
            InputError: vLLM is not installed, or cannot apply adapters of this kind.
        """
        if not is_installed():
            raise InputError(
                f"engine vllm: not installed for {sys.executable}: run `make vllm`, and set "
                "inference.python to .venv-vllm/bin/python"
            )
        os.environ.update(ENVIRONMENT)
        from vllm.lora.request import LoRARequest

        self._sampled = sampled
        n_gpus = inference.tensor_parallel
        self._device, self._dtype = choose_device(sampled.folder, sampled.dtype, n_gpus=n_gpus)
        self._arguments: dict[str, Any] = {
            "model": str(sampled.folder),
            "dtype": self._dtype,
            "generation_config": "vllm",  # nothing that the model's repository wishes for
            "enable_prefix_caching": True,
            "enforce_eager": self._device == "cpu" or inference.vllm_eager,
            "gpu_memory_utilization": inference.vllm_memory_share,
            "tensor_parallel_size": n_gpus,
        }
        self._lora = None
        if sampled.tuned is None:
            return
        if is_adapter(sampled.tuned):
            rank = _rank(sampled.tuned)
            self._lora = LoRARequest("adapter", 1, str(sampled.tuned.resolve()))
            self._arguments["enable_lora"] = True
            self._arguments["max_lora_rank"] = min(r for r in LORA_RANKS if r >= rank)
        else:
            require_other_weights(sampled.folder, sampled.tuned)
            self._arguments |= {"model": str(sampled.tuned), "tokenizer": str(sampled.folder)}

    def complete(
        self,
        prompts: Mapping[str, str],
        settings: GenerationSettings,
        batch_size: int,
        drawn: Mapping[str, int],
    ) -> Iterator[list[Completion]]:
        """As `Engine.complete`; the cache is made for sequences as long as these may become."""
        from vllm import LLM, TokensPrompt

        if not prompts:
            return
        encoded = {task_id: self._sampled.encode(text) for task_id, text in prompts.items()}
        longest = longest_sequence(encoded, settings.max_new_tokens, self._sampled.loaded)
        llm = LLM(**self._arguments, max_num_seqs=batch_size, max_model_len=longest)
        if self._lora is not None:
            self._require_effect(llm, [*prompts.values()][:CHECKED])
        engine = llm.llm_engine
        requests: dict[str, tuple[str, int]] = {}
        for task_id, tokens in encoded.items():
            prompt = TokensPrompt(prompt_token_ids=tokens)
            for index in range(drawn.get(task_id, 0), settings.n_samples):
                name = str(len(requests))
                requests[name] = task_id, index
                params = self._params(settings, task_id, index)
                engine.add_request(name, prompt, params, lora_request=self._lora)
        finished: dict[str, list[Completion]] = defaultdict(list)
        while engine.has_unfinished_requests():
            for output in engine.step():
                task_id, index = requests[output.request_id]
                finished[task_id].append(self._completion(task_id, index, output.outputs[0]))
                if len(finished[task_id]) == settings.n_samples - drawn.get(task_id, 0):
                    yield sorted(finished.pop(task_id), key=lambda done: done.sample_index)

    def _require_effect(self, llm: Any, prompts: Sequence[str]) -> None:
        """Refuse an adapter with which some prompts have the same next tokens as without it.

        Raises:
            InputError: vLLM cannot apply it to this model, did not, or it changes nothing.
        """
        from vllm import SamplingParams, TokensPrompt

        given = [TokensPrompt(prompt_token_ids=self._sampled.encode(text)) for text in prompts]
        params = SamplingParams(temperature=0, max_tokens=1, logprobs=5)
        try:
            plain, adapted = (
                [
                    {token: each.logprob for token, each in output.outputs[0].logprobs[0].items()}
                    for output in llm.generate(given, params, use_tqdm=False, lora_request=lora)
                ]
                for lora in (None, self._lora)
            )
        except ValueError as error:  # such as for the embeddings of a model without kernels for it
            reason = " ".join(str(error).split())[:500]
            raise InputError(
                f"adapter {self._sampled.tuned}: vLLM cannot apply it to this model ({reason}): "
                "set evaluation.engine to transformers, or merge it into the model"
            ) from None
        if plain == adapted:
            raise InputError(
                f"adapter {self._sampled.tuned}: vLLM draws the same with it and without it; "
                "--engine transformers says why"
            )

    def _params(self, settings: GenerationSettings, task_id: str, index: int) -> Any:
        """What vLLM is told of one sample; it ends at our end tokens and at our stop texts. A
        greedy one needs no seed."""
        from vllm import SamplingParams
        from vllm.sampling_params import RequestOutputKind

        return SamplingParams(
            temperature=settings.temperature,
            top_p=settings.top_p,
            max_tokens=settings.max_new_tokens,
            seed=request_seed(settings.seed, task_id, index) if settings.temperature else None,
            stop=self._sampled.format.plain_stop,
            stop_token_ids=list(self._sampled.eos_token_ids),
            ignore_eos=True,  # vLLM's idea of the end token, which may be another
            logprobs=0,
            output_kind=RequestOutputKind.FINAL_ONLY,
        )

    def _completion(self, task_id: str, index: int, output: Any) -> Completion:
        tokens = list(output.token_ids)
        is_eos = tokens[-1] in self._sampled.eos_token_ids
        return Completion(
            task_id=task_id,
            sample_index=index,
            text=self._sampled.text(tokens),  # vLLM's own leaves out special tokens
            finish_reason="eos" if is_eos else output.finish_reason,
            n_tokens=len(tokens),
            sum_logprob=output.cumulative_logprob,
        )

    def describe(self) -> dict[str, str]:
        """Name, versions, device and number format."""
        import vllm

        return {
            "name": "vllm",
            "version": vllm.__version__,
            "torch": torch.__version__,
            "device": self._device,
            "dtype": self._dtype,
        }

    def own_settings(self) -> dict[str, Any]:
        """The end tokens."""
        return {"eos_token_ids": list(self._sampled.eos_token_ids)}


def _rank(adapter: Path) -> int:
    """The rank of a LoRA adapter that vLLM can apply.

    Raises:
        InputError: it is of a kind that vLLM cannot apply.
    """
    settings = adapter_settings(adapter)
    unable = [key for key in UNABLE if settings.get(key)]
    if settings.get("bias", "none") != "none":
        unable.append("bias")
    rank = max([settings.get("r", 0), *(settings.get("rank_pattern") or {}).values()])
    if rank > max(LORA_RANKS):
        unable.append(f"rank {rank}, which is above {max(LORA_RANKS)}")
    if settings.get("peft_type") != "LORA" or unable:
        kind = ", ".join(unable) or settings.get("peft_type")
        raise InputError(
            f"adapter {adapter}: vLLM cannot apply one with {kind}: set evaluation.engine to "
            "transformers, or merge it into the model"
        )
    return int(rank)
