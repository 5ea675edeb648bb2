"""Compute the reference model's log-probabilities of preference pairs, for all training runs."""

import argparse
import os
from pathlib import Path

from failpairs.models.load import model_identity
from failpairs.models.prepare import complete_model
from failpairs.models.settings import ModelFormat, import_only_needed
from failpairs.provenance.protocol import write_meta
from failpairs.records import Pair
from failpairs.storage.files import read_jsonl, write_jsonl
from failpairs.training.recipe import MicroBatch
from failpairs.workflow.gpu_lease import lease_devices
from failpairs.workflow.options import add_options, at_least_one, read_options


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path, metavar="DIR", help="model folder")
    parser.add_argument(
        "--adapter", type=Path, metavar="DIR", help="adapter of the reference model (default: none)"
    )
    parser.add_argument("--pairs", required=True, nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FILE", help="reference_logps.jsonl"
    )
    parser.add_argument(
        "--threads", type=at_least_one, default=os.cpu_count(), metavar="N", help="CPU threads"
    )
    add_options(parser, ModelFormat)
    add_options(parser, MicroBatch)
    args = parser.parse_args()

    form = read_options(args, ModelFormat)
    at_once = read_options(args, MicroBatch)
    pairs = [pair for path in args.pairs for pair in read_jsonl(path, Pair)]
    complete_model(args.model)
    model_identity(args.model)
    lease_devices(at_once.processes)
    # Heavy imports wait until the arguments are known to be good.
    import_only_needed(form)
    import torch

    from failpairs.training.reference_logprobs import reference_of
    from failpairs.workflow.processes import started

    torch.set_num_threads(args.threads)
    rows, meta = reference_of(
        args.model,
        pairs,
        form.dtype,
        form.prompt_format,
        at_once.micro_batch_size,
        form.quantization,
        at_once.processes,
        started(at_once.processes, args.threads),
        args.adapter,
    )
    write_meta(args.output, meta)
    write_jsonl(args.output, rows)
