"""Train a LoRA adapter on preference pairs, for one seed."""

import argparse
import os
from pathlib import Path

from failpairs.models.load import model_identity
from failpairs.models.prepare import complete_model
from failpairs.models.settings import ModelFormat, import_only_needed
from failpairs.records import Pair
from failpairs.storage.files import parse_row, read_json, read_jsonl, sha256_file
from failpairs.training.recipe import Recipe, Watching
from failpairs.training.trackers import Live
from failpairs.training.trained_arms import METHODS
from failpairs.training.tuning import Tuning
from failpairs.workflow.digests import code_digest
from failpairs.workflow.gpu_lease import lease_devices
from failpairs.workflow.options import add_options, at_least_one, read_options

ROOT = Path(__file__).resolve().parents[2]  # holds the package


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
    parser.add_argument(
        "--tuning",
        type=Path,
        metavar="FILE",
        help="what tune.py chose; it counts for more than the options of the recipe",
    )
    parser.add_argument(
        "--start",
        type=Path,
        metavar="DIR",
        help="adapter to go on from, of the same rank and alpha (default: a new one)",
    )
    parser.add_argument("--seed", required=True, type=int, metavar="N", help="seed of this run")
    parser.add_argument(
        "--method",
        choices=METHODS,
        default="preference",
        help="preference takes the loss of the recipe; sft imitates the chosen sides and leaves "
        "the rejected ones alone; kto takes the loss of KTO on single sides (default: preference)",
    )
    parser.add_argument("--output-dir", required=True, type=Path, metavar="DIR")
    parser.add_argument(
        "--threads", type=at_least_one, default=os.cpu_count(), metavar="N", help="CPU threads"
    )
    add_options(parser, ModelFormat)
    add_options(parser, Recipe)
    add_options(parser, Watching, Watching.model_fields)
    parser.add_argument(
        "--live-dir",
        type=Path,
        metavar="DIR",
        help="folder for what --report-to writes (default: live beside the output folder)",
    )
    args = parser.parse_args()

    if args.tuning:
        vars(args).update(parse_row(Tuning, read_json(args.tuning), str(args.tuning)).recipe)
    recipe, form = read_options(args, Recipe), read_options(args, ModelFormat)
    live = Live(
        read_options(args, Watching).report_to, args.live_dir or args.output_dir.parent / "live"
    )
    live.prepare()
    pairs = list(read_jsonl(args.pairs, Pair))
    held_out = list(read_jsonl(args.held_out, Pair)) if args.held_out else []
    complete_model(args.model)
    model_identity(args.model)
    lease_devices(recipe.processes)
    # Heavy imports wait until the arguments are known to be good.
    import_only_needed(form)
    import torch

    from failpairs.training.train_adapter import PairSet, Run, train_adapter
    from failpairs.workflow.processes import started

    torch.set_num_threads(args.threads)
    run = Run(
        model=args.model,
        dtype=form.dtype,
        prompt_format=form.prompt_format,
        recipe=recipe,
        method=args.method,
        seed=args.seed,
        code=code_digest(Path(__file__).resolve(), ROOT),
        quantization=form.quantization,
        start=args.start,
        live=live,
    )
    files = {path.name: sha256_file(path) for path in (args.pairs, args.held_out) if path}
    data = PairSet(pairs, held_out, args.reference)
    in_processes = started(recipe.processes, args.threads)
    train_adapter(run, data, args.output_dir, files, in_processes)
