"""Peaks of memory of the stages that run a model, beside what memory_estimate.py estimates.

Four models with random weights are sampled, score pairs and are trained on them, on the CPU in
float32. Each stage is a process of its own, whose peak of resident memory counts. glibc is told to
return what is not used any more at once, so that the peak is what was in use. The last line printed
is a JSON list with all figures.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
# This process imports no torch: at its start, a child's peak is the memory of its parent.
from failpairs.models.device import GIB
from failpairs.models.memory_estimate import (
    LoadedModel,
    Memory,
    Shape,
    sampling_memory,
    scoring_memory,
    training_memory,
)

KEYS = (
    "model_type",
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "intermediate_size",
    "vocab_size",
    "tie_word_embeddings",
)
MODELS: dict[str, dict[str, Any]] = {
    name: dict(zip(KEYS, values, strict=True))
    for name, values in {
        "SmolLM2-135M": ("llama", 576, 30, 9, 3, 1536, 49152, True),
        "Qwen2.5-0.5B, 4 of 24 layers": ("qwen2", 896, 4, 14, 2, 4864, 151936, True),
        "wide Llama": ("llama", 1536, 4, 24, 8, 6144, 32000, False),
        "deep Llama": ("llama", 384, 48, 6, 6, 1024, 32000, False),
    }.items()
}
SEQUENCES, PROMPT, NEW = 32, 200, 8  # of sampling
PAIRS, PAIR_PROMPT, ANSWER = 4, 64, 160  # of training; the answers fill more than one chunk
RANK = 16
RETURNED = {"MALLOC_MMAP_THRESHOLD_": str(2**20)}  # tensors of more bytes leave no holes
TOKENS, ANSWERS = PAIRS * (PAIR_PROMPT + 2 * ANSWER), PAIRS * 2 * ANSWER

ESTIMATES: dict[str, Callable[[LoadedModel], Memory]] = {
    "sampling": lambda model: sampling_memory(model, SEQUENCES, PROMPT, NEW),
    "reference": lambda model: scoring_memory(model, TOKENS, ANSWERS),
    "training": lambda model: training_memory(model, TOKENS, ANSWERS, RANK, False),
    "training, activations computed twice": lambda model: training_memory(
        model, TOKENS, ANSWERS, RANK, True
    ),
}


def write_model(folder: Path, name: str) -> None:
    """A model with random weights, and a tokenizer with one token per byte."""
    from tiny_model import tiny_tokenizer
    from transformers import AutoConfig, AutoModelForCausalLM

    tokenizer = tiny_tokenizer()
    config = AutoConfig.for_model(**MODELS[name], eos_token_id=0, pad_token_id=0, bos_token_id=None)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def sample(folder: Path) -> None:
    from failpairs.models.load import load_model
    from failpairs.sampling.memory_fallback import decode_within_memory
    from failpairs.sampling.token_draws import Generation

    generation = Generation(SEQUENCES, 0.8, 1.0, NEW, 0, ())
    prompts = [(str(number), [5 + number] * PROMPT) for number in range(2)]
    model = load_model(folder, "float32")
    for _ in decode_within_memory(model, prompts, generation, lambda _: False, SEQUENCES, {}):
        pass


def some_pairs() -> list[Any]:
    from failpairs.records import Pair

    return [
        Pair(
            prompt=chr(65 + number) * PAIR_PROMPT,
            chosen="c" * (ANSWER - 1),  # and the token that ends it
            rejected="r" * (ANSWER - 1),
            task_id=str(number),
            chosen_index=0,
            rejected_index=1,
            rejected_label="NAME_ERROR",
            similarity=0.5,
            length_ratio=1.0,
        )
        for number in range(PAIRS)
    ]


def score(folder: Path) -> None:
    from failpairs.training.reference_logprobs import reference_of

    reference_of(folder, some_pairs(), "float32", "chat", PAIRS)


def train(folder: Path, checkpointing: str) -> None:
    from failpairs.training.recipe import Recipe
    from failpairs.training.train_adapter import PairSet, Run, train_adapter

    recipe = Recipe(
        epochs=1.0,
        batch_size=PAIRS,
        micro_batch_size=PAIRS,
        lora_rank=RANK,
        activation_checkpointing=checkpointing,
        max_chosen_drop=10.0,
    )
    run = Run(folder, "float32", "chat", recipe, "preference", 0, "benchmark")
    train_adapter(run, PairSet(some_pairs(), []), folder / "adapter", {})


def run_stage(stage: str, name: str, folder: Path) -> None:
    """Run a stage in this process, and print its peak of resident memory in bytes."""
    work: dict[str, Callable[[], None]] = {
        "write": lambda: write_model(folder, name),
        "sampling": lambda: sample(folder),
        "reference": lambda: score(folder),
        "training": lambda: train(folder, "never"),
        "training, activations computed twice": lambda: train(folder, "always"),
    }
    work[stage]()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def peak(stage: str, name: str, folder: Path, variables: dict[str, str]) -> int:
    """The peak of a stage in a process of its own, with some environment variables, in bytes."""
    command = [sys.executable, __file__, "--stage", stage, "--model", name, "--folder", str(folder)]
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "TQDM_DISABLE": "1", **variables}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return int(done.stdout.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--heap",
        action="store_true",
        help="leave glibc's heap as it is, with holes between what is in use",
    )
    parser.add_argument("--stage", help=argparse.SUPPRESS)
    parser.add_argument("--model", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.stage:
        run_stage(args.stage, args.model, args.folder)
        return
    figures = []
    variables = {} if args.heap else RETURNED
    print("| model | stage | estimate, GiB | measured, GiB | ratio |\n" + "| --- " * 5 + "|")
    for name, config in MODELS.items():
        model = LoadedModel(Shape.of(config), 4, "cpu")
        with tempfile.TemporaryDirectory() as work:
            folder = Path(work)
            peak("write", name, folder, variables)
            for stage, estimate_of in ESTIMATES.items():
                estimate = estimate_of(model).total
                measured = peak(stage, name, folder, variables)
                shown = f"{estimate / GIB:.2f} | {measured / GIB:.2f} | {estimate / measured:.2f}"
                print(f"| {name} | {stage} | {shown} |", flush=True)
                row = {"model": name, "stage": stage, "estimate": estimate, "measured": measured}
                figures.append(row)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
