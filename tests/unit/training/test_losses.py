"""Our losses against the logits of separate rows, and against TRL's trainer step by step."""

import doctest
from pathlib import Path
from typing import Any

import pytest
import torch
from datasets import Dataset
from failpairs.training import losses
from failpairs.training.encoding import Encoded
from failpairs.training.losses import LOSSES
from failpairs.training.packing import pack, pair_logprobs
from failpairs.training.pair_scores import Scores, logprobs_of, loss_of
from failpairs.training.recipe import Recipe
from failpairs.training.trainer import PairTrainer
from peft import LoraConfig
from tiny_model import random_pairs, tiny_model, tiny_tokenizer
from trl import DPOConfig, DPOTrainer

RECIPE = Recipe(beta=0.1, sft_weight=0.2)
TRL_NAMES = {"dpo": "sigmoid"}


def separately(model: Any, pair: Encoded, side: str) -> float:
    prompt, answer = pair["prompt_ids"], pair[side]
    with torch.inference_mode():
        logits = model(torch.tensor([prompt + answer])).logits[0, len(prompt) - 1 : -1]
    return float(torch.log_softmax(logits, -1)[range(len(answer)), answer].sum())


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_log_probabilities_are_those_of_separate_rows(attention: str) -> None:
    model = tiny_model()
    model.set_attn_implementation(attention)
    pairs = random_pairs(5)
    expected = [
        [separately(model, p, side) for side in ("chosen_ids", "rejected_ids")] for p in pairs
    ]
    for batch_size in (1, 3, 5):
        found = logprobs_of(model, pairs, batch_size)
        assert found == pytest.approx(torch.tensor(expected), rel=1e-4)


def test_what_comes_after_a_side_does_not_change_it() -> None:
    model = tiny_model()
    pair = random_pairs(1)[0]
    longer = {**pair, "rejected_ids": [*pair["rejected_ids"], 9, 9, 9]}
    with torch.no_grad():
        one, other = (pair_logprobs(model, pack([p]))[0, 0] for p in (pair, longer))
    assert float(one) == pytest.approx(float(other), rel=1e-5)


def test_the_loss_by_hand() -> None:
    packed = pack([{**random_pairs(1)[0], "ref_chosen_logps": -5.0, "ref_rejected_logps": -4.0}])
    logprobs = torch.tensor([[-3.0, -6.0]])
    margin = torch.tensor(RECIPE.beta * ((-3.0 - -5.0) - (-6.0 - -4.0)))
    likelihood = -3.0 / packed["lengths"][0, 0]
    expected = -torch.nn.functional.logsigmoid(margin) - RECIPE.sft_weight * likelihood
    found = loss_of(Scores(logprobs, packed["reference"], packed["lengths"]), RECIPE)
    assert float(found) == pytest.approx(float(expected))


def test_the_values_in_the_documentation_are_right() -> None:
    result = doctest.testmod(losses)
    assert result.attempted >= len(LOSSES)
    assert not result.failed


@pytest.mark.parametrize("name", LOSSES)
def test_the_losses_of_every_step_are_those_of_plain_trl(tmp_path: Path, name: str) -> None:
    recipe = RECIPE.model_copy(update={"loss": name})
    pairs = random_pairs(12)
    settings = {
        "output_dir": str(tmp_path),
        "seed": 3,
        "learning_rate": 5e-3,
        "num_train_epochs": 1,
        "train_sampling_strategy": "sequential",
        "per_device_train_batch_size": 2,
        "gradient_accumulation_steps": 2,
        "max_length": None,
        "bf16": False,
        "use_cpu": True,
        "activation_checkpointing": False,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
    }

    def common() -> dict[str, Any]:
        return {
            "model": tiny_model(),
            "processing_class": tiny_tokenizer(),
            "peft_config": LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM"),
        }

    class Prepared(DPOTrainer):  # type: ignore[misc]
        def _prepare_dataset(self, dataset: Dataset, *args: Any, **kwargs: Any) -> Dataset:
            return dataset

    plain = Prepared(
        train_dataset=Dataset.from_list(pairs),
        args=DPOConfig(
            **settings,
            beta=recipe.beta,
            loss_type=[TRL_NAMES[name], "sft"],
            loss_weights=[1.0, recipe.sft_weight],
        ),
        **common(),
    )
    known = logprobs_of(tiny_model(), pairs, 4).tolist()
    rows = [
        {**pair, "ref_chosen_logps": chosen, "ref_rejected_logps": rejected}
        for pair, (chosen, rejected) in zip(pairs, known, strict=True)
    ]
    ours = PairTrainer(rows, recipe, settings, **common())
    curves = []
    for trainer in (plain, ours):
        trainer.train()
        curves.append([row["loss"] for row in trainer.state.log_history if "loss" in row])
    assert len(curves[0]) == 3
    assert curves[1] == pytest.approx(curves[0], rel=1e-4)
    assert curves[0][0] != pytest.approx(curves[0][-1], rel=1e-2)
