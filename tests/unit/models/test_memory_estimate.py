"""Estimates of memory by hand, and what is refused because of them."""

import doctest
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from failpairs.errors import InputError
from failpairs.models import memory_estimate, out_of_memory
from failpairs.models.device import GIB, Device
from failpairs.models.load import load_model
from failpairs.models.memory_estimate import (
    RUNTIME,
    TRAINER,
    LoadedModel,
    Shape,
    describe_loaded,
    read_shape,
    room_here,
    room_on,
    sampling_memory,
    sampling_need,
    scoring_memory,
    scoring_need,
    training_choice,
    training_memory,
    training_need,
)
from peft import LoraConfig, get_peft_model
from tiny_model import tiny_model, write_tiny_model
from transformers import AutoConfig, AutoModelForCausalLM

CONFIGS: dict[str, dict[str, Any]] = {
    "SmolLM2-135M": {
        "model_type": "llama",
        "hidden_size": 576,
        "num_hidden_layers": 30,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
        "intermediate_size": 1536,
        "vocab_size": 49152,
        "tie_word_embeddings": True,
    },
    "Qwen2.5-Coder-3B": {
        "model_type": "qwen2",
        "hidden_size": 2048,
        "num_hidden_layers": 36,
        "num_attention_heads": 16,
        "num_key_value_heads": 2,
        "intermediate_size": 11008,
        "vocab_size": 151936,
        "tie_word_embeddings": True,
    },
    "Llama-2-7B": {
        "model_type": "llama",
        "hidden_size": 4096,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "intermediate_size": 11008,
        "vocab_size": 32000,
        "tie_word_embeddings": False,
    },
    "Mistral with heads of their own size": {
        "model_type": "mistral",
        "hidden_size": 64,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 24,
        "intermediate_size": 96,
        "vocab_size": 500,
        "tie_word_embeddings": False,
    },
}
SMALL = Shape(
    layers=2,
    hidden=8,
    heads=4,
    kv_heads=2,
    head_size=2,
    intermediate=16,
    vocabulary=100,
    is_tied=False,
    has_bias=False,
)
MODEL = LoadedModel(SMALL, 4, "cpu")
# Per layer: 8x8 queries and outputs, 8x4 keys and values, three times 8x16, and two norms of 8.
N_WEIGHTS = 2 * (2 * 64 + 2 * 32 + 3 * 128 + 16) + 2 * 800 + 8


@pytest.mark.parametrize(
    ("name", "n_weights"),
    [
        ("SmolLM2-135M", 134_515_008),
        ("Qwen2.5-Coder-3B", 3_085_938_688),
        ("Llama-2-7B", 6_738_415_616),
        ("Mistral with heads of their own size", 175_040),
    ],
)
def test_weights_are_counted_exactly(name: str, n_weights: int) -> None:
    config = CONFIGS[name]
    shape = Shape.of(config)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**config))
    assert shape.n_weights == model.num_parameters() == n_weights
    adapted = get_peft_model(model, LoraConfig(r=16, target_modules="all-linear"))
    assert shape.n_adapter_weights(16) == adapted.get_nb_trainable_parameters()[0]


def test_sampling_by_hand() -> None:
    assert sampling_memory(MODEL, sequences=10, prompt=200, answer=100).__dict__ == {
        "runtime": RUNTIME["cpu"],
        "weights": 4 * N_WEIGHTS,
        # Keys and values of 2 layers, 2 heads and 2 numbers; 300 columns are rounded up to 512, and
        # 1024 tokens of prompts wait for a slot.
        "cache": 4 * 16 * (10 * 512 + 1024),
        "logits": 10 * 100 * (2 * 4 + 4 * 4),
        "activations": 4 * 1024 * (4 * 8 + 3 * 16),
        "adapter": 0,
    }


def test_scoring_by_hand() -> None:
    found = scoring_memory(MODEL, tokens=500, answers=300)
    assert (found.logits, found.activations) == (300 * 100 * 8, 4 * 500 * 8 + 8 * 500**2)
    few = scoring_memory(MODEL, tokens=500, answers=10)
    assert few.logits + few.activations == 4 * 500 * (4 * 8 + 3 * 16) + 8 * 500**2
    assert found.total == RUNTIME["cpu"] + 4 * N_WEIGHTS + found.logits + found.activations
    # Logits are float32 in every number format; no more than those of a chunk are in memory.
    narrow = scoring_memory(replace(MODEL, width=2), tokens=5000, answers=3000)
    assert narrow.logits == 1024 * 100 * 8


