"""Sampling through vLLM, which draws the very tokens that the default engine draws.

vLLM computes the logits; a logits processor draws from them with our own random numbers and leaves
only the drawn token standing, which vLLM then picks greedily. Its own random numbers, which depend
on the batch on some devices, play no part.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import vllm
from vllm import LLM, SamplingParams, TokensPrompt
from vllm.lora.request import LoRARequest
from vllm.sampling_params import RequestOutputKind
from vllm.v1.sample.logits_processor import BatchUpdate, LogitsProcessor
from vllm.v1.sample.logits_processor.builtin import process_dict_updates

from failpairs.models.load import device_and_dtype
from failpairs.sampling.token_draws import Draft, Generation, draw_tokens, uniforms
from failpairs.storage.files import read_json

LORA_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)  # those that vLLM has kernels for


class OwnDraws(LogitsProcessor):  # type: ignore[misc]
    """Leaves each sequence only the token that our random numbers draw."""

    def __init__(self, vllm_config: Any, device: torch.device, is_pin_memory: bool) -> None:
        self._rows: dict[int, tuple[dict[str, Any], Any, list[int]]] = {}

    def is_argmax_invariant(self) -> bool:
        return False

    def update_state(self, batch_update: BatchUpdate | None) -> None:
        process_dict_updates(self._rows, batch_update, self._new_row)

    @staticmethod
    def _new_row(
        params: Any, prompt_ids: list[int] | None, tokens: list[int]
    ) -> tuple[dict[str, Any], Any, list[int]]:
        how = params.extra_args
        u = uniforms(how["seed"], how["task_id"], how["sample_index"], how["max_new_tokens"])
        return how, u, tokens

    def apply(self, logits: torch.Tensor) -> torch.Tensor:
        if not self._rows:
            return logits
        places = sorted(self._rows)
        how = self._rows[places[0]][0]  # the same for all but for what names the sample
        u = torch.tensor([self._rows[i][1][len(self._rows[i][2])] for i in places])
        drawn = draw_tokens(
            logits[places].float(), u.to(logits.device), how["temperature"], how["top_p"]
        )
        logits[places] = -torch.inf
        logits[places, drawn] = 0.0
        return logits


class VllmEngine:
    """A model in vLLM, with an adapter on top or without one."""

    def __init__(self, folder: Path, adapter: Path | None, dtype: str) -> None:
        self._device, self._dtype = device_and_dtype(dtype)
        self._settings: dict[str, Any] = {
            "model": str(folder),
            "dtype": self._dtype,
            "generation_config": "vllm",  # nothing that the model's repository wishes for
            "logits_processors": [OwnDraws],
            "enable_prefix_caching": True,
            "async_scheduling": False,  # a draw needs to know how many there were before
            "enforce_eager": self._device == "cpu",
        }
        self._lora = None
        if adapter is not None:
            rank = read_json(adapter / "adapter_config.json")["r"]
            self._lora = LoRARequest("adapter", 1, str(adapter.resolve()))
            self._settings["enable_lora"] = True
            self._settings["max_lora_rank"] = min(r for r in LORA_RANKS if r >= rank)

    def decode(
        self,
        prompts: Sequence[tuple[str, list[int]]],
        generation: Generation,
        is_complete: Callable[[list[int]], bool],
        batch_size: int,
    ) -> Iterator[list[Draft]]:
        """As `transformers_decoding.decode`, less the model."""
        engine = LLM(**self._settings, max_num_seqs=batch_size).llm_engine
        drafts: dict[str, Draft] = {}
        for number, (task_id, ids) in enumerate(prompts):
            for index in range(generation.n_samples):
                name = f"{number}/{index}"
                drafts[name] = Draft(number, index)
                params = _params(generation, task_id, index)
                prompt = TokensPrompt(prompt_token_ids=ids)
                engine.add_request(name, prompt, params, lora_request=self._lora)
        finished: dict[int, list[Draft]] = defaultdict(list)
        while engine.has_unfinished_requests():
            for output in engine.step():
                draft = drafts[output.request_id]
                _add_new(draft, output.outputs[0], generation, is_complete)
                if draft.finish_reason is None:
                    continue
                if not output.finished:
                    engine.abort_request([output.request_id])
                group = finished[draft.prompt_index]
                group.append(draft)
                if len(group) == generation.n_samples:
                    yield sorted(group, key=lambda d: d.sample_index)
                    del finished[draft.prompt_index]

    def describe(self) -> dict[str, str]:
        """Name, versions, device and number format, for the protocol."""
        return {
            "name": "vllm",
            "version": vllm.__version__,
            "torch": torch.__version__,
            "device": self._device,
            "dtype": self._dtype,
        }


def _params(generation: Generation, task_id: str, sample_index: int) -> SamplingParams:
    """What vLLM is told of one sample: where it ends is our business."""
    names = {"task_id": task_id, "sample_index": sample_index}
    return SamplingParams(
        temperature=0.0,
        max_tokens=generation.max_new_tokens,
        ignore_eos=True,
        detokenize=False,
        logprobs=0,
        output_kind=RequestOutputKind.DELTA,
        extra_args={**vars(generation), **names},
    )


def _add_new(
    draft: Draft,
    new: Any,
    generation: Generation,
    is_complete: Callable[[list[int]], bool],
) -> None:
    for token, logprobs in zip(new.token_ids, new.logprobs, strict=True):
        draft.add(token, logprobs[token].logprob, generation, is_complete)
