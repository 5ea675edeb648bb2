"""What is left of a small adapter in bfloat16."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
import torch
from failpairs.models.adapted_linear import AdaptedLinear, join_products
from failpairs.models.load import load_model
from failpairs.models.tuned import load_tuned
from peft import LoraConfig, get_peft_model
from tiny_model import write_tiny_model


@pytest.fixture
def layer() -> torch.nn.Module:
    """A bfloat16 layer with an adapter whose changes to weights are below half a unit in the last
    of their bits."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(256, 256).bfloat16())
    config = LoraConfig(r=4, target_modules=["0"], init_lora_weights=False)
    adapted = get_peft_model(model, config).eval().base_model.model[0]
    adapted.lora_B["default"].weight.data *= 0.0001
    found: torch.nn.Module = adapted
    return found


def retained(layer: torch.nn.Module, compute: Callable[[torch.Tensor], torch.Tensor]) -> float:
    """How much of the adapter's exact output is in the change of the layer's output."""
    x = torch.randn(512, 256, generator=torch.Generator().manual_seed(1)).bfloat16()
    with torch.inference_mode():
        change = (compute(x).double() - layer.get_base_layer()(x).double()).flatten()
        a, b = (part["default"].weight for part in (layer.lora_A, layer.lora_B))
        exact = (x.float() @ a.T @ b.T * layer.scaling["default"]).double().flatten()
    return float(change @ exact / (exact @ exact))


def test_one_product_keeps_the_effect_that_a_merge_loses(layer: torch.nn.Module) -> None:
    merged = deepcopy(layer)
    merged.merge()
    assert retained(layer, merged.get_base_layer()) < 0.5
    assert retained(layer, AdaptedLinear(layer)) == pytest.approx(1, abs=0.1)


def test_only_plain_adapters_of_bfloat16_layers_are_joined() -> None:
    plain, dora, float32 = (
        torch.nn.Sequential(torch.nn.Linear(8, 8).to(dtype))
        for dtype in (torch.bfloat16, torch.bfloat16, torch.float32)
    )
    for model in (plain, dora, float32):
        is_joined = model is plain
        config = LoraConfig(target_modules=["0"], init_lora_weights=False, use_dora=model is dora)
        adapted = get_peft_model(model, config)
        join_products(adapted.base_model.model)
        assert isinstance(model[0], AdaptedLinear) is is_joined
        merged = adapted.merge_and_unload()
        assert merged[0].weight.shape == ((8, 16) if is_joined else (8, 8))


def test_a_tuned_bfloat16_model_is_that_of_float32_but_for_rounding(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "model", tie_word_embeddings=True)
    config = LoraConfig(target_modules="all-linear", init_lora_weights=False, r=4)
    torch.manual_seed(1)
    get_peft_model(load_model(folder, "float32"), config).save_pretrained(tmp_path / "adapter")
    ids = torch.tensor([[5, 9, 7, 3]])
    with torch.inference_mode():
        exact, rounded = (
            load_tuned(folder, tmp_path / "adapter", dtype)(input_ids=ids).logits
            for dtype in ("float32", "bfloat16")
        )
    assert (exact - rounded).norm() < 0.05 * exact.norm()