def test_weights_by_hand() -> None:
    of_output, of_layers = 100 * 8, 2 * (2 * 64 + 2 * 32 + 3 * 128)
    narrow = replace(MODEL, width=2)
    assert narrow.weights == 2 * N_WEIGHTS + 2 * of_output  # the output layer is float32
    tied = replace(SMALL, is_tied=True)  # and then no longer that of the embeddings
    assert replace(narrow, shape=tied).weights == 2 * (N_WEIGHTS - of_output) + 4 * of_output
    quantized = replace(MODEL, is_quantized=True)
    assert quantized.weights == 4 * (N_WEIGHTS - of_layers) + of_layers / 2 + 4 * of_layers / 64
    assert replace(quantized, width=2).weights == quantized.weights - 2 * (
        N_WEIGHTS - of_layers - of_output
    )


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("quantization", ["none", "nf4"])
def test_weights_are_those_of_a_loaded_model(tmp_path: Path, dtype: str, quantization: str) -> None:
    model = load_model(write_tiny_model(tmp_path), dtype, quantization)
    described = describe_loaded(model)
    assert described is not None
    assert described.is_quantized == (quantization == "nf4")
    held = sum(weight.nbytes for weight in model.parameters())
    scales = [getattr(weight, "quant_state", None) for weight in model.parameters()]
    held += sum(each.absmax.nbytes for each in scales if each is not None)
    assert described.weights == pytest.approx(held, rel=0.02)


def test_training_by_hand() -> None:
    kept = 4 * 8 + 4 * 8 + 4 * 16 + 7 * 3  # per token and layer, with rank 3
    found = training_memory(MODEL, tokens=500, answers=300, rank=3, is_checkpointed=False)
    assert found.runtime == RUNTIME["cpu"] + TRAINER["cpu"]
    assert found.logits == 300 * 100 * 12
    assert found.activations == 4 * 500 * 2 * kept + 8 * 500**2
    few = training_memory(MODEL, tokens=500, answers=10, rank=3, is_checkpointed=False)
    assert few.logits + few.activations == 4 * 500 * 3 * kept + 8 * 500**2
    assert found.adapter == 16 * 2 * 3 * (16 + 12 + 12 + 16 + 24 + 24 + 24)
    twice = training_memory(MODEL, tokens=500, answers=300, rank=3, is_checkpointed=True)
    computed = 4 * 500 * 2 * kept - twice.logits  # is larger than the logits
    assert twice.activations == 4 * 500 * 2 * 8 + computed + 8 * 500**2
    assert twice.adapter == found.adapter


def test_what_fits_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    sampling_need("sampling", MODEL, 64, 200, 100).require(GIB)
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert caplog.messages == [
        "memory: sampling needs about 0.4 GiB (runtime 0.4, weights 0.0, cache 0.0, logits 0.0, "
        "activations 0.0) of 1.0 GiB"
    ]


QWEN = LoadedModel(Shape.of(CONFIGS["Qwen2.5-Coder-3B"]), 4, "cuda")


def test_a_batch_that_is_too_large_is_a_warning_that_names_one_that_fits(
    caplog: pytest.LogCaptureFixture,
) -> None:
    need = sampling_need("sampling", QWEN, 64, 400, 600)
    totals = [size.memory.total / GIB for size in need.sizes]
    assert len(totals) == 7
    assert totals == sorted(totals, reverse=True)
    need.require(int((totals[2] + 0.01) * GIB))
    assert [r.getMessage() for r in caplog.records if r.levelname == "WARNING"] == [
        "memory may run out, and sampling then goes on with less at once; to save the time, set "
        "inference.batch_size (--batch-size) to 16"
    ]


