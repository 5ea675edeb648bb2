"""Sampling and training on a GPU, with random weights in the shape of Qwen2.5-Coder-3B.

Sampling: prompts of equal length, one sample of each, all of the same length, by the engine
`transformers` and by `model.generate` with the same batch. How long the GPU is busy, and how long
the CPU takes to launch a step, says whether a captured CUDA graph would be worth it. Training:
seconds per pair, as the difference between a long and a short run, with activation checkpointing
and without. `--tiny` runs a tiny shape on the CPU, which shows only that this program works.

The output is one JSON object.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
from failpairs.errors import InputError
from failpairs.models.device import GIB, Device, driver, find_device, number_format
from failpairs.models.load import load_tokenizer, model_identity
from failpairs.provenance.hardware import hardware
from failpairs.provenance.protocol import write_meta
from failpairs.provenance.versions import versions
from failpairs.sampling.kv_cache import SlotCache, compute_prompts
from failpairs.sampling.token_draws import Generation
from failpairs.sampling.transformers_decoding import decode
from failpairs.storage.files import write_jsonl
from failpairs.training import train_adapter as training
from failpairs.training.encoding import encode_pairs
from failpairs.training.recipe import Recipe
from failpairs.training.reference_logprobs import ReferenceMeta, compute_reference
from failpairs.workflow import cli
from gpu_model import random_model, random_prompts, text_pairs, write_folder

STEPS = 10  # of which the launch is timed
SHORT, LONG = 1, 4  # optimiser steps of the two trainings

Prompts = list[tuple[str, list[int]]]


@dataclass(frozen=True)
class Meter:
    """Measures work on a GPU, or as far as that is possible on a CPU."""

    on_gpu: bool

    def wait(self) -> None:
        """Wait until the GPU has done what it was told."""
        if self.on_gpu:
            torch.cuda.synchronize()

    def seconds(self, work: Callable[[], Any]) -> float:
        self.wait()
        start = time.perf_counter()
        work()
        self.wait()
        return time.perf_counter() - start

    def peak_gib(self, work: Callable[[], Any]) -> float | None:
        """The most memory that is allocated on the GPU meanwhile."""
        if not self.on_gpu:
            return None
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        work()
        return round(torch.cuda.max_memory_allocated() / GIB, 2)

    def busy_seconds(self, work: Callable[[], Any]) -> float | None:
        """How long the GPU computes meanwhile."""
        if not self.on_gpu:
            return None
        with profile(activities=[ProfilerActivity.CUDA]) as found:
            work()
            self.wait()
        return sum(float(event.self_device_time_total) for event in found.key_averages()) / 1e6


def ours(model: Any, prompts: Prompts, temperature: float, length: int) -> None:
    """One sample of each prompt; no token ends it."""
    generation = Generation(1, temperature, 1.0, length, 0, ())
    for _ in decode(model, prompts, generation, lambda tokens: False, len(prompts)):
        pass


def generate(model: Any, prompts: Prompts, temperature: float, length: int) -> None:
    """As `ours`, by transformers."""
    ids = torch.tensor([ids for _, ids in prompts], device=model.device)
    how = {"do_sample": True, "temperature": temperature, "top_k": 0} if temperature else {}
    with torch.inference_mode():
        model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=length, **how)


def sampling(meter: Meter, model: Any, prompts: Prompts, length: int) -> dict[str, Any]:
    """Figures of sampling with one batch size, which is the number of prompts."""
    found: dict[str, Any] = {}
    for name, temperature in (("greedy", 0.0), ("temperature_0.8", 0.8)):
        for way in (ours, generate):
            work = partial(way, model, prompts, temperature, length)
            work()  # what is made on first use
            rate = len(prompts) * length / meter.seconds(work)
            found |= {f"{name}_{way.__name__}_tokens_per_s": round(rate, 1)}
    work = partial(ours, model, prompts, 0.8, length)
    seconds, busy = meter.seconds(work), meter.busy_seconds(work)
    return {
        **found,
        "steps_per_s": round(length / seconds, 2),
        "launch_ms_per_step": round(launch_ms(meter, model, prompts), 3),
        "gpu_busy_share": None if busy is None else round(busy / seconds, 3),
        "peak_gib": meter.peak_gib(work),
    }


@torch.inference_mode()
def launch_ms(meter: Meter, model: Any, prompts: Prompts) -> float:
    """How long the CPU takes to launch a step of the model."""
    cache, slots = SlotCache(model, len(prompts)), range(len(prompts))
    for slot, prompt in enumerate(compute_prompts(model, [ids for _, ids in prompts])):
        cache.place(prompt, [slot])
    tokens = torch.ones(len(prompts), dtype=torch.long, device=model.device)
    taken = 0.0
    for _ in range(STEPS):
        meter.wait()
        start = time.perf_counter()
        cache.step(tokens, [*slots])
        taken += time.perf_counter() - start
    return 1000 * taken / STEPS


def train(
    meter: Meter, make_model: Callable[[], Any], recipe: Recipe, length: int, work: Path
) -> dict[str, float | None]:
    """Figures of training with one recipe."""
    training.load_model = lambda *args: make_model()
    model = make_model()
    folder = write_folder(work / "model", model)
    tokenizer, pairs = load_tokenizer(folder), text_pairs(LONG * recipe.batch_size, length)
    encoded = encode_pairs(tokenizer, pairs, "chat")
    dtype = str(model.dtype)
    compute = partial(compute_reference, model, pairs, encoded, recipe.micro_batch_size)
    write_jsonl(work / "reference_logps.jsonl", compute())
    meta = ReferenceMeta(model=model_identity(folder), dtype=dtype, prompt_format="chat")
    write_meta(work / "reference_logps.jsonl", meta)
    reference_seconds = meter.seconds(compute)
    del model, compute

    def run(steps: int) -> None:
        settings = training.Run(folder, "auto", "chat", recipe, "preference", 0, "benchmark")
        data = training.PairSet(
            pairs[: steps * recipe.batch_size], [], work / "reference_logps.jsonl"
        )
        training.train_adapter(settings, data, work / f"adapter{steps}", {})

    run(SHORT)  # what is made on first use
    short, long = (meter.seconds(partial(run, steps)) for steps in (SHORT, LONG))
    return {
        "seconds_per_pair": round((long - short) / ((LONG - SHORT) * recipe.batch_size), 4),
        "reference_seconds_per_pair": round(reference_seconds / len(pairs), 4),
        "peak_gib": meter.peak_gib(partial(run, SHORT)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="a tiny shape on the CPU")
    parser.add_argument(
        "--dtype",
        choices=["auto", "float32", "bfloat16"],
        default="auto",
        help="as model.dtype (default: auto)",
    )
    args = parser.parse_args()
    device = Device("cpu") if args.tiny else find_device()
    if device.kind == "cpu" and not args.tiny:
        raise InputError("no GPU: --tiny runs a tiny shape on the CPU")
    meter = Meter(device.kind == "cuda")
    weights = sum(p.numel() for p in random_model(torch.bfloat16, args.tiny).parameters())
    dtype = number_format(args.dtype, weights, device)
    make_model = partial(random_model, getattr(torch, dtype), args.tiny)
    batches, prompt_length, length = ((2, 4), 12, 6) if args.tiny else ((64, 256), 150, 128)
    figures: dict[str, Any] = {
        "gpu": device.name,
        "hardware": hardware(),
        "driver": driver(),
        "cuda": torch.version.cuda,
        **versions(),
        "dtype": dtype,
        "weights": weights,
        "sampling": {},
        "training": {},
    }
    model = make_model()
    model.generation_config.eos_token_id = None
    for batch in batches:
        prompts = random_prompts(model, batch, prompt_length, prompt_length)
        figures["sampling"][batch] = sampling(meter, model, prompts, length)
    del model
    recipe = Recipe(
        epochs=1,
        batch_size=2 if args.tiny else 8,
        micro_batch_size=1 if args.tiny else 4,
        eval_every=1000,  # no measurement and no checkpoint within the run
        max_chosen_drop=100,
    )
    for name in ("always", "never"):
        with tempfile.TemporaryDirectory() as work:
            figures["training"][f"activation_checkpointing_{name}"] = train(
                meter,
                make_model,
                recipe.model_copy(update={"activation_checkpointing": name}),
                1 if args.tiny else 15,
                Path(work),
            )
    print(json.dumps(figures))


if __name__ == "__main__":
    cli.run(main)
