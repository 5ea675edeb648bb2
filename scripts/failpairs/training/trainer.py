"""TRL's trainers on pairs that are token ids already and stand in the order of training."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from datasets import Dataset
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer
from trl.trainer.utils import add_fused_lm_head

from failpairs.training.encoding import Encoded
from failpairs.training.packing import pack, pair_logprobs
from failpairs.training.pair_scores import Scores, loss_of, summary
from failpairs.training.recipe import Recipe


class PairTrainer(DPOTrainer):  # type: ignore[misc]
    """TRL's trainer with the loss of the recipe; reference log-probabilities come with the rows.

    TRL's own computes prompts twice, and logits and entropies at prompts and padding too.
    """

    def __init__(
        self, rows: Sequence[Encoded], recipe: Recipe, settings: dict[str, Any], **common: Any
    ) -> None:
        """
        Args:
            rows: encoded pairs with their reference, in the order of training.
            settings: of the trainer, as TRL's configurations take them.
            common: model, tokenizer, adapter configuration and callbacks.
        """
        super().__init__(
            train_dataset=Dataset.from_list(list(rows)),
            data_collator=pack,
            args=DPOConfig(**settings, beta=recipe.beta),
            **common,
        )
        self._recipe = recipe
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
        scores = Scores(pair_logprobs(model, inputs), inputs["reference"], inputs["lengths"])
        self._scores.append(replace(scores, logprobs=scores.logprobs.detach()))
        return loss_of(scores, self._recipe)

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        if self._scores:
            logs |= summary(Scores.joined(self._scores), self._recipe.beta)
            self._scores.clear()
        super().log(logs, start_time)


def sft_trainer(rows: Sequence[Encoded], settings: dict[str, Any], **common: Any) -> Any:
    """A trainer that imitates the chosen sides alone; arguments as of `PairTrainer`."""
    trainer = SFTTrainer(
        train_dataset=Dataset.from_list([_as_imitation(row) for row in rows]),
        args=SFTConfig(**settings, dataset_kwargs={"skip_prepare_dataset": True}),
        **common,
    )
    # TRL multiplies with the weights of the output layer itself, by default in bfloat16.
    add_fused_lm_head(
        trainer.model.get_base_model(),
        cast_lm_head_to_fp32=True,
        outputs=("log_probs", "entropy", "is_top1"),
    )
    return trainer


def _as_imitation(row: Encoded) -> dict[str, list[int]]:
    prompt, chosen = row["prompt_ids"], row["chosen_ids"]
    return {"input_ids": [*prompt, *chosen], "labels": [-100] * len(prompt) + chosen}
