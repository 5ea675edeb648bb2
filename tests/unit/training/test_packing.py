"""Log-probabilities of which only some logits are in memory at once."""

from typing import Any

import pytest
import torch
from failpairs.training import packing
from failpairs.training.packing import pack, pair_logprobs
from peft import LoraConfig, get_peft_model
from tiny_model import random_pairs, tiny_model
from torch.nn import functional
from transformers import AutoConfig, AutoModelForCausalLM

# Each does something to its logits after the output layer, or to what goes into it.
OTHER_MODELS = {
    "gemma2": {"final_logit_softcapping": 0.5, "head_dim": 8},
    "cohere": {"logit_scale": 0.3},
    "granite": {"logits_scaling": 7.0},
    "gpt2": {},
}


def a_model(kind: str) -> Any:
    torch.manual_seed(0)
    config = AutoConfig.for_model(
        kind,
        vocab_size=260,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        initializer_range=0.3,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=0,
        **OTHER_MODELS.get(kind, {}),
    )
    return AutoModelForCausalLM.from_config(config).eval()


def with_lora(model: Any) -> Any:
    adapted = get_peft_model(model, LoraConfig(r=4, target_modules="all-linear"))
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    return adapted


def all_at_once(model: Any, packed: dict[str, Any]) -> torch.Tensor:
    """The same log-probabilities from all logits."""
    logits = model(
        input_ids=packed["input_ids"],
        position_ids=packed["position_ids"],
        attention_mask=packing._mask(packed["group"], packed["side"], model.dtype),
        logits_to_keep=packed["kept"],
        use_cache=False,
    ).logits[0]
    each = -functional.cross_entropy(logits.float(), packed["targets"], reduction="none")
    sides = torch.split(each, packed["lengths"][..., 0].flatten().tolist())
    return torch.stack([side.sum() for side in sides]).view(-1, 2)


def with_gradients(model: Any, logprobs: torch.Tensor) -> list[torch.Tensor]:
    model.zero_grad()
    (logprobs[:, 0] - 0.5 * logprobs[:, 1]).sum().backward()
    gradients = [w.grad.clone() for w in model.parameters() if w.grad is not None]
    return [logprobs.detach(), *gradients]


def test_one_chunk_has_the_bytes_of_all_logits_at_once() -> None:
    model, packed = with_lora(tiny_model()), pack(random_pairs(5))
    expected = with_gradients(model, all_at_once(model, packed))
    found = with_gradients(model, pair_logprobs(model, packed)[..., 0])
    assert len(found) > 1
    assert all(torch.equal(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("kind", ["llama", "qwen2", *OTHER_MODELS])
@pytest.mark.parametrize("is_adapted", [False, True])
def test_several_chunks_give_the_same_but_for_rounding(
    monkeypatch: pytest.MonkeyPatch, kind: str, is_adapted: bool
) -> None:
    model = with_lora(a_model(kind)) if is_adapted else a_model(kind)
    packed = pack(random_pairs(5))
    expected = with_gradients(model, all_at_once(model, packed))
    monkeypatch.setattr(packing, "CHUNK", 7)
    found = with_gradients(model, pair_logprobs(model, packed)[..., 0])
    for one, other in zip(found, expected, strict=True):
        assert (one - other).abs().max() <= 1e-5 * max(1, other.abs().max())
    with torch.no_grad():
        assert torch.equal(pair_logprobs(model, packed)[..., 0], found[0])


def test_layers_run_once_and_no_more_logits_than_those_of_a_chunk_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, packed = with_lora(tiny_model()), pack(random_pairs(5))
    monkeypatch.setattr(packing, "CHUNK", 7)
    layer_runs, sizes = [], []
    lm = model.get_base_model()
    lm.model.layers[0].register_forward_hook(lambda *_: layer_runs.append(1))
    lm.lm_head.register_forward_hook(lambda module, args, output: sizes.append(output.shape[1]))
    pair_logprobs(model, packed)
    n_kept = len(packed["kept"])
    assert len(layer_runs) == 1
    assert sizes == [0, *[7] * (n_kept // 7), n_kept % 7]
    assert "forward" not in vars(lm.model)


def test_a_model_that_does_not_use_its_decoder_makes_all_logits_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, packed = tiny_model(), pack(random_pairs(5))
    expected = pair_logprobs(model, packed)
    monkeypatch.setattr(packing, "CHUNK", 7)
    monkeypatch.setattr(model, "get_decoder", lambda: torch.nn.Identity())
    assert torch.equal(pair_logprobs(model, packed), expected)
