"""What the engine of transformers refuses before it samples."""

import json
from pathlib import Path

import pytest
from builders import a_problem
from failpairs.errors import InputError
from failpairs.sampling import transformers_engine
from failpairs.sampling.sampler import load_sampler, sample_problems
from failpairs.sampling.settings import SamplingSettings
from tiny_model import write_tiny_model


def change_config(folder: Path, **changes: object) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, **changes}), encoding="utf-8")


def test_a_sequence_that_may_exceed_the_context_is_named(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path)
    change_config(folder, max_position_embeddings=14)
    sampler = load_sampler(folder, None, "float32", "completion")
    problem = a_problem("t/0", prompt="def f")
    settings = SamplingSettings(n_samples=1, max_new_tokens=9)
    samples, _ = sample_problems(sampler, [problem], settings, 1)
    assert len(samples) == 1
    longer = settings.model_copy(update={"max_new_tokens": 10})
    message = r"t/0: a prompt of 5 tokens and max_new_tokens 10 are 15 tokens, .* has room for 14"
    with pytest.raises(InputError, match=message):
        sample_problems(sampler, [problem], longer, 1)


def test_a_model_with_recurrent_layers_is_refused_before_it_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_tiny_model(tmp_path)
    change_config(folder, layer_types=["full_attention", "linear_attention"])
    monkeypatch.setattr(transformers_engine, "load_model", None)
    with pytest.raises(InputError, match=r"linear_attention: set sampling\.engine .* to vllm"):
        load_sampler(folder, None, "float32", "completion")
