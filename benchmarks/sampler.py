"""Our sampling beside transformers' own ways, with the embedded model on the same prompts.

24 problems of the starter bank, 8 samples each, temperature 0.8, at most 128 new tokens. A token
is useful up to the end of the answer (its end token or its closing fence), and only useful tokens
count. Each way runs once in each round; medians are compared. The compute-bound limit is the rate
of a large float32 matrix product over two operations for each weight and token, prompts included.

The last line printed is a JSON object with all figures.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import GenerationConfig

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.models.prepare import EMBEDDED, prepare_model
from failpairs.models.prompts import cut_at_stop, render_prompt
from failpairs.problems.sources import load_problems
from failpairs.sampling.sampler import Sampler, load_sampler, sample_problems
from failpairs.sampling.settings import SamplingSettings

N_PROBLEMS, N_SAMPLES, MAX_NEW_TOKENS, TEMPERATURE = 24, 8, 128, 0.8
BATCH_SIZE = 64
MATRIX = 2048


def useful(sampler: Sampler, tokens: list[int]) -> int:
    """How many tokens there are up to the end of the answer."""
    for count in range(1, len(tokens) + 1):
        text = sampler.model.tokenizer.decode(tokens[max(0, count - 16) : count])
        ended = tokens[count - 1] == sampler.model.tokenizer.eos_token_id
        if ended or cut_at_stop(text, sampler.model.format) is not None:
            return count
    return len(tokens)


def matmul_gflops() -> float:
    """The best of some large matrix products."""
    one, other = torch.rand(MATRIX, MATRIX), torch.rand(MATRIX, MATRIX)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        torch.mm(one, other)
        seconds.append(time.perf_counter() - start)
    return 2 * MATRIX**3 / min(seconds) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        prepare_model(EMBEDDED, "", Path(name))
        torch.set_num_threads(os.cpu_count() or 1)
        sampler = load_sampler(Path(name), None, "float32", "chat")
    model = sampler.engine.model
    problems = load_problems("starter:1", "train")[:N_PROBLEMS]
    settings = SamplingSettings(
        n_samples=N_SAMPLES, temperature=TEMPERATURE, max_new_tokens=MAX_NEW_TOKENS
    )
    prompts = [
        sampler.model.encode(render_prompt(sampler.model.tokenizer, p.prompt, "chat"))
        for p in problems
    ]
    how: dict[str, Any] = {
        "do_sample": True,
        "temperature": TEMPERATURE,
        "top_k": 0,
        "top_p": 1.0,
        "max_new_tokens": MAX_NEW_TOKENS,
        "eos_token_id": sampler.model.tokenizer.eos_token_id,
        "pad_token_id": sampler.model.tokenizer.eos_token_id,
    }

    def ours() -> list[int]:
        samples, _ = sample_problems(sampler, problems, settings, BATCH_SIZE)
        return [sample.n_tokens or 0 for sample in samples]

    @torch.inference_mode()
    def plain_loop() -> list[int]:
        counts = []
        for ids in prompts:
            torch.manual_seed(0)
            rows = model.generate(torch.tensor([ids]), num_return_sequences=N_SAMPLES, **how)
            counts += [useful(sampler, row[len(ids) :].tolist()) for row in rows]
        return counts

    def continuous_batching() -> list[int]:
        torch.manual_seed(0)
        repeated = [ids for ids in prompts for _ in range(N_SAMPLES)]
        found = model.generate_batch(repeated, generation_config=GenerationConfig(**how))
        return [useful(sampler, output.generated_tokens) for output in found.values()]

    ways: dict[str, Callable[[], list[int]]] = {
        "failpairs": ours,
        "generate": plain_loop,
        "generate_batch": continuous_batching,
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    totals: dict[str, int] = {}
    gflops = []
    for number in range(rounds):
        gflops.append(matmul_gflops())
        for name, way in ways.items():
            start = time.perf_counter()
            counts = way()
            rates[name].append(sum(counts) / (time.perf_counter() - start))
            totals[name] = sum(counts)
            print(f"round {number + 1}, {name}: {rates[name][-1]:.1f} tokens/s", flush=True)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    weights = sum(p.numel() for p in model.parameters())
    per_useful = (sum(map(len, prompts)) + totals["failpairs"]) / totals["failpairs"]
    limit = statistics.median(gflops) * 1e9 / (2 * weights * per_useful)
    print("\n| way | useful tokens/s | useful tokens |\n| --- | --- | --- |")
    for name, rate in medians.items():
        print(f"| {name} | {rate:.1f} | {totals[name]} |")
    print(f"\nlimit: {limit:.0f} useful tokens/s at {statistics.median(gflops):.0f} GFLOPS")
    figures = {
        "rounds": rounds,
        "ratio_generate": round(medians["failpairs"] / medians["generate"], 2),
        "ratio_generate_batch": round(medians["failpairs"] / medians["generate_batch"], 2),
        "share_of_limit": round(medians["failpairs"] / limit, 3),
        "gflops": round(statistics.median(gflops), 1),
        "tokens_per_s": {name: round(rate, 1) for name, rate in medians.items()},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
