"""What the project promises of a GPU, with random weights in the shape of Qwen2.5-Coder-3B.

Skipped without a GPU. `FAILPAIRS_GPU_TESTS=cpu pytest -s tests/gpu` runs the same tests on the CPU
with a tiny shape. `-s` shows the figures that they report.
"""

import gc
import itertools
import logging
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import torch
from datasets import Dataset
from failpairs.sampling.memory_fallback import decode_within_memory
from failpairs.sampling.token_draws import Draft, Generation
from failpairs.sampling.transformers_decoding import decode
from failpairs.storage.files import sha256_file, write_jsonl
from failpairs.training import train_adapter as training
from failpairs.training.adapter_folder import ADAPTER_FILES
from failpairs.training.encoding import encode_pairs
from failpairs.training.pair_scores import logprobs_of
from failpairs.training.recipe import Recipe
from failpairs.training.train_adapter import PairSet, Run, train_adapter
from failpairs.training.trainer import PairTrainer
from failpairs.workflow.gpu_lease import VISIBLE, visible_devices
from gpu_model import ON_CPU, random_model, random_prompts, text_pairs, write_folder
from peft import LoraConfig
from places import ROOT, SCRIPTS
from tiny_model import tiny_tokenizer, write_tiny_model
from trl import DPOConfig, DPOTrainer

pytestmark = pytest.mark.skipif(
    not (ON_CPU or torch.cuda.is_available()), reason="needs a GPU, or FAILPAIRS_GPU_TESTS=cpu"
)
needs_gpu = pytest.mark.skipif(ON_CPU, reason="needs a GPU")

NEAR = 1e-3  # nats per token, and differences of logits that count as ties
RECIPE = Recipe(
    learning_rate=1e-4,
    epochs=1,
    batch_size=4,
    micro_batch_size=2,
    lora_rank=8,
    eval_every=1,
    max_chosen_drop=10.0,
)
# Leases a device, says which one and how many PyTorch sees, and lives until its input ends.
JOB = """\
import logging, os, sys
from pathlib import Path
from failpairs.workflow.gpu_lease import lease_devices
logging.basicConfig(level=logging.INFO, format="%(message)s")
lease_devices(folder=Path(sys.argv[1]))
import torch
print(os.environ["CUDA_VISIBLE_DEVICES"], torch.cuda.device_count(), flush=True)
sys.stdin.read()
"""


def release() -> None:
    """Give back the memory of what is not used any more."""
    gc.collect()
    if not ON_CPU:
        torch.cuda.empty_cache()


@pytest.fixture(autouse=True)
def _released() -> Iterator[None]:
    yield
    release()


@pytest.fixture
def model() -> Any:
    """In float32, in which ties are rare."""
    return random_model()


def generation(**changes: Any) -> Generation:
    settings = {"n_samples": 1, "temperature": 0.0, "top_p": 1.0, "max_new_tokens": 48, "seed": 0}
    return Generation(**{**settings, **changes}, eos_token_ids=(0,))


def never(tokens: list[int]) -> bool:
    """No stop text is ever written."""
    return False


Drafts = dict[tuple[int, int], Draft]


def by_sample(groups: Iterator[list[Draft]]) -> Drafts:
    return {(d.prompt_index, d.sample_index): d for group in groups for d in group}


def tokens_of(drafts: Drafts) -> dict[tuple[int, int], list[int]]:
    return {key: draft.tokens for key, draft in drafts.items()}


@torch.inference_mode()
def logits_after(model: Any, prompt: list[int], answer: list[int]) -> torch.Tensor:
    """The logits that decide each token of an answer, (answer, vocabulary), by a plain pass."""
    ids = torch.tensor([prompt + answer], device=model.device)
    logits: torch.Tensor = model(ids).logits[0, len(prompt) - 1 : -1].double()
    return logits


def test_greedy_sampling_equals_generate_up_to_ties(model: Any) -> None:
    prompts = random_prompts(model, 8, 5, 60)
    ours = by_sample(decode(model, prompts, generation(), never, 4))
    equal = 0
    for number, (_, prompt) in enumerate(prompts):
        ids = torch.tensor([prompt], device=model.device)
        out = model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=48
        )
        tokens, theirs = ours[number, 0].tokens, out[0, len(prompt) :].tolist()
        pairs = enumerate(zip(tokens, theirs, strict=False))
        place = next((i for i, (one, other) in pairs if one != other), None)
        if place is None:
            equal += 1
            assert len(tokens) == len(theirs)
            continue
        logits = logits_after(model, prompt, tokens[: place + 1])[-1]
        assert abs(float(logits[tokens[place]] - logits[theirs[place]])) < NEAR
    print(f"\ngreedy samples equal to generate: {equal} of {len(prompts)}")