def test_only_what_surely_does_not_fit_is_refused_with_what_would() -> None:
    sampling = sampling_need("sampling", QWEN, 64, 400, 600)
    smallest = sampling.sizes[-1].memory.total
    sampling.require(int(0.9 * smallest))  # the estimate may be wrong by that much
    with pytest.raises(InputError, match=r"smallest batch.* 9\.5 GiB: set model\.dtype"):
        sampling.require(int(9.5 * GIB))
    with pytest.raises(InputError, match="a smaller model or more memory"):
        sampling.require(2 * GIB)
    with pytest.raises(InputError, match=r"the reference needs .* bfloat16"):
        scoring_need("the reference", QWEN, [4, 2, 1], 2000, 1200).require(9 * GIB)


def test_training_is_told_to_compute_activations_twice_before_another_number_format() -> None:
    need = training_need(QWEN, [4, 2, 1], 4000, 1200, 16, is_checkpointed=False)
    one_pair = [size.memory.total for size in (need.sizes[-1], *need.remedies)]
    assert one_pair == sorted(one_pair, reverse=True)
    with pytest.raises(InputError, match=r"activation_checkpointing .* to always$"):
        need.require(one_pair[1])
    with pytest.raises(InputError, match=r"to always, and model\.dtype .* to bfloat16$"):
        need.require(one_pair[2])
    with pytest.raises(InputError, match=r"to bfloat16, and model\.quantization .* to nf4$"):
        need.require(one_pair[3])
    checkpointed = training_need(QWEN, [4, 2, 1], 4000, 1200, 16, is_checkpointed=True)
    with pytest.raises(InputError, match=r"set model\.dtype .* to bfloat16$"):
        checkpointed.require(one_pair[2])


@pytest.mark.parametrize(
    ("setting", "device", "gib", "is_checkpointed"),
    [
        ("auto", "cuda", 200, False),
        ("auto", "cuda", 40, True),
        ("always", "cuda", 200, True),
        ("never", "cuda", 40, False),
        ("auto", "cpu", 40, False),
    ],
)
def test_activations_are_computed_twice_on_a_gpu_where_they_do_not_fit(
    setting: str, device: str, gib: int, is_checkpointed: bool
) -> None:
    model = replace(QWEN, device=device)
    chosen, need = training_choice(setting, model, gib * GIB, [4, 2, 1], 2000, 1200, 16)
    assert chosen is is_checkpointed
    assert need == training_need(model, [4, 2, 1], 2000, 1200, 16, is_checkpointed)


def test_a_loaded_model_is_described_and_one_of_another_kind_is_not() -> None:
    model = tiny_model()
    described = describe_loaded(model)
    assert described is not None
    assert (described.width, described.device) == (4, "cpu")
    assert described.shape.n_weights == model.num_parameters()
    with torch.device("meta"):
        others = [
            AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **sizes))
            for kind, sizes in {
                "gpt2": {"n_layer": 1, "n_embd": 24, "n_head": 2},
                "mixtral": {**CONFIGS["SmolLM2-135M"], "num_hidden_layers": 1},
            }.items()
            for sizes in [{k: v for k, v in sizes.items() if k != "model_type"}]
        ]
    assert [describe_loaded(other) for other in others] == [None, None]


def test_a_folder_needs_only_its_configuration(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "model")
    shape = read_shape(folder)
    assert shape.n_weights == tiny_model().num_parameters()
    (folder / "model.safetensors").unlink()
    assert read_shape(folder) == shape
    config = {**json.loads((folder / "config.json").read_text()), "model_type": "gpt2"}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match="no estimate for architectures other than"):
        read_shape(folder)
    with pytest.raises(InputError, match=r"no config\.json can be read"):
        read_shape(tmp_path)


def test_room_is_that_of_the_gpu_or_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Device("cuda", "Pretended", 80 * GIB, 70 * GIB)
    assert room_on(gpu) == 70 * GIB
    assert room_on(Device("cpu")) == room_here() > GIB // 4
    monkeypatch.setattr(memory_estimate, "find_device", lambda: gpu)
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda: GIB)
    assert room_here() == 71 * GIB


def test_the_examples_in_the_docstrings_are_right() -> None:
    for module in (memory_estimate, out_of_memory):
        assert not doctest.testmod(module).failed
