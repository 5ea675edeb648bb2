"""Training of a LoRA adapter, by DPO or by plain fine-tuning, with TRL and PEFT."""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import TrainerCallback
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

from failpairs.errors import InputError
from failpairs.files import read_json, staging, write_json
from failpairs.models import load_model, load_tokenizer
from failpairs.progress import Progress
from failpairs.prompts import encode
from failpairs.records import Pair

log = logging.getLogger(__name__)

ADAPTER_FILES = ("adapter_model.safetensors", "adapter_config.json")
LOGGED = {  # TRL's names and ours
    "loss": "loss",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
    "rewards/accuracies": "reward_accuracy",
    "rewards/margins": "reward_margin",
    "logps/chosen": "chosen_logprob",
    "logps/rejected": "rejected_logprob",
}


@dataclass(frozen=True)
class Recipe:
    """How to train; see the section `training` of the configuration."""

    learning_rate: float
    epochs: float
    batch_size: int
    micro_batch_size: int
    warmup_ratio: float
    beta: float
    sft_weight: float
    lora_rank: int
    lora_alpha: int
    lora_dropout: float
    max_grad_norm: float


class _PairTrainer(DPOTrainer):  # type: ignore[misc]
    """TRL's trainer on pairs that are already token ids, split where the model's answer began."""

    def _prepare_dataset(self, dataset: Dataset, *args: Any, **kwargs: Any) -> Dataset:
        return dataset


class _Curve(TrainerCallback):  # type: ignore[misc]
    """Keeps what the trainer logs, one row a step."""

    def __init__(self, steps: int) -> None:
        self.rows: list[dict[str, float]] = []
        self._progress = Progress("training steps", steps)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        if "loss" not in logs:
            return
        row = {ours: float(logs[theirs]) for theirs, ours in LOGGED.items() if theirs in logs}
        self.rows.append({"step": state.global_step, "epoch": float(state.epoch), **row})
        self._progress.update(state.global_step, f"loss {row['loss']:.4f}")


def train_adapter(
    model_folder: Path,
    pairs: Sequence[Pair],
    recipe: Recipe,
    seed: int,
    dtype: str,
    prompt_format: str,
    method: str,
    output: Path,
) -> list[dict[str, float]]:
    """Train one adapter and write it to a folder.

    Args:
        seed: decides the LoRA initialisation and the order of the pairs.
        prompt_format: how the pairs' prompts were rendered, so that they are encoded likewise.
        method: `dpo`, or `sft` to imitate the chosen sides and leave the rejected ones alone.

    Returns:
        the training curve, one row a step; log-probabilities are summed over a completion, in nats.

    Raises:
        InputError: there are no pairs.
    """
    if not pairs:
        raise InputError("no pairs to train on")
    tokenizer = load_tokenizer(model_folder)
    model = load_model(model_folder, dtype)
    steps = _steps(len(pairs), recipe)
    curve = _Curve(steps)
    with tempfile.TemporaryDirectory() as scratch:
        trainer = _make_trainer(
            method,
            recipe,
            [_encode_pair(tokenizer, pair, prompt_format) for pair in pairs],
            model=model,
            processing_class=tokenizer,
            peft_config=LoraConfig(
                r=recipe.lora_rank,
                lora_alpha=recipe.lora_alpha,
                lora_dropout=recipe.lora_dropout,
                target_modules="all-linear",
                task_type="CAUSAL_LM",
            ),
            callbacks=[curve],
            settings=_settings(recipe, seed, steps, model.device.type == "cuda", scratch),
        )
        trainer.train()
    _save_adapter(trainer.model, output)
    return curve.rows


def _settings(recipe: Recipe, seed: int, steps: int, on_gpu: bool, scratch: str) -> dict[str, Any]:
    """What both methods have in common."""
    return {
        "output_dir": scratch,
        "seed": seed,
        "learning_rate": recipe.learning_rate,
        "num_train_epochs": recipe.epochs,
        "per_device_train_batch_size": recipe.micro_batch_size,
        "gradient_accumulation_steps": max(1, recipe.batch_size // recipe.micro_batch_size),
        "warmup_steps": round(recipe.warmup_ratio * steps),
        "max_grad_norm": recipe.max_grad_norm,
        "max_length": None,
        "bf16": on_gpu,
        "gradient_checkpointing": on_gpu,
        "use_cpu": not on_gpu,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
    }


def _make_trainer(
    method: str,
    recipe: Recipe,
    rows: list[dict[str, list[int]]],
    settings: dict[str, Any],
    **common: Any,
) -> Any:
    if method == "sft":
        return SFTTrainer(
            train_dataset=Dataset.from_list([_as_imitation(row) for row in rows]),
            args=SFTConfig(**settings, dataset_kwargs={"skip_prepare_dataset": True}),
            **common,
        )
    return _PairTrainer(
        train_dataset=Dataset.from_list(rows),
        args=DPOConfig(
            **settings,
            beta=recipe.beta,
            loss_type=["sigmoid", "sft"] if recipe.sft_weight else ["sigmoid"],
            loss_weights=[1.0, recipe.sft_weight] if recipe.sft_weight else [1.0],
            precompute_ref_log_probs=True,
        ),
        **common,
    )


def _as_imitation(row: dict[str, list[int]]) -> dict[str, list[int]]:
    """An encoded pair as a row for plain fine-tuning: the loss is on the chosen side alone."""
    prompt, chosen = row["prompt_ids"], row["chosen_ids"]
    return {"input_ids": [*prompt, *chosen], "labels": [-100] * len(prompt) + chosen}


def _steps(n_pairs: int, recipe: Recipe) -> int:
    per_epoch = -(-n_pairs // recipe.batch_size)
    return max(1, round(per_epoch * recipe.epochs))


def _encode_pair(tokenizer: Any, pair: Pair, prompt_format: str) -> dict[str, list[int]]:
    """Token ids of a pair, prompt and answers apart, as sampling had them; answers end with EOS."""

    def answer(text: str) -> list[int]:
        ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
        return [*ids, tokenizer.eos_token_id]

    return {
        "prompt_ids": encode(tokenizer, pair.prompt, prompt_format),
        "chosen_ids": answer(pair.chosen),
        "rejected_ids": answer(pair.rejected),
    }


def _save_adapter(model: Any, output: Path) -> None:
    """Write the two files of an adapter, with its configuration in a stable order."""
    output.mkdir(parents=True, exist_ok=True)
    with staging(output) as made:
        model.save_pretrained(made)
        config = read_json(made / "adapter_config.json")
        # PEFT keeps these as a set, whose order changes from run to run.
        config["target_modules"] = sorted(config["target_modules"])
        write_json(made / "adapter_config.json", config)
        for path in made.iterdir():
            if path.name not in ADAPTER_FILES:
                path.unlink()  # PEFT's model card, a form that nobody filled in


def set_threads(threads: int) -> None:
    """Use this many CPU threads for tensor work."""
    torch.set_num_threads(threads)
