"""Sampling through transformers: each token is drawn with a random number of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
import transformers
from transformers import AutoConfig

from failpairs.models.load import load_model
from failpairs.models.memory_estimate import describe_loaded, room_here, sampling_need
from failpairs.models.quantization import number_format_of
from failpairs.models.reach import longest_sequence, require_attention
from failpairs.models.tuned import load_tuned
from failpairs.sampling.engines import Completion
from failpairs.sampling.memory_fallback import decode_within_memory
from failpairs.sampling.sampled_model import SampledModel
from failpairs.sampling.settings import GenerationSettings
from failpairs.sampling.token_draws import Generation


class TransformersEngine:
    """A transformers model in the decoding loop of this library."""

    def __init__(self, sampled: SampledModel) -> None:
        """
        Raises:
            InputError: the model cannot be loaded, or has layers that this engine cannot sample.
        """
        folder, form = sampled.folder, (sampled.dtype, sampled.quantization)
        # Before its weights are loaded, which may take minutes.
        require_attention(AutoConfig.from_pretrained(folder, trust_remote_code=False))
        self.model = (
            load_tuned(folder, sampled.tuned, *form) if sampled.tuned else load_model(folder, *form)
        )
        self._sampled = sampled

    def complete(
        self,
        prompts: Mapping[str, str],
        settings: GenerationSettings,
        batch_size: int,
        drawn: Mapping[str, int],
    ) -> Iterator[list[Completion]]:
        """As `Engine.complete`; where memory runs out the batch is halved.

        Raises:
            InputError: a sequence may become longer than the model's context, or there is no memory
                for one.
        """
        if not prompts:
            return
        sampled = self._sampled
        encoded = [(task_id, sampled.encode(text)) for task_id, text in prompts.items()]
        longest_sequence(dict(encoded), settings.max_new_tokens, sampled.loaded)
        self._require_memory(encoded, settings, batch_size)
        generation = Generation(**settings.generation(), eos_token_ids=sampled.eos_token_ids)
        for drafts in decode_within_memory(
            self.model, encoded, generation, sampled.has_stop, batch_size, drawn
        ):
            yield [
                Completion(
                    task_id=encoded[draft.prompt_index][0],
                    sample_index=draft.sample_index,
                    text=sampled.text(draft.tokens),
                    finish_reason=draft.finish_reason,
                    n_tokens=len(draft.tokens),
                    sum_logprob=draft.sum_logprob,
                )
                for draft in drafts
            ]

    def _require_memory(
        self, encoded: Sequence[tuple[str, list[int]]], settings: GenerationSettings, batch: int
    ) -> None:
        model = describe_loaded(self.model)
        if model is None:
            return
        sequences = min(batch, len(encoded) * settings.n_samples)
        longest = max(len(ids) for _, ids in encoded)
        need = sampling_need("sampling", model, sequences, longest, settings.max_new_tokens)
        need.require(room_here())

    def describe(self) -> dict[str, str]:
        """Name, versions, device and number format."""
        return {
            "name": "transformers",
            "version": transformers.__version__,
            "torch": torch.__version__,
            "device": self.model.device.type,
            "dtype": number_format_of(self.model).replace("torch.", ""),
        }

    def own_settings(self) -> dict[str, Any]:
        """The end tokens."""
        return {"eos_token_ids": list(self._sampled.eos_token_ids)}
