"""Sample a model on problems: its completions as JSONL, with their protocol beside them."""

import argparse
import logging
import os
from contextlib import suppress
from pathlib import Path

from failpairs.errors import InputError
from failpairs.models.prepare import complete_model
from failpairs.models.settings import InferenceSettings, ModelFormat
from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import write_meta
from failpairs.records import Problem
from failpairs.sampling.engines import ENGINES
from failpairs.sampling.kept_samples import keep, kept_samples
from failpairs.sampling.settings import SamplingSettings
from failpairs.storage.files import write_jsonl
from failpairs.workflow.digests import code_digest
from failpairs.workflow.gpu_lease import lease_device
from failpairs.workflow.options import add_options, at_least_one, read_options

ROOT = Path(__file__).resolve().parents[2]  # holds the package
log = logging.getLogger(__name__)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path, metavar="DIR", help="model folder")
    parser.add_argument(
        "--adapter",
        type=Path,
        metavar="DIR",
        help="PEFT adapter to apply, or a whole tuned model, sampled with the tokenizer of --model",
    )
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--shard", default="1/1", metavar="I/N", help="sample only part I of N (default: 1/1)"
    )
    parser.add_argument(
        "--threads", type=at_least_one, default=os.cpu_count(), metavar="N", help="CPU threads"
    )
    add_options(parser, InferenceSettings)
    add_options(parser, ModelFormat)
    add_options(parser, SamplingSettings)
    args = parser.parse_args()

    settings = read_options(args, SamplingSettings)
    inference = read_options(args, InferenceSettings)
    form = read_options(args, ModelFormat)
    for folder in filter(None, (args.model, args.adapter)):
        complete_model(folder)
    problems = shard_of(read_problems(args.problems), args.shard)
    # Heavy imports wait until the arguments are known to be good.
    if ENGINES[settings.engine].is_local:
        lease_device()
        import torch

        torch.set_num_threads(args.threads)
    from failpairs.sampling.sampler import load_sampler, meta_of, sample_problems

    sampler = load_sampler(
        args.model,
        args.adapter,
        form.dtype,
        form.prompt_format,
        settings.engine,
        inference,
        form.quantization,
    )
    code = code_digest(Path(__file__).resolve(), ROOT)
    meta = meta_of(sampler, problems, settings)
    known = kept_samples(args.output, meta, code)
    if known:
        log.info("%d samples of %d problems are kept", sum(map(len, known.values())), len(known))
    samples, _ = sample_problems(sampler, problems, settings, inference.batch_size, known)
    write_meta(args.output, meta)
    write_jsonl(args.output, samples)
    with suppress(OSError):  # it only saves time later
        keep(args.output, meta, code)


def shard_of(problems: list[Problem], shard: str) -> list[Problem]:
    """Part I of N of the problems: every N-th, from the I-th on.

    Raises:
        InputError: `shard` is not I/N with 1 <= I <= N.
    """
    index, _, count = shard.partition("/")
    if not (index.isdigit() and count.isdigit() and 1 <= int(index) <= int(count)):
        raise InputError(f"--shard {shard!r}: expected I/N with 1 <= I <= N, such as 2/4")
    return problems[int(index) - 1 :: int(count)]
