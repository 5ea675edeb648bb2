"""TRL's trainers on pairs that are token ids already and stand in the order of training."""

from collections.abc import Sequence
from typing import Any

import torch
from datasets import Dataset
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

from failpairs.training.encoding import Encoded
from failpairs.training.losses import dpo_loss
from failpairs.training.packing import pack, pair_logprobs
from failpairs.training.pair_scores import Scores, summary


class PairTrainer(DPOTrainer):  # type: ignore[misc]
    """TRL's trainer with the loss of `pair_loss`; reference log-probabilities come with the rows.

    TRL's own computes prompts twice, and logits and entropies at prompts and padding too.
    """

    def __init__(self, rows: Sequence[Encoded], sft_weight: float, **settings: Any) -> None:
        super().__init__(
            train_dataset=Dataset.from_list(list(rows)), data_collator=pack, **settings
        )
        self._sft_weight = sft_weight
        self._scores: list[Scores] = []

    def _prepare_dataset(self, dataset: Dataset, *args: Any, **kwargs: Any) -> Dataset:
        return dataset

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> torch.Tensor:
        logprobs = pair_logprobs(model, inputs)
        reference, lengths = inputs["reference"], inputs["lengths"]
        self._scores.append(Scores(logprobs.detach(), reference, lengths))
        return dpo_loss(logprobs, reference, lengths, self.beta, self._sft_weight)

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        if self._scores:
            logs |= summary(Scores.joined(self._scores), self.beta)
            self._scores.clear()
        super().log(logs, start_time)


def dpo_trainer(
    rows: Sequence[Encoded], beta: float, sft_weight: float, settings: dict[str, Any], **common: Any
) -> Any:
    """A trainer by preference.

    Args:
        rows: encoded pairs with their reference, in the order of training.
        settings: of the trainer, as TRL's configurations take them.
        common: model, tokenizer, adapter configuration and callbacks.
    """
    return PairTrainer(rows, sft_weight, args=DPOConfig(**settings, beta=beta), **common)


def sft_trainer(rows: Sequence[Encoded], settings: dict[str, Any], **common: Any) -> Any:
    """A trainer that imitates the chosen sides alone; arguments as of `dpo_trainer`."""
    return SFTTrainer(
        train_dataset=Dataset.from_list([_as_imitation(row) for row in rows]),
        args=SFTConfig(**settings, dataset_kwargs={"skip_prepare_dataset": True}),
        **common,
    )


def _as_imitation(row: Encoded) -> dict[str, list[int]]:
    prompt, chosen = row["prompt_ids"], row["chosen_ids"]
    return {"input_ids": [*prompt, *chosen], "labels": [-100] * len(prompt) + chosen}
