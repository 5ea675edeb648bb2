"""Weights of 4 bits: the same model in sampling, reference, training and evaluation."""

import math
from pathlib import Path

import pytest
import torch
from bitsandbytes.functional import dequantize_4bit
from bitsandbytes.nn import Linear4bit
from builders import a_problem
from failpairs.errors import InputError
from failpairs.models.load import load_model
from failpairs.models.quantization import is_quantized, number_format_of
from failpairs.models.tuned import load_tuned
from failpairs.provenance.protocol import (
    SAME_EVALUATION,
    SamplesMeta,
    read_meta,
    require_same,
    write_meta,
)
from failpairs.records import Pair
from failpairs.sampling.sampler import load_sampler, sample_problems
from failpairs.sampling.settings import SamplingSettings
from failpairs.storage.files import read_objects, write_jsonl
from failpairs.training.recipe import Recipe
from failpairs.training.reference_logprobs import ReferenceMeta, reference_of
from failpairs.training.train_adapter import PairSet, Run, train_adapter
from safetensors.torch import load_file
from tiny_model import write_tiny_model

SETTINGS = SamplingSettings(n_samples=2, temperature=1.0, max_new_tokens=20)
RECIPE = Recipe(
    learning_rate=5e-3, epochs=4, batch_size=2, micro_batch_size=2, lora_rank=4, max_chosen_drop=10
)


def a_pair(number: int) -> Pair:
    return Pair(
        prompt=f"<user>{number}<end><assistant>",
        chosen=f"return {number}\n```",
        rejected=f"retrun {number}\n```",
        task_id=f"t/{number}",
        chosen_index=0,
        rejected_index=1,
        rejected_label="NAME_ERROR",
        similarity=0.5,
        length_ratio=1.0,
    )


PAIRS = [a_pair(number) for number in range(4)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"), hidden_size=64)


def a_run(folder: Path, method: str = "preference", dtype: str = "float32") -> Run:
    return Run(folder, dtype, "chat", RECIPE, method, 0, "code", quantization="nf4")


@pytest.fixture(scope="module")
def adapter(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("adapter") / "seed0"
    train_adapter(a_run(folder), PairSet(PAIRS, PAIRS[:1]), output, {})
    return output


def test_all_linear_layers_but_the_last_have_4_bits(folder: Path) -> None:
    model = load_model(folder, "bfloat16", "nf4")
    assert is_quantized(model)
    assert not is_quantized(load_model(folder, "bfloat16"))
    linear = [m for m in model.modules() if isinstance(m, torch.nn.Linear)]
    assert sum(isinstance(m, Linear4bit) for m in linear) == len(linear) - 1 == 14
    assert model.get_output_embeddings().weight.dtype == torch.float32
    assert number_format_of(model) == "nf4 in torch.bfloat16"


def test_gradients_pass_through_4_bits_as_through_the_weights_they_stand_for(folder: Path) -> None:
    quantized, plain = load_model(folder, "float32", "nf4"), load_model(folder, "float32")
    for name, layer in quantized.named_modules():
        if isinstance(layer, Linear4bit):
            weight = dequantize_4bit(layer.weight.data, layer.weight.quant_state)
            plain.get_submodule(name).weight.data = weight
    found = []
    for model in (quantized, plain):
        hidden = torch.randn(1, 4, 64, generator=torch.Generator().manual_seed(0))
        with torch.inference_mode():  # as the reference is computed before training
            model(inputs_embeds=hidden)
        hidden.requires_grad_()
        logits = model.train()(inputs_embeds=hidden).logits
        logits.logsumexp(-1).sum().backward()
        found.append((logits.detach(), hidden.grad))
    for one, other in zip(*found, strict=True):
        assert torch.allclose(one, other, rtol=1e-3, atol=1e-3)


def test_training_on_4_bits_lowers_the_loss_of_a_float32_adapter(adapter: Path) -> None:
    curve = [row for _, row in read_objects(adapter / "train_log.jsonl")]
    losses = [row["loss"] for row in curve if "loss" in row]
    assert len(losses) == 8
    assert all(map(math.isfinite, losses))
    assert losses[-1] < losses[0]
    assert curve[-1]["held_out_reward_margin"] > curve[0]["held_out_reward_margin"] == 0
    for weight in load_file(adapter / "adapter_model.safetensors").values():
        assert weight.dtype == torch.float32
        assert not torch.equal(weight, weight.bfloat16().float())


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_imitation_trains_on_4_bits_too(folder: Path, tmp_path: Path, dtype: str) -> None:
    curve = train_adapter(a_run(folder, "sft", dtype), PairSet(PAIRS, []), tmp_path / "a", {})
    losses = [row["loss"] for row in curve if "loss" in row]
    assert losses[-1] < losses[0]


def test_an_adapter_is_applied_to_4_bits_unmerged(folder: Path, adapter: Path) -> None:
    tuned, base = (
        load_tuned(folder, adapter, "float32", "nf4"),
        load_model(folder, "float32", "nf4"),
    )
    ids = torch.tensor([[5, 9, 7, 3]])
    with torch.inference_mode():
        plain, with_adapter = base(input_ids=ids).logits, tuned(input_ids=ids).logits
        assert not torch.equal(plain, with_adapter)
        with tuned.disable_adapter():
            assert torch.equal(plain, tuned(input_ids=ids).logits)


def test_base_and_tuned_are_compared_in_one_format(folder: Path, adapter: Path) -> None:
    def meta_in(tuned: Path | None, quantization: str) -> SamplesMeta:
        sampler = load_sampler(folder, tuned, "float32", "chat", quantization=quantization)
        samples, meta = sample_problems(sampler, [a_problem()], SETTINGS, 4)
        assert len(samples) == SETTINGS.n_samples
        return meta

    base, tuned, plain = meta_in(None, "nf4"), meta_in(adapter, "nf4"), meta_in(None, "none")
    assert base.engine["dtype"] == "nf4 in float32"
    require_same(base, tuned, SAME_EVALUATION, ("base", "tuned"), "cannot be compared")
    message = r"engine\.dtype is 'float32' in one and 'nf4 in float32' in the other"
    with pytest.raises(InputError, match=message):
        require_same(plain, tuned, SAME_EVALUATION, ("base", "tuned"), "cannot be compared")


def test_a_reference_in_another_format_is_refused(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "reference_logps.jsonl"
    rows, meta = reference_of(folder, PAIRS, "float32", "chat", 2)
    write_jsonl(path, rows)
    write_meta(path, meta)
    assert read_meta(path, ReferenceMeta).dtype == "torch.float32"
    with pytest.raises(InputError, match=r"dtype is 'torch.float32' in one and 'nf4 in torch"):
        train_adapter(a_run(folder), PairSet(PAIRS, [], path), tmp_path / "adapter", {})


def test_an_engine_that_cannot_quantize_is_refused(folder: Path) -> None:
    message = "--quantization: --engine vllm cannot do it; use one of auto, transformers"
    with pytest.raises(InputError, match=message):
        load_sampler(folder, None, "auto", "chat", "vllm", quantization="nf4")


def test_a_python_without_bitsandbytes_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"has no bitsandbytes; set inference\.python to python"):
        load_model(folder, "float32", "nf4")
