"""Our training beside plain TRL, with the embedded model on the same pairs, seeds and batches.

48 pairs: references of the starter bank against mutants of them, unless --pairs gives others. Each
seed is trained by us and by TRL's DPOTrainer, with precompute_ref_log_probs off and on, one after
the other; all have the same arguments and see the same batches. Ours counts everything: the
reference log-probabilities, which it computes once for all seeds, checkpoints and the adapter.

The last line printed is a JSON object with all figures.
"""

import argparse
import ast
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from trl import DPOConfig, DPOTrainer

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.code.mutation import mutants
from failpairs.code.syntax import without_docstrings
from failpairs.models.load import load_model, load_tokenizer
from failpairs.models.prepare import EMBEDDED, prepare_model
from failpairs.models.prompts import render_prompt
from failpairs.problems.sources import load_problems
from failpairs.provenance.protocol import write_meta
from failpairs.records import Pair
from failpairs.storage.files import read_jsonl, write_jsonl
from failpairs.training.encoding import encode_pairs, n_tokens
from failpairs.training.pair_order import training_order
from failpairs.training.recipe import Recipe
from failpairs.training.reference_logprobs import reference_of
from failpairs.training.train_adapter import PairSet, Run, train_adapter

RECIPE = Recipe(learning_rate=1e-4, batch_size=8, micro_batch_size=2, max_chosen_drop=10.0)


def starter_pairs(tokenizer: Any, count: int) -> list[Pair]:
    """The first problems' references, without docstrings, each against its first mutant."""
    pairs = []
    for problem in load_problems("starter:1", "train"):
        program = ast.unparse(without_docstrings(ast.parse(problem.reference)))
        changed = mutants(program)
        if changed and len(pairs) < count:
            pairs.append(
                Pair(
                    prompt=render_prompt(tokenizer, problem.prompt, "chat"),
                    chosen=f"{program}\n```",
                    rejected=f"{changed[0].source.rstrip()}\n```",
                    task_id=problem.task_id,
                    chosen_index=None,
                    rejected_index=None,
                    rejected_label="ASSERTION_FAIL",
                    similarity=1.0,
                    length_ratio=1.0,
                )
            )
    return pairs


def plain_trl(
    model: Path, pairs: list[Pair], seed: int, precompute: bool, work: Path
) -> list[float]:
    """The losses of DPOTrainer on the texts, in our order."""
    tokenizer = load_tokenizer(model)
    lengths = [n_tokens(row) for row in encode_pairs(tokenizer, pairs, "chat")]
    order = training_order(lengths, RECIPE.batch_size, RECIPE.epochs, seed)
    texts = [
        {"prompt": pair.prompt, "chosen": pair.chosen, "rejected": pair.rejected}
        for pair in (pairs[number] for step in order for number in step)
    ]
    trainer = DPOTrainer(
        model=load_model(model, "float32"),
        processing_class=tokenizer,
        train_dataset=Dataset.from_list(texts),
        peft_config=LoraConfig(
            r=RECIPE.lora_rank,
            lora_alpha=RECIPE.lora_alpha,
            lora_dropout=RECIPE.lora_dropout,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        ),
        args=DPOConfig(
            output_dir=str(work),
            seed=seed,
            learning_rate=RECIPE.learning_rate,
            num_train_epochs=1,
            train_sampling_strategy="sequential",
            per_device_train_batch_size=RECIPE.micro_batch_size,
            gradient_accumulation_steps=RECIPE.batch_size // RECIPE.micro_batch_size,
            warmup_steps=round(RECIPE.warmup_ratio * len(order)),
            max_grad_norm=RECIPE.max_grad_norm,
            max_length=None,
            beta=RECIPE.beta,
            loss_type=["sigmoid", "sft"],
            loss_weights=[1.0, RECIPE.sft_weight],
            precompute_ref_log_probs=precompute,
            activation_checkpointing=False,
            bf16=False,
            use_cpu=True,
            logging_steps=1,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
        ),
    )
    trainer.train()
    return [row["loss"] for row in trainer.state.log_history if "loss" in row]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, metavar="DIR", help="a prepared model")
    parser.add_argument("--pairs", type=Path, metavar="FILE")
    parser.add_argument("--n-pairs", type=int, default=48, metavar="N")
    parser.add_argument("--seeds", type=int, default=3, metavar="N")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), metavar="N")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        model = args.model or work / "model"
        if args.model is None:
            prepare_model(EMBEDDED, "", model)
        if args.pairs:
            pairs = list(read_jsonl(args.pairs, Pair))[: args.n_pairs]
        else:
            pairs = starter_pairs(load_tokenizer(model), args.n_pairs)
        measure(model, pairs, args.seeds, work)


def measure(model: Path, pairs: list[Pair], seeds: int, work: Path) -> None:
    """Train all seeds in all ways, and print what came of it."""
    seconds: dict[str, float] = defaultdict(float)
    losses: dict[str, list[float]] = defaultdict(list)

    def ours(seed: int) -> list[float]:
        run = Run(model, "float32", "chat", RECIPE, "preference", seed, "benchmark")
        rows = train_adapter(run, PairSet(pairs, [], reference), work / f"seed{seed}", {})
        return [row["loss"] for row in rows if "loss" in row]

    ways = {
        "failpairs": ours,
        "trl": lambda seed: plain_trl(model, pairs, seed, False, work),
        "trl_precomputed": lambda seed: plain_trl(model, pairs, seed, True, work),
    }
    reference = work / "reference_logps.jsonl"
    start = time.perf_counter()
    rows, meta = reference_of(model, pairs, "float32", "chat", RECIPE.micro_batch_size)
    write_meta(reference, meta)
    write_jsonl(reference, rows)
    seconds["failpairs"] = time.perf_counter() - start
    print(f"reference, once: {seconds['failpairs']:.1f} s", flush=True)
    for seed in range(seeds):
        for name, way in ways.items():
            start = time.perf_counter()
            losses[name] += way(seed)
            taken = time.perf_counter() - start
            seconds[name] += taken
            print(f"seed {seed}, {name}: {taken:.1f} s", flush=True)
    apart = [
        abs(one - other) / abs(other)
        for name in ("trl", "trl_precomputed")
        for one, other in zip(losses["failpairs"], losses[name], strict=True)
    ]
    print("\n| way | seconds in all |\n| --- | --- |")
    for name, total in seconds.items():
        print(f"| {name} | {total:.1f} |")
    figures = {
        "pairs": len(pairs),
        "seeds": seeds,
        "threads": torch.get_num_threads(),
        "ratio_trl": round(
            seconds["failpairs"] / min(seconds["trl"], seconds["trl_precomputed"]), 3
        ),
        "largest_relative_loss_difference": float(f"{max(apart):.2g}"),
        "seconds": {name: round(total, 1) for name, total in seconds.items()},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