def test_log_probabilities_are_those_of_a_plain_pass(model: Any) -> None:
    prompts = random_prompts(model, 6, 5, 60)
    settings = generation(n_samples=3, temperature=0.8)
    farthest = 0.0
    for (number, _), draft in by_sample(decode(model, prompts, settings, never, 5)).items():
        logits = logits_after(model, prompts[number][1], draft.tokens)
        chosen = torch.tensor(draft.tokens, device=model.device)[:, None]
        expected = float(logits.log_softmax(-1).gather(-1, chosen).sum())
        farthest = max(farthest, abs(draft.sum_logprob - expected) / len(draft.tokens))
    print(f"\nlog-probabilities: at most {farthest:.1e} nats per token from a plain pass")
    assert farthest < NEAR


@needs_gpu
def test_a_step_waits_for_the_device_once(model: Any) -> None:
    prompts = random_prompts(model, 4, 20, 20)
    torch.cuda.set_sync_debug_mode("warn")
    try:
        waits = []
        for length in (8, 40):
            with warnings.catch_warnings(record=True) as seen:
                warnings.simplefilter("always")
                by_sample(decode(model, prompts, generation(max_new_tokens=length), never, 4))
            waits.append(sum("synchroniz" in str(each.message) for each in seen))
    finally:
        torch.cuda.set_sync_debug_mode("default")
    print(f"\nwaits for the device: {waits[0]} with 8 tokens, {waits[1]} with 40")
    assert waits[1] - waits[0] == 40 - 8


class SmallMachine:
    """A model on a machine with memory for so many sequences."""

    def __init__(self, model: Any, room: int) -> None:
        self._model, self._room = model, room
        self.device, self.config = model.device, model.config

    def __call__(self, ids: torch.Tensor, **settings: Any) -> Any:
        if len(ids) > self._room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")
        return self._model(ids, **settings)


def peak(model: Any, prompts: Any, settings: Generation, batch_size: int) -> int:
    """Bytes that decoding takes beside what is there before."""
    release()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    by_sample(decode(model, prompts, settings, never, batch_size))
    return torch.cuda.max_memory_allocated() - before


def test_memory_that_runs_out_halves_the_batch_and_draws_the_same(
    model: Any, caplog: pytest.LogCaptureFixture
) -> None:
    prompts = random_prompts(model, 4, 10, 20)
    settings = generation(n_samples=32, temperature=0.8, max_new_tokens=16)
    limited, filled = model, None
    if ON_CPU:
        limited = SmallMachine(model, 32)
    else:
        room = (peak(model, prompts, settings, 16) + peak(model, prompts, settings, 128)) // 2
        release()
        free, _ = torch.cuda.mem_get_info()
        filled = torch.empty(free - room, dtype=torch.uint8, device=model.device)
    with caplog.at_level(logging.WARNING):
        halved = by_sample(decode_within_memory(limited, prompts, settings, never, 128, {}))
    del filled
    release()
    sizes = [int(size) for size in re.findall(r"going on with (\d+) sequences", caplog.text)]
    print(f"\nmemory ran out with 128 sequences: went on with {sizes}")
    assert sizes
    assert tokens_of(halved) == tokens_of(
        by_sample(decode(model, prompts, settings, never, sizes[-1]))
    )


@torch.inference_mode()
def test_bfloat16_flips_few_argmaxes(model: Any) -> None:
    ids = torch.tensor([random_prompts(model, 1, 512, 512)[0][1]], device=model.device)
    exact = model(ids).logits[0].argmax(-1)
    flips = int((model.to(torch.bfloat16)(ids).logits[0].argmax(-1) != exact).sum())
    print(f"\nargmax flips from float32 to bfloat16: {flips} of {len(exact)}")
    assert flips < len(exact) / 2


