"""Tuned models: adapters of several kinds, whole models, and those that do nothing."""

import json
import logging
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from failpairs.errors import InputError
from failpairs.models.load import load_model
from failpairs.models.tuned import is_adapter, load_tuned, tuned_sha256
from failpairs.storage.files import sha256_file
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from tiny_model import tiny_model, write_tiny_model
from transformers import LlamaConfig, LlamaForCausalLM

PROMPT = torch.tensor([[5, 9, 7, 3]])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("base") / "model")


def write_adapter(base: Path, folder: Path, **settings: Any) -> Path:
    """An adapter with random weights, which does something unless the settings say otherwise."""
    torch.manual_seed(1)
    values = {"target_modules": "all-linear", "init_lora_weights": False, "r": 4, **settings}
    model = get_peft_model(load_model(base, "float32"), LoraConfig(**values))
    for name, weight in model.named_parameters():
        if "modules_to_save" in name:
            weight.data += 1
    model.save_pretrained(folder)
    return folder


def logits(model: Any) -> torch.Tensor:
    with torch.inference_mode():
        found: torch.Tensor = model(input_ids=PROMPT).logits
    return found


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"use_rslora": True},
        {"use_dora": True},
        {"modules_to_save": ["lm_head"]},
        {"target_modules": ["q_proj"], "rank_pattern": {"q_proj": 2}},
    ],
    ids=["LoRA", "rsLoRA", "DoRA", "modules to save", "one module"],
)
def test_an_adapter_of_any_kind_is_applied(
    base: Path, tmp_path: Path, settings: dict[str, Any]
) -> None:
    folder = write_adapter(base, tmp_path, **settings)
    assert is_adapter(folder)
    assert tuned_sha256(folder) == sha256_file(folder / "adapter_model.safetensors")
    tuned = load_tuned(base, folder, "float32")
    assert isinstance(tuned, LlamaForCausalLM)  # merged, and none of PEFT's models
    theirs = PeftModel.from_pretrained(load_model(base, "float32"), folder).eval()
    assert torch.allclose(logits(tuned), logits(theirs), atol=1e-5)
    assert not torch.equal(logits(tuned), logits(load_model(base, "float32")))


def test_an_adapter_that_the_number_format_swallows_is_refused(base: Path, tmp_path: Path) -> None:
    write_adapter(base, tmp_path)
    path = tmp_path / "adapter_model.safetensors"
    weights = {name: tensor * 1e-4 for name, tensor in load_file(path).items()}
    save_file(weights, path, metadata={"format": "pt"})
    load_tuned(base, tmp_path, "float32")
    with pytest.raises(InputError, match=r"changes are too small for torch\.bfloat16"):
        load_tuned(base, tmp_path, "bfloat16")


def test_the_log_says_how_much_an_adapter_changes(
    base: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    load_tuned(base, write_adapter(base, tmp_path), "float32")
    assert "changes 100.0% of the logits on two prompts" in caplog.text


def test_a_whole_model_takes_the_place_of_the_base_model(base: Path, tmp_path: Path) -> None:
    adapted = load_tuned(base, write_adapter(base, tmp_path / "adapter"), "float32")
    expected = logits(adapted)
    adapted.save_pretrained(tmp_path / "merged")
    assert not is_adapter(tmp_path / "merged")
    merged = logits(load_tuned(base, tmp_path / "merged", "float32"))
    assert torch.allclose(merged, expected, atol=1e-4)
    assert tuned_sha256(tmp_path / "merged") != tuned_sha256(base)


def rewrite(folder: Path, rename: dict[str, str]) -> None:
    """Rename parts of the names of an adapter's weights."""
    path = folder / "adapter_model.safetensors"
    renamed = {}
    for name, tensor in load_file(path).items():
        for old, new in rename.items():
            name = name.replace(old, new)
        renamed[name] = tensor
    save_file(renamed, path, metadata={"format": "pt"})


def test_an_adapter_that_was_never_trained_is_refused(base: Path, tmp_path: Path) -> None:
    write_adapter(base, tmp_path, init_lora_weights=True)
    with pytest.raises(
        InputError, match=r"it changes nothing: .*all of its lora_B weights are zero"
    ):
        load_tuned(base, tmp_path, "float32")


def test_an_adapter_with_a_wrong_prefix_is_refused(base: Path, tmp_path: Path) -> None:
    write_adapter(base, tmp_path)
    rewrite(tmp_path, {"base_model.model.model": "base_model.model.transformer"})
    with pytest.raises(
        InputError,
        match=r"which lacks \S*transformer\S*, .*\(28\) and finds no weights for .*\(28\)",
    ):
        load_tuned(base, tmp_path, "float32")


def test_an_adapter_of_another_base_model_is_refused(base: Path, tmp_path: Path) -> None:
    other = {**tiny_model().config.to_dict(), "hidden_size": 64, "intermediate_size": 96}
    LlamaForCausalLM(LlamaConfig(**other)).save_pretrained(tmp_path / "other")
    write_adapter(tmp_path / "other", tmp_path / "adapter")
    with pytest.raises(InputError, match=r"it does not fit the model .*size mismatch"):
        load_tuned(base, tmp_path / "adapter", "float32")


def test_an_adapter_that_no_layer_uses_is_refused(base: Path, tmp_path: Path) -> None:
    write_adapter(base, tmp_path, target_modules=["q_proj"])
    settings = json.loads((tmp_path / "adapter_config.json").read_text("utf-8"))
    settings["lora_alpha"] = 0
    (tmp_path / "adapter_config.json").write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(InputError, match="it changes nothing"):
        load_tuned(base, tmp_path, "float32")


def test_the_base_model_as_its_own_tuned_model_is_refused(base: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(base, tmp_path / "copy")
    with pytest.raises(InputError, match="it has the weights of the base model"):
        load_tuned(base, Path(copy), "float32")


@pytest.mark.parametrize("missing", ["adapter_model.safetensors", "adapter_config.json"])
def test_a_folder_without_a_part_of_an_adapter_is_refused(
    base: Path, tmp_path: Path, missing: str
) -> None:
    write_adapter(base, tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(InputError, match=r"adapter_config\.json|no such model folder"):
        load_tuned(base, tmp_path, "float32")


@pytest.mark.parametrize(
    ("trained_on", "is_said"), [("some/model", False), ("/home/me/MODEL", False), ("some/m", True)]
)
def test_another_base_model_in_the_adapter_s_settings_is_said(
    base: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    trained_on: str,
    is_said: bool,
) -> None:
    write_adapter(base, tmp_path)
    settings = json.loads((tmp_path / "adapter_config.json").read_text("utf-8"))
    settings["base_model_name_or_path"] = trained_on
    (tmp_path / "adapter_config.json").write_text(json.dumps(settings), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        load_tuned(base, tmp_path, "float32")
    assert (f"was trained on {trained_on}" in caplog.text) is is_said
