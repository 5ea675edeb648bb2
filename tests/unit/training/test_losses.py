"""Our losses against the logits of separate rows, and against TRL's trainer step by step."""

import doctest
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from datasets import Dataset
from failpairs.training import encoding, losses
from failpairs.training.encoding import Encoded, difference
from failpairs.training.losses import LOSSES
from failpairs.training.packing import pack, pair_logprobs, token_logprobs
from failpairs.training.pair_scores import Scores, logprobs_of, loss_of
from failpairs.training.recipe import Recipe
from failpairs.training.trainer import PairTrainer
from hypothesis import given
from hypothesis import strategies as st
from peft import LoraConfig
from tiny_model import random_pairs, tiny_model, tiny_tokenizer
from trl import DPOConfig, DPOTrainer
from trl.experimental.cpo import CPOTrainer
from trl.experimental.orpo import ORPOTrainer

RECIPE = Recipe(beta=0.1, sft_weight=0.2)
# What TRL's DPOTrainer calls them; the others are compared with its other trainers, or by hand.
TRL_NAMES = {
    "dpo": "sigmoid",
    "ipo": "ipo",
    "hinge": "hinge",
    "robust": "robust",
    "apo_zero": "apo_zero",
    "apo_down": "apo_down",
    "nca": "nca_pair",
}
OTHERS = {"dpop", "simpo", "orpo"}


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
        assert found[..., 0] == pytest.approx(torch.tensor(expected), rel=1e-4)


def test_what_comes_after_a_side_does_not_change_it() -> None:
    model = tiny_model()
    pair = random_pairs(1)[0]
    longer = {
        **pair,
        "rejected_ids": [*pair["rejected_ids"], 9, 9, 9],
        "rejected_inside": [*pair["rejected_inside"], 1, 1, 1],
    }
    with torch.no_grad():
        one, other = (pair_logprobs(model, pack([p]))[0, 0, 0] for p in (pair, longer))
    assert float(one) == pytest.approx(float(other), rel=1e-5)


def test_the_loss_by_hand() -> None:
    packed = pack([{**random_pairs(1)[0], "reference": [[-5.0, -1.0], [-4.0, -2.0]]}])
    logprobs = torch.tensor([[[-3.0, -1.0], [-6.0, -3.0]]])
    margin = torch.tensor(RECIPE.beta * ((-3.0 - -5.0) - (-6.0 - -4.0)))
    likelihood = -3.0 / packed["lengths"][0, 0, 0]
    expected = -torch.nn.functional.logsigmoid(margin) - RECIPE.sft_weight * likelihood
    found = loss_of(Scores(logprobs, packed["reference"], packed["lengths"]), RECIPE)
    assert float(found) == pytest.approx(float(expected))


def test_with_focus_a_token_inside_the_difference_counts_several_times() -> None:
    model, pairs = tiny_model(), random_pairs(6)
    expected = []
    with torch.no_grad():
        for pair in pairs:
            packed = pack([pair])
            each = token_logprobs(model, packed)
            weights = 1 + 2.5 * packed["inside"]
            sizes = [len(pair[side]) for side in ("chosen_ids", "rejected_ids")]
            parts = zip(torch.split(each, sizes), torch.split(weights, sizes), strict=True)
            expected.append([[(w * x).sum(), w.sum()] for x, w in parts])
        packed = pack([{**pair, "reference": [[0.0, 0.0], [0.0, 0.0]]} for pair in pairs])
        scores = Scores(pair_logprobs(model, packed), packed["reference"], packed["lengths"])
    logprobs, _, lengths = scores.weighed(3.5)
    found = torch.stack([logprobs, lengths], -1)
    assert found == pytest.approx(torch.tensor(expected), rel=1e-4)
    with_focus = RECIPE.model_copy(update={"focus": 3.5})
    assert float(loss_of(scores, with_focus)) != pytest.approx(float(loss_of(scores, RECIPE)))
    assert loss_of(scores, RECIPE.model_copy(update={"focus": 1.0})) == loss_of(scores, RECIPE)


@given(st.lists(st.integers(0, 3), max_size=20), st.lists(st.integers(0, 3), max_size=20))
def test_outside_the_difference_both_sides_have_the_same_tokens(
    chosen: list[int], rejected: list[int]
) -> None:
    inside = difference(chosen, rejected)
    outside = [
        [token for token, mark in zip(side, inside[f"{name}_inside"], strict=True) if not mark]
        for name, side in (("chosen", chosen), ("rejected", rejected))
    ]
    assert outside[0] == outside[1]
    if chosen == rejected:
        assert not any(inside["chosen_inside"])
    elif not {*chosen} & {*rejected}:
        assert all(inside["chosen_inside"]) and all(inside["rejected_inside"])


