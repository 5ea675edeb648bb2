"""Logits of bfloat16 models, which are not rounded."""

from pathlib import Path

import pytest
import torch
from failpairs.models.load import load_model
from tiny_model import write_tiny_model

IDS = torch.tensor([[5, 9, 7, 3]])


@pytest.mark.parametrize("tied", [True, False])
def test_a_bfloat16_model_gives_float32_logits(tmp_path: Path, tied: bool) -> None:
    folder = write_tiny_model(tmp_path, tie_word_embeddings=tied)
    model = load_model(folder, "bfloat16")
    embeddings, layer = model.get_input_embeddings().weight, model.get_output_embeddings()
    assert (model.dtype, embeddings.dtype) == (torch.bfloat16, torch.bfloat16)
    assert layer.weight.dtype == torch.float32
    assert torch.equal(layer.weight.bfloat16(), embeddings) is tied
    with torch.inference_mode():
        hidden = model.model(input_ids=IDS).last_hidden_state
        logits = model(input_ids=IDS).logits
    assert (hidden.dtype, logits.dtype) == (torch.bfloat16, torch.float32)
    assert torch.equal(logits, hidden.float() @ layer.weight.T)
    assert not torch.equal(logits, logits.bfloat16().float())


def test_mixed_precision_does_not_round_them(tmp_path: Path) -> None:
    model = load_model(write_tiny_model(tmp_path), "bfloat16")
    with torch.inference_mode():
        plain = model(input_ids=IDS).logits
        with torch.autocast("cpu", torch.bfloat16):
            mixed = model(input_ids=IDS).logits
    assert mixed.dtype == torch.float32
    assert torch.allclose(plain, mixed, atol=0.5)


def test_a_float32_model_is_left_as_it_is(tmp_path: Path) -> None:
    model = load_model(write_tiny_model(tmp_path, tie_word_embeddings=True), "float32")
    assert type(model.get_output_embeddings()) is torch.nn.Linear
    assert model.get_output_embeddings().weight is model.get_input_embeddings().weight
