"""What the engine of vLLM decides by itself; tests/vllm runs it."""

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from failpairs.errors import InputError
from failpairs.models.prompts import FORMATS
from failpairs.sampling import vllm_engine
from failpairs.sampling.sampled_model import SampledModel
from failpairs.sampling.vllm_engine import VllmEngine
from tiny_model import tiny_tokenizer


class StandIn:
    """What the engine uses of `vllm.LLM`; `applies` says whether adapters have an effect."""

    def __init__(self, applies: bool) -> None:
        self.applies = applies

    def generate(self, prompts: list[Any], *args: Any, lora_request: Any, **more: Any) -> list[Any]:
        shift = 0.5 if lora_request and self.applies else 0.0
        logprobs = [{7: SimpleNamespace(logprob=-1.0 - shift)}]
        return [SimpleNamespace(outputs=[SimpleNamespace(logprobs=logprobs)]) for _ in prompts]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VllmEngine:
    """The engine with an adapter, in a Python that seems to have vLLM."""
    names = ("vllm", "vllm.lora", "vllm.lora.request")
    modules = {name: ModuleType(name) for name in names}
    for name in ("SamplingParams", "TokensPrompt"):
        setattr(modules["vllm"], name, lambda **values: values)
    vars(modules["vllm.lora.request"])["LoRARequest"] = lambda *values: values
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(vllm_engine, "is_installed", lambda: True)
    write_settings(tmp_path)
    return load(tmp_path)


def write_settings(folder: Path, **changes: Any) -> None:
    settings = {"peft_type": "LORA", "r": 4, **changes}
    (folder / "adapter_config.json").write_text(json.dumps(settings), encoding="utf-8")


def load(adapter: Path) -> VllmEngine:
    tokenizer = tiny_tokenizer()
    (adapter / "config.json").write_text("{}", encoding="utf-8")  # it is the model as well
    return VllmEngine(
        SampledModel(adapter, adapter, "float32", FORMATS["completion"], tokenizer, (0,))
    )


def test_an_adapter_that_vllm_does_not_apply_ends_the_run(engine: VllmEngine) -> None:
    with pytest.raises(InputError, match="vLLM draws the same with it and without it"):
        engine._require_effect(StandIn(applies=False), ["a", "b"])
    engine._require_effect(StandIn(applies=True), ["a", "b"])


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"use_dora": True}, "use_dora"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"peft_type": "IA3"}, "IA3"),
    ],
)
def test_an_adapter_that_vllm_cannot_apply_is_refused(
    engine: VllmEngine, tmp_path: Path, changes: dict[str, Any], kind: str
) -> None:
    write_settings(tmp_path, **changes)
    with pytest.raises(InputError, match=f"vLLM cannot apply one with {kind}"):
        load(tmp_path)
