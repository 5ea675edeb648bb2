"""Train a LoRA adapter on preference pairs, for one seed."""

import argparse
import json
import os
from pathlib import Path

from failpairs import program
from failpairs.config import add_options, section_values
from failpairs.files import atomic_write, read_jsonl
from failpairs.models import model_identity
from failpairs.records import Pair


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path, metavar="DIR", help="model folder")
    parser.add_argument("--pairs", required=True, type=Path, metavar="FILE")
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
    pairs = list(read_jsonl(args.pairs, Pair))
    model_identity(args.model)
    # Heavy imports wait until the arguments are known to be good.
    from failpairs.training import Recipe, set_threads, train_adapter

    set_threads(args.threads)
    curve = train_adapter(
        args.model,
        pairs,
        Recipe(**recipe),
        args.seed,
        model["dtype"],
        model["prompt_format"],
        args.method,
        args.output_dir,
    )
    with atomic_write(args.output_dir / "train_log.jsonl") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in curve)


if __name__ == "__main__":
    program.run(main)
