"""Train a LoRA adapter on preference pairs, for one seed."""

import argparse
import os
from pathlib import Path

from failpairs.errors import InputError
from failpairs.models.load import model_identity
from failpairs.models.prepare import complete_model
from failpairs.records import Pair
from failpairs.storage.files import read_jsonl, sha256_file
from failpairs.workflow import cli
from failpairs.workflow.config import add_options, section_values
from failpairs.workflow.digests import code_digest
from failpairs.workflow.gpu_lease import lease_device


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path, metavar="DIR", help="model folder")
    parser.add_argument("--pairs", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--held-out", type=Path, metavar="FILE", help="pairs that are only measured on"
    )
    parser.add_argument(
        "--reference",
        type=Path,
        metavar="FILE",
        help="what reference.py made of these pairs; without it, it is computed again",
    )
    parser.add_argument("--seed", required=True, type=int, metavar="N", help="seed of this run")
    parser.add_argument(
        "--method",
        choices=["dpo", "sft"],
        default="dpo",
        help="sft imitates the chosen sides and leaves the rejected ones alone (default: dpo)",
    )
    parser.add_argument("--output-dir", required=True, type=Path, metavar="DIR")
    parser.add_argument(
        "--threads", type=int, default=os.cpu_count(), metavar="N", help="CPU threads"
    )
    add_options(parser, "model", only=("dtype", "prompt_format"))
    add_options(parser, "training")
    args = parser.parse_args()

    recipe, model = section_values(args, "training"), section_values(args, "model")
    if recipe["batch_size"] % recipe["micro_batch_size"]:
        raise InputError("--micro-batch-size does not divide --batch-size")
    pairs = list(read_jsonl(args.pairs, Pair))
    held_out = list(read_jsonl(args.held_out, Pair)) if args.held_out else []
    complete_model(args.model)
    model_identity(args.model)
    lease_device()
    # Heavy imports wait until the arguments are known to be good.
    import torch
    from failpairs.training.train_adapter import PairSet, Recipe, Run, train_adapter

    torch.set_num_threads(args.threads)
    run = Run(
        model=args.model,
        dtype=model["dtype"],
        prompt_format=model["prompt_format"],
        recipe=Recipe(**recipe),
        method=args.method,
        seed=args.seed,
        code=code_digest(Path(__file__).resolve()),
    )
    files = {path.name: sha256_file(path) for path in (args.pairs, args.held_out) if path}
    train_adapter(run, PairSet(pairs, held_out, args.reference), args.output_dir, files)


if __name__ == "__main__":
    cli.run(main)
