"""What a recipe does to training problems that it was not trained on: a small sweep.

The pairs of a share of the training problems are held out, by a hash of the problem's name. Each
recipe is trained on the other pairs; then the held-out pairs are measured, and the held-out
problems sampled and executed, with the same draws as the base model's samples in the results.
Evaluation problems have no part in it, so that a recipe can be chosen here.

The last line printed is a JSON object with all figures.
"""

import argparse
import itertools
import json
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.curation.build_pairs import curate
from failpairs.curation.eligible_samples import Labelled, is_held_out, join_labels
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.problem_trials import try_problems
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.labels import PASS
from failpairs.markdown import table
from failpairs.models.settings import InferenceSettings
from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import read_samples_meta, write_meta
from failpairs.records import Problem
from failpairs.sampling.sampler import load_sampler, sample_problems
from failpairs.sampling.settings import SamplingSettings
from failpairs.storage.files import read_jsonl, write_jsonl
from failpairs.training.recipe import Recipe
from failpairs.training.reference_logprobs import reference_of
from failpairs.training.train_adapter import PairSet, Run, train_adapter
from failpairs.training.train_log import flags
from failpairs.workflow import cli
from failpairs.workflow.config import validate_config

CONFIGS = Path(__file__).resolve().parents[1] / "config"


@dataclass(frozen=True)
class Study:
    """What all recipes have in common."""

    config: dict[str, Any]
    model: Path
    data: PairSet
    problems: list[Problem]  # the held-out ones
    before: Counter[str]
    n_samples: int
    threads: int
    work: Path


def configuration(path: Path) -> dict[str, Any]:
    """A configuration on top of the default one, as the workflow reads it."""
    config: dict[str, Any] = {}
    for part in (CONFIGS / "config.yaml", path):
        for name, value in yaml.safe_load(part.read_text(encoding="utf-8")).items():
            config[name] = {**config.get(name, {}), **value} if isinstance(value, dict) else value
    return validate_config(config)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=Path("results/demo"), metavar="DIR")
    parser.add_argument("--config", type=Path, default=CONFIGS / "demo.yaml", metavar="FILE")
    parser.add_argument("--held-out", type=float, default=0.3, metavar="SHARE")
    parser.add_argument(
        "--n-samples", type=int, default=4, metavar="N", help="of a held-out problem; 0: none"
    )
    parser.add_argument("--learning-rate", type=float, nargs="+", default=[1e-4], metavar="RATE")
    parser.add_argument("--epochs", type=float, nargs="+", default=[1.0], metavar="N")
    parser.add_argument("--sft-weight", type=float, nargs="+", default=[0.2], metavar="WEIGHT")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), metavar="N")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    with tempfile.TemporaryDirectory() as name:
        study = prepare(args, Path(name))
        base = Recipe(**study.config["training"])
        rows = []
        for rate, epochs, weight in itertools.product(
            args.learning_rate, args.epochs, args.sft_weight
        ):
            recipe = base.model_copy(
                update={"learning_rate": rate, "epochs": epochs, "sft_weight": weight}
            )
            values = {"learning rate": rate, "epochs": epochs, "sft weight": weight}
            rows.append({**values, **try_out(study, recipe, args.seed)})
            print(json.dumps(rows[-1]), flush=True)
    head = list(dict.fromkeys(itertools.chain(*rows)))
    print()
    print("\n".join(table(head, ([row.get(name, "") for name in head] for row in rows))))
    before = {"samples": study.before.total(), "before": dict(study.before)}
    sizes = {"pairs": len(study.data.pairs), "held_out_pairs": len(study.data.held_out)}
    print(json.dumps({**sizes, "held_out_problems": len(study.problems), **before, "rows": rows}))


def prepare(args: argparse.Namespace, work: Path) -> Study:
    """Divide the training problems, make the pairs of both parts, and count the base model's
    samples of the held-out part."""
    config = configuration(args.config)
    model = args.results / "model"
    problems = read_problems(args.results / "problems/train.jsonl")
    samples = args.results / "samples.jsonl"
    labels = read_jsonl(args.results / "exec_labels.jsonl", ExecLabel)
    labelled: dict[str, list[Labelled]] = join_labels(iterate_samples(samples), labels)
    policy = Policy(**{**config["curation"], "held_out": args.held_out})
    curated = curate(problems, labelled, read_samples_meta(samples).prompts, policy)
    held_out = [p for p in problems if is_held_out(p.task_id, args.held_out, policy.seed)]
    pairs = [*curated.pairs, *curated.held_out]
    settings = config["model"]
    reference = work / "reference_logps.jsonl"
    batch_size = config["training"]["micro_batch_size"]
    rows, meta = reference_of(
        model,
        pairs,
        settings["dtype"],
        settings["prompt_format"],
        batch_size,
        settings["quantization"],
    )
    write_meta(reference, meta)
    write_jsonl(reference, rows)
    return Study(
        config=config,
        model=model,
        data=PairSet(curated.pairs, curated.held_out, reference),
        problems=held_out,
        before=Counter(
            sample.label for p in held_out for sample in labelled[p.task_id][: args.n_samples]
        ),
        n_samples=args.n_samples,
        threads=args.threads,
        work=work,
    )


def try_out(study: Study, recipe: Recipe, seed: int) -> dict[str, Any]:
    """Train with a recipe, and measure on what was held out."""
    settings = study.config["model"]
    form = (settings["dtype"], settings["prompt_format"])
    run = Run(study.model, *form, recipe, "preference", seed, "sweep", settings["quantization"])
    adapter = study.work / "adapter"
    start = time.perf_counter()
    try:
        curve = train_adapter(run, study.data, adapter, {})
    except InputError as error:
        return {"stopped": str(error)}
    last = curve[-1]
    row: dict[str, Any] = {
        "steps": last["step"],
        "seconds": round(time.perf_counter() - start),
        "accuracy": last["held_out_reward_accuracy"],
        "margin": last["held_out_reward_margin"],
        "chosen change": last["held_out_chosen_change"],
        "flags": len(flags(curve)),
    }
    if study.n_samples:
        after = sampled(study, adapter)
        for label in (PASS, "NAME_ERROR"):
            row[label] = f"{study.before[label]} → {after[label]}"
    return row


def sampled(study: Study, adapter: Path) -> Counter[str]:
    """The labels of an adapter's samples of the held-out problems."""
    config = study.config
    settings, execution = config["model"], ExecutionSettings(**config["execution"])
    sampler = load_sampler(
        study.model,
        adapter,
        settings["dtype"],
        settings["prompt_format"],
        quantization=settings["quantization"],
    )
    generation = SamplingSettings(**{**config["sampling"], "n_samples": study.n_samples})
    inference = InferenceSettings(batch_size=config["inference"]["batch_size"])
    batch_size = inference.sequences(sampler.engine.describe()["device"])
    samples, _ = sample_problems(sampler, study.problems, generation, batch_size)
    tier = find_tier(unsafe=False)
    trials = {t.task_id: t for t in try_problems(study.problems, execution, tier, study.threads)}
    verdicts = execute_samples(study.problems, samples, execution, tier, study.threads, trials)
    return Counter(verdict.label for verdict in verdicts)


if __name__ == "__main__":
    cli.run(main)
