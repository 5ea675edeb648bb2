"""The vllm engine against the default one, with the embedded model: `make test-vllm`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from failpairs.models.load import load_model
from failpairs.models.prepare import EMBEDDED, prepare_model
from failpairs.problems.sources import load_problems
from failpairs.records import Sample
from failpairs.storage.files import read_json, read_jsonl, write_jsonl
from peft import LoraConfig, get_peft_model
from places import ROOT

N_SAMPLES = 8
NEAR = 1e-4  # nats a token

Drawn = tuple[list[Sample], dict[str, object]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, an adapter that changes what it says, and four problems."""
    folder = tmp_path_factory.mktemp("vllm")
    prepare_model(EMBEDDED, "", folder / "model")
    torch.manual_seed(0)
    lora = LoraConfig(r=16, target_modules="all-linear", init_lora_weights=False)
    model = get_peft_model(load_model(folder / "model", "float32"), lora)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            parameter.data *= 0.05
    model.save_pretrained(folder / "adapter")
    write_jsonl(folder / "problems.jsonl", load_problems("starter:1", "train")[:4])
    return folder


def sample(folder: Path, engine: str, *options: str) -> Drawn:
    python = os.environ["FAILPAIRS_VLLM_PYTHON"] if engine == "vllm" else sys.executable
    command = [python, "scripts/sample.py", "--engine", engine, "--model", folder / "model"]
    command += ["--problems", folder / "problems.jsonl", "--output", folder / "samples.jsonl"]
    settings = ["--n-samples", str(N_SAMPLES), "--max-new-tokens", "64", "--dtype", "float32"]
    done = subprocess.run(
        [*command, *settings, *options],
        cwd=ROOT,
        env={"VLLM_CPU_KVCACHE_SPACE": "2", **os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    meta = read_json(folder / "samples.meta.json")
    return list(read_jsonl(folder / "samples.jsonl", Sample)), meta


@pytest.fixture(scope="module")
def drawn(folder: Path) -> dict[tuple[str, str], Drawn]:
    """What each engine draws from the base model, with the adapter, and greedily."""
    options = {
        "base": [],
        "adapter": ["--adapter", str(folder / "adapter")],
        "greedy": ["--temperature", "0", "--n-samples", "1"],
    }
    return {
        (engine, name): sample(folder, engine, *more)
        for engine in ("vllm", "transformers")
        for name, more in options.items()
    }


@pytest.fixture(params=["base", "adapter"])
def both(
    request: pytest.FixtureRequest, drawn: dict[tuple[str, str], Drawn]
) -> tuple[Drawn, Drawn]:
    return drawn["vllm", request.param], drawn["transformers", request.param]


def test_the_engines_draw_the_same_tokens(both: tuple[Drawn, Drawn]) -> None:
    (ours, _), (theirs, _) = both
    assert len(ours) == 4 * N_SAMPLES
    equal = sum(one == other for one, other in zip(map(text, ours), map(text, theirs), strict=True))
    assert equal >= 0.97 * len(ours)
    assert len(set(map(text, ours))) > len(ours) / 2


def text(sample: Sample) -> tuple[object, ...]:
    """All of a record that has to be equal to the last bit."""
    return tuple(sample.model_dump(exclude={"sum_logprob"}).values())


def test_the_log_probabilities_agree(both: tuple[Drawn, Drawn]) -> None:
    (ours, _), (theirs, _) = both
    for one, other in zip(ours, theirs, strict=True):
        if text(one) == text(other):
            assert one.n_tokens is not None
            assert one.sum_logprob == pytest.approx(other.sum_logprob, abs=NEAR * one.n_tokens)


def test_the_metas_differ_in_the_engine_alone(both: tuple[Drawn, Drawn]) -> None:
    (_, ours), (_, theirs) = both
    assert ours["engine"] != theirs["engine"]
    assert {**ours, "engine": None} == {**theirs, "engine": None}


def test_the_adapter_counts(drawn: dict[tuple[str, str], Drawn]) -> None:
    base, tuned = drawn["vllm", "base"][0], drawn["vllm", "adapter"][0]
    assert list(map(text, base)) != list(map(text, tuned))


def test_greedy_decoding_is_the_same(drawn: dict[tuple[str, str], Drawn]) -> None:
    ours, theirs = drawn["vllm", "greedy"][0], drawn["transformers", "greedy"][0]
    assert list(map(text, ours)) == list(map(text, theirs))
