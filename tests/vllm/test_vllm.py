"""What the vllm engine promises, with the embedded model on the CPU build: `make test-vllm`."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import torch
from failpairs.models.load import load_model, load_tokenizer
from failpairs.models.prepare import EMBEDDED, prepare_model
from failpairs.models.prompts import encode
from failpairs.models.tuned import load_tuned
from failpairs.problems.sources import load_problems
from failpairs.provenance.protocol import SamplesMeta, read_samples_meta
from failpairs.records import Sample
from failpairs.storage.files import read_jsonl, sha256_file, write_jsonl
from peft import LoraConfig, get_peft_model
from places import ROOT

N_PROBLEMS, N_SAMPLES = 4, 8
NEAR = 1e-3  # nats per token
GREEDY = ("--temperature", "0", "--n-samples", "1")

Drawn = tuple[list[Sample], SamplesMeta]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, an adapter that changes what it says, and four problems."""
    folder = tmp_path_factory.mktemp("vllm")
    prepare_model(EMBEDDED, "", folder / "model")
    torch.manual_seed(0)
    lora = LoraConfig(
        r=16,
        target_modules="all-linear",
        rank_pattern={"q_proj": 24},
        alpha_pattern={"v_proj": 32},
        init_lora_weights=False,
    )
    model = get_peft_model(load_model(folder / "model", "float32"), lora)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            parameter.data *= 0.05
    model.save_pretrained(folder / "adapter")
    write_jsonl(folder / "problems.jsonl", load_problems("starter:1", "train")[:N_PROBLEMS])
    return folder


def sample(folder: Path, *options: str) -> Drawn:
    """What vLLM draws with some options."""
    command: list[Any] = [os.environ["FAILPAIRS_VLLM_PYTHON"], "scripts/sample.py"]
    command += ["--engine", "vllm", "--model", folder / "model", "--dtype", "float32"]
    command += ["--problems", folder / "problems.jsonl", "--output", folder / "samples.jsonl"]
    done = subprocess.run(
        [*command, "--n-samples", str(N_SAMPLES), "--max-new-tokens", "64", *options],
        cwd=ROOT,
        env={"VLLM_CPU_KVCACHE_SPACE": "2", **os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    path = folder / "samples.jsonl"
    return list(read_jsonl(path, Sample)), read_samples_meta(path)


@pytest.fixture(scope="module")
def drawn(folder: Path) -> Drawn:
    return sample(folder)


def text(sample: Sample) -> tuple[object, ...]:
    """All of a record that has to be equal to the last bit."""
    return tuple(sample.model_dump(exclude={"sum_logprob"}).values())


def test_every_problem_has_its_samples_in_order_and_they_differ(drawn: Drawn) -> None:
    samples, meta = drawn
    assert [(s.task_id, s.sample_index) for s in samples] == [
        (task_id, index) for task_id in meta.prompts for index in range(N_SAMPLES)
    ]
    assert len({s.completion for s in samples}) > len(samples) / 2


def test_an_answer_ends_at_its_stop_text_its_end_token_or_the_limit(drawn: Drawn) -> None:
    for s in drawn[0]:
        assert ("```" in s.completion) == (s.finish_reason == "stop")
        assert (s.n_tokens == 64) or s.finish_reason != "length"
        assert "<|im_end|>" not in s.completion
    assert {s.finish_reason for s in drawn[0]} >= {"stop"}


def test_the_same_seed_draws_the_same_again_and_another_seed_does_not(
    folder: Path, drawn: Drawn
) -> None:
    assert sample(folder) == drawn
    other, _ = sample(folder, "--seed", "1")
    assert [s.completion for s in other] != [s.completion for s in drawn[0]]


def test_greedy_samples_do_not_depend_on_the_batch_or_on_shards(folder: Path) -> None:
    whole, _ = sample(folder, *GREEDY)
    one_by_one, _ = sample(folder, *GREEDY, "--batch-size", "1")
    assert list(map(text, one_by_one)) == list(map(text, whole))
    parts = [s for i in (1, 2) for s in sample(folder, *GREEDY, "--shard", f"{i}/2")[0]]
    assert sorted(map(text, parts)) == sorted(map(text, whole))


def test_the_meta_names_the_engine_and_what_decides_the_result(folder: Path, drawn: Drawn) -> None:
    _, meta = drawn
    assert meta.engine["name"] == "vllm"
    assert meta.engine["dtype"] == "float32"
    assert meta.adapter_sha256 is None
    assert meta.generation["eos_token_ids"]
    assert meta.hardware


def test_an_adapter_is_applied(folder: Path, drawn: Drawn) -> None:
    tuned, meta = sample(folder, "--adapter", str(folder / "adapter"))
    assert meta.adapter_sha256 == sha256_file(folder / "adapter" / "adapter_model.safetensors")
    assert list(map(text, tuned)) != list(map(text, drawn[0]))


@pytest.mark.parametrize("adapter", [False, True])
def test_log_probabilities_are_those_of_transformers(folder: Path, adapter: bool) -> None:
    path = folder / "adapter" if adapter else None
    samples, meta = sample(folder, *GREEDY, *(["--adapter", str(path)] if path else []))
    base = folder / "model"
    model = load_tuned(base, path, "float32") if path else load_model(base, "float32")
    tokenizer = load_tokenizer(folder / "model")
    checked = 0
    for s in samples:
        prompt = encode(tokenizer, meta.prompts[s.task_id], "chat")
        answer = tokenizer(s.completion, add_special_tokens=False)["input_ids"]
        if len(answer) != s.n_tokens:  # another segmentation than that which was drawn
            continue
        with torch.inference_mode():
            logits = model(torch.tensor([prompt + answer])).logits[0, len(prompt) - 1 : -1]
        expected = logits.log_softmax(-1)[range(len(answer)), answer].sum()
        assert s.sum_logprob == pytest.approx(float(expected), abs=NEAR * len(answer))
        checked += 1
    assert checked
