"""TRL's trainers on pairs that are token ids already and stand in the order of training."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from datasets import Dataset
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer
from trl.trainer.utils import add_fused_lm_head

from failpairs.errors import InputError
from failpairs.training.encoding import Encoded
from failpairs.training.packing import pack, pair_logprobs
from failpairs.training.pair_scores import Scores, loss_of, summary
from failpairs.training.ranks import of_all_ranks, rank_and_count
from failpairs.training.recipe import Recipe
from failpairs.training.replay import Replay, exams_of


class PairTrainer(DPOTrainer):  # type: ignore[misc]
    """TRL's trainer with the loss of the recipe; reference log-probabilities come with the rows.

    TRL's own computes prompts twice, and logits and entropies at prompts and padding too.
    """

    def __init__(
        self, rows: Sequence[Encoded], recipe: Recipe, settings: dict[str, Any], **common: Any
    ) -> None:
        """
        Args:
            rows: encoded pairs with their reference, and with a `weight` where it is not 1, in the
                order of training.
            settings: of the trainer, as TRL's configurations take them.
            common: model, tokenizer, adapter configuration and callbacks.
        """
        super().__init__(
            train_dataset=Dataset.from_list(list(rows)),
            data_collator=_pack_weighted,
            args=DPOConfig(**settings, beta=recipe.beta, remove_unused_columns=False),
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
        if inputs["weight"]:
            self._scores.append(replace(scores, logprobs=scores.logprobs.detach()))
        weight: float = inputs["weight"]
        return loss_of(scores, self._recipe) * weight

    def _track_num_input_tokens(self, inputs: dict[str, Any]) -> None:
        ids = inputs["input_ids"]
        super()._track_num_input_tokens({"input_ids": ids if inputs["weight"] else ids[:, :0]})

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        if scores := _of_all_ranks(self._scores):
            logs |= summary(Scores.joined(scores), self._recipe.beta)
            self._scores.clear()
        super().log(logs, start_time)


class ReplayTrainer(PairTrainer):
    """A trainer whose steps depend on the exams before them, which stand in its log."""

    def __init__(
        self,
        rows: Sequence[Encoded],
        replay: Replay,
        recipe: Recipe,
        settings: dict[str, Any],
        **common: Any,
    ) -> None:
        """
        Args:
            rows: encoded pairs with their reference, by the numbers that `replay` gives them.
        """
        planned = [rows[number] for step in replay.plan for number in step]
        super().__init__(planned, recipe, settings, **common)
        self._rows = rows
        self._replay = replay

    def get_batch_samples(
        self, epoch_iterator: Any, num_batches: int, device: torch.device
    ) -> tuple[list[dict[str, Any]], Any]:
        """The micro-batches of a step, which are packed when it begins.

        The data loader fetches ahead and cannot know the last exam: its batches are those of the
        plan, and only as many. So a resumed run skips as many as any other.
        """
        _, n_items = super().get_batch_samples(epoch_iterator, num_batches, device)
        exams = exams_of(self.state.log_history)
        step = [self._rows[i] for i in self._replay.pairs_of_step(self.state.global_step, exams)]
        size = self.args.per_device_train_batch_size
        return [_pack_weighted(step[i : i + size]) for i in range(0, len(step), size)], n_items


def _of_all_ranks(scores: list[Scores]) -> list[Scores]:
    if rank_and_count()[1] == 1:
        return scores
    parts = of_all_ranks([each.to("cpu") for each in scores])
    return [each for part in parts for each in part]


def _pack_weighted(rows: Sequence[Encoded]) -> dict[str, Any]:
    """One micro-batch, without the rows that only fill it up."""
    weight = rows[0].get("weight", 1.0)
    return {**pack([row for row in rows if row.get("weight", 1.0) == weight]), "weight": weight}


def sft_trainer(rows: Sequence[Encoded], settings: dict[str, Any], **common: Any) -> Any:
    """A trainer that imitates the chosen sides alone; arguments as of `PairTrainer`.

    Its loss is a mean over the tokens of a step, whichever process has them, so that of the weights
    it only matters whether they are 0.
    """
    trainer = SFTTrainer(
        train_dataset=Dataset.from_list([_as_imitation(row) for row in rows]),
        args=SFTConfig(**settings, dataset_kwargs={"skip_prepare_dataset": True}),
        **common,
    )
    _in_float32(trainer, "log_probs", "entropy", "is_top1")
    return trainer


def _in_float32(trainer: Any, *outputs: str) -> None:
    """TRL multiplies with the weights of the output layer itself, by default in bfloat16."""
    model = trainer.model.get_base_model()
    add_fused_lm_head(model, cast_lm_head_to_fp32=True, outputs=outputs)


class _EncodedKTOTrainer(KTOTrainer):  # type: ignore[misc]
    def _prepare_dataset(self, dataset: Dataset, *args: Any, **kwargs: Any) -> Dataset:
        return dataset


def kto_trainer(
    rows: Sequence[Encoded], recipe: Recipe, settings: dict[str, Any], **common: Any
) -> Any:
    """A trainer with TRL's loss of KTO (Ethayarajh et al. 2024, arXiv 2402.01306, equation 7) for
    the sides of pairs, each by itself; arguments as of `PairTrainer`.

    Raises:
        InputError: one pair is in memory at once, so that there are no completions of other prompts
            to estimate the divergence with, or several processes train.
    """
    size = settings["per_device_train_batch_size"]
    if size < 2:
        raise InputError("KTO needs training.micro_batch_size (--micro-batch-size) of at least 2")
    if recipe.processes > 1:
        raise InputError("KTO is trained in one process: set training.processes to 1")
    examples = [
        example
        for start in range(0, len(rows), size)
        for example in as_single_answers(rows[start : start + size])
    ]
    trainer = _EncodedKTOTrainer(
        train_dataset=Dataset.from_list(examples),
        args=KTOConfig(**{**settings, "per_device_train_batch_size": 2 * size}, beta=recipe.beta),
        **common,
    )
    _in_float32(trainer, "log_probs", "entropy", "mean_logits")
    return trainer


def as_single_answers(rows: Sequence[Encoded]) -> list[dict[str, Any]]:
    """One micro-batch of KTO: all chosen sides and then all rejected ones, each with the one before
    it as the completion of another prompt, so that only of a single pair it is of the same."""
    sides = [
        {"prompt_ids": row["prompt_ids"], "completion_ids": row[f"{name}_ids"], "label": label}
        for name, label in (("chosen", True), ("rejected", False))
        for row in rows
    ]
    others = [side["completion_ids"] for side in (sides[-1], *sides[:-1])]
    return [{**side, "KL_completion_ids": other} for side, other in zip(sides, others, strict=True)]


def _as_imitation(row: Encoded) -> dict[str, list[int]]:
    prompt, chosen = row["prompt_ids"], row["chosen_ids"]
    ids = [*prompt, *chosen]
    if not row.get("weight", 1.0):
        return {"input_ids": ids, "labels": [-100] * len(ids)}
    return {"input_ids": ids, "labels": [-100] * len(prompt) + chosen}