def test_the_losses_of_every_step_are_those_of_plain_trl(tmp_path: Path) -> None:
    rows = encode_pairs(tiny_tokenizer(), text_pairs(12, 4), "chat")
    settings = {
        "output_dir": str(tmp_path),
        "seed": 3,
        "learning_rate": RECIPE.learning_rate,
        "num_train_epochs": 1,
        "train_sampling_strategy": "sequential",
        "per_device_train_batch_size": 2,
        "gradient_accumulation_steps": 2,
        "max_length": None,
        "bf16": False,
        "use_cpu": ON_CPU,
        "activation_checkpointing": False,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
    }

    def common() -> dict[str, Any]:
        return {
            "model": random_model(),
            "processing_class": tiny_tokenizer(),
            "peft_config": LoraConfig(r=8, target_modules="all-linear", task_type="CAUSAL_LM"),
        }

    class Prepared(DPOTrainer):  # type: ignore[misc]
        def _prepare_dataset(self, dataset: Dataset, *args: Any, **kwargs: Any) -> Dataset:
            return dataset

    def losses(trainer: Any) -> list[float]:
        trainer.train()
        return [row["loss"] for row in trainer.state.log_history if "loss" in row]

    config = DPOConfig(
        **settings,
        beta=RECIPE.beta,
        loss_type=["sigmoid", "sft"],
        loss_weights=[1.0, RECIPE.sft_weight],
    )
    theirs = losses(Prepared(train_dataset=Dataset.from_list(rows), args=config, **common()))
    release()
    known = logprobs_of(random_model(), rows, 4).tolist()
    release()
    for row, reference in zip(rows, known, strict=True):
        row["reference"] = reference
    ours = losses(PairTrainer(rows, RECIPE, settings, **common()))
    print(f"\nlosses of TRL: {theirs}, ours: {ours}")
    assert len(theirs) == 3
    assert ours == pytest.approx(theirs, abs=1e-3)


class Interrupted(Exception):
    """What ends a training before its end."""


def test_trainings_write_the_same_bytes_interrupted_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write_folder(tmp_path / "model", random_model())
    monkeypatch.setattr(training, "load_model", lambda *args: random_model(torch.bfloat16))
    run = Run(folder, "bfloat16", "chat", RECIPE, "preference", 0, "code")
    data = PairSet(text_pairs(16, 6), [])

    def train(name: str) -> None:
        release()
        train_adapter(run, data, tmp_path / name, {})

    def digests(name: str) -> list[str]:
        return [sha256_file(tmp_path / name / each) for each in (*ADAPTER_FILES, "train_log.jsonl")]

    train("whole")
    train("again")
    assert digests("again") == digests("whole")

    saved = training.KeepNewest.on_save
    steps = itertools.count(1)

    def on_save(*args: Any, **kwargs: Any) -> None:
        saved(*args, **kwargs)
        if next(steps) == 2:
            raise Interrupted

    with monkeypatch.context() as patched:
        patched.setattr(training.KeepNewest, "on_save", on_save)
        with pytest.raises(Interrupted):
            train("resumed")
    assert list(tmp_path.glob(".resumed.*.checkpoints/checkpoint-2"))
    train("resumed")
    assert digests("resumed") == digests("whole")
    assert "other bytes" not in caplog.text  # every operation had a deterministic kernel


def test_the_program_writes_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "model")
    write_jsonl(tmp_path / "pairs.jsonl", text_pairs(8, 2))
    options = ["--learning-rate=1e-3", "--batch-size=4", "--micro-batch-size=2", "--seed=0"]
    options += ["--model", tmp_path / "model", "--pairs", tmp_path / "pairs.jsonl"]
    environment = {**os.environ, **({VISIBLE: ""} if ON_CPU else {})}
    for name in ("one", "other"):
        done = subprocess.run(
            [sys.executable, "scripts/train.py", *options, "--output-dir", tmp_path / name],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    one, other = (sha256_file(tmp_path / n / ADAPTER_FILES[0]) for n in ("one", "other"))
    assert one == other


def test_a_second_process_waits_for_the_device(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    if ON_CPU:
        program = tmp_path / "nvidia-smi"
        program.write_text("#!/bin/sh\necho 'GPU 0: Pretended (UUID: GPU-0123)'\n", "utf-8")
        program.chmod(0o755)
        environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
        device, seen = "GPU-0123", 0
    elif visible_devices():
        device, seen = visible_devices()[0][0], 1
    else:
        pytest.skip("nvidia-smi shows no device")
    environment[VISIBLE] = f"{device},{device}"  # of several, one is leased

    def start(stack: ExitStack) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", JOB, tmp_path / "leases"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        stack.enter_context(process)
        stack.callback(process.kill)  # before it is waited for: it may wait for the device
        return process

    def line(stream: Any) -> str:
        return str(stream.readline()).strip()

    with ExitStack() as stack:
        first = start(stack)
        assert line(first.stdout) == f"{device} {seen}"
        second = start(stack)
        assert "waiting for 1 of" in line(second.stderr)
        first.communicate()
        assert line(second.stdout) == f"{device} {seen}"
        second.communicate()
