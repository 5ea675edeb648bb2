"""The registry of engines, and that the configuration and the workflow follow it."""

import doctest
from pathlib import Path

import pytest
from failpairs.errors import InputError
from failpairs.models.prompts import FORMATS
from failpairs.models.settings import InferenceSettings
from failpairs.sampling import engines, vllm_engine
from failpairs.sampling.engines import ADAPTING, ENGINES, EngineEntry
from failpairs.sampling.sampled_model import SampledModel
from failpairs.sampling.settings import EvaluationSettings, SamplingSettings
from places import ROOT
from pydantic import ValidationError


def test_the_examples_in_the_documentation_are_right() -> None:
    result = doctest.testmod(engines)
    assert result.attempted
    assert not result.failed


def test_evaluations_take_the_engines_that_can_apply_an_adapter() -> None:
    for name in ENGINES:
        assert SamplingSettings(engine=name).engine == name
    assert EvaluationSettings(engine="vllm").engine == "vllm"
    assert "server" not in ADAPTING
    with pytest.raises(ValidationError, match="should be one of auto, transformers, vllm"):
        EvaluationSettings(engine="server")


@pytest.mark.parametrize("entry", ENGINES.values(), ids=ENGINES)
def test_an_entry_names_an_environment_and_options_that_there_are(entry: EngineEntry) -> None:
    assert (ROOT / "envs" / f"{entry.environment}.yaml").is_file()
    assert {*entry.options, *entry.machine} <= set(InferenceSettings.model_fields)


def test_an_engine_that_is_not_installed_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vllm_engine, "is_installed", lambda: False)
    with pytest.raises(InputError, match=r"engine vllm: not installed .*: run `make vllm`"):
        vllm_engine.VllmEngine(None, InferenceSettings())  # type: ignore[arg-type]


def test_weights_of_4_bits_are_none_for_vllm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_transformers", lambda *_: "transformers")
    model = SampledModel(Path(), None, "auto", FORMATS["chat"], None, (0,), "nf4")
    monkeypatch.setattr(vllm_engine, "is_installed", lambda: False)
    found: object = ENGINES["auto"].load(model, InferenceSettings())
    assert found == "transformers"
    monkeypatch.setattr(vllm_engine, "is_installed", lambda: True)
    with pytest.raises(InputError, match=r"model\.quantization nf4: vLLM cannot do it"):
        ENGINES["auto"].load(model, InferenceSettings())