def test_the_values_in_the_documentation_are_right() -> None:
    result = doctest.testmod(losses)
    assert result.attempted >= len(LOSSES)
    assert not result.failed
    assert not doctest.testmod(encoding).failed


def some_scores() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Log-probabilities under two models and lengths, of eight pairs."""
    draw = torch.Generator().manual_seed(0)
    lengths = torch.randint(5, 80, (8, 2), generator=draw)
    logprobs, reference = (-lengths * torch.rand(8, 2, generator=draw) for _ in range(2))
    return logprobs, reference, lengths


def test_every_loss_is_compared_with_another_implementation() -> None:
    assert {*TRL_NAMES, *OTHERS} == set(LOSSES)


def test_simpo_is_that_of_trl() -> None:
    logprobs, reference, lengths = some_scores()
    beta = LOSSES["simpo"].own["beta"]
    trainer = SimpleNamespace(
        alpha=0.0,
        beta=beta,
        simpo_gamma=losses.TARGET_MARGIN * beta,
        loss_type="simpo",
        label_smoothing=0.0,
        accelerator=SimpleNamespace(device="cpu"),
    )
    expected, _, _ = CPOTrainer.cpo_loss(trainer, *(logprobs / lengths).unbind(1))
    found = losses.simpo(logprobs, reference, lengths, beta)
    assert float(found) == pytest.approx(float(expected.mean()), rel=1e-6)


def test_orpo_is_that_of_trl() -> None:
    logprobs, reference, lengths = some_scores()
    trainer = SimpleNamespace(beta=0.1, accelerator=SimpleNamespace(device="cpu"))
    expected, *_ = ORPOTrainer.odds_ratio_loss(trainer, *(logprobs / lengths).unbind(1))
    found = losses.orpo(logprobs, reference, lengths, 0.1)
    assert float(found) == pytest.approx(-float(expected.mean()), rel=1e-6)


def test_dpop_is_dpo_where_no_chosen_side_falls_and_steeper_where_one_does() -> None:
    logprobs, reference, lengths = some_scores()
    risen = torch.stack([reference[:, 0] + 1, logprobs[:, 1]], 1)
    of_risen = losses.dpop(risen, reference, lengths, 0.1)
    assert float(of_risen) == pytest.approx(float(losses.dpo(risen, reference, lengths, 0.1)))
    # Below the reference the gradient of a margin m is that of DPO at m - λ f, times 1 + λ.
    chosen = (reference[:1, 0] - 0.2).requires_grad_()
    rejected = reference[:1, 1]
    pair = torch.stack([chosen, rejected], 1)
    losses.dpop(pair, reference[:1], lengths[:1], 0.1).backward()
    expected = -0.1 * 51 * torch.sigmoid(torch.tensor(-0.1 * (-0.2 - 50 * 0.2)))
    assert float(chosen.grad) == pytest.approx(float(expected), rel=1e-4)


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradients_are_those_of_finite_differences(name: str) -> None:
    logprobs, reference, lengths = (each.double() for each in some_scores())

    def value(logprobs: torch.Tensor) -> torch.Tensor:
        return LOSSES[name].of_pairs(logprobs, reference, lengths, 0.3)

    assert torch.autograd.gradcheck(value, logprobs.requires_grad_())


@pytest.mark.parametrize("name", TRL_NAMES)
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
            label_smoothing=losses.FLIPPED if name == "robust" else 0.0,
            loss_weights=[1.0, recipe.sft_weight],
        ),
        **common(),
    )
    known = logprobs_of(tiny_model(), pairs, 4).tolist()
    rows = [{**pair, "reference": reference} for pair, reference in zip(pairs, known, strict=True)]
    ours = PairTrainer(rows, recipe, settings, **common())
    curves = []
    for trainer in (plain, ours):
        trainer.train()
        curves.append([row["loss"] for row in trainer.state.log_history if "loss" in row])
    assert len(curves[0]) == 3
    assert curves[1] == pytest.approx(curves[0], rel=1e-4)
    assert curves[0][0] != pytest.approx(curves[0][-1], rel=1e-2)
