"""Sample a model on problems: its completions as JSONL, with their protocol beside them."""

import argparse
import logging
import os
from contextlib import suppress
from pathlib import Path

from failpairs.errors import InputError
from failpairs.models.prepare import complete_model
from failpairs.models.settings import InferenceSettings, ModelFormat, import_only_needed
from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import read_samples_meta, write_meta
from failpairs.records import Problem, Sample, Supply
from failpairs.sampling.engines import ENGINES
from failpairs.sampling.kept_samples import drawing_sha256, given_samples, keep, kept_samples
from failpairs.sampling.settings import SamplingSettings
from failpairs.storage.files import parse_row, read_json, read_jsonl, write_jsonl
from failpairs.workflow.digests import code_digest
from failpairs.workflow.gpu_lease import lease_devices
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
        "--extend",
        type=Path,
        metavar="FILE",
        help="samples that were drawn in the same way and are taken over: only what is missing is "
        "drawn",
    )
    parser.add_argument(
        "--supply",
        type=Path,
        metavar="FILE",
        help="what top_up.py wrote: its number of samples, instead of --n-samples",
    )
    parser.add_argument(
        "--shard", default="1/1", metavar="I/N", help="sample only part I of N (default: 1/1)"
    )
    parser.add_argument(
        "--half-batches",
        action="store_true",
        help="decode half as many sequences together as --batch-size says, to see what changes by "
        "nothing but rounding",
    )
    parser.add_argument(
        "--threads", type=at_least_one, default=os.cpu_count(), metavar="N", help="CPU threads"
    )
    add_options(parser, InferenceSettings)
    add_options(parser, ModelFormat)
    add_options(parser, SamplingSettings)
    args = parser.parse_args()

    settings = read_options(args, SamplingSettings)
    if args.supply is not None:
        supply = parse_row(Supply, read_json(args.supply), str(args.supply))
        settings = settings.model_copy(update={"n_samples": supply.n_samples})
        drawn = read_samples_meta(args.extend) if args.extend else None
        if drawn and drawn.generation["n_samples"] == supply.n_samples:  # no model is needed
            write_meta(args.output, drawn)
            write_jsonl(args.output, read_jsonl(args.extend, Sample))
            return
    inference = read_options(args, InferenceSettings)
    form = read_options(args, ModelFormat)
    for folder in filter(None, (args.model, args.adapter)):
        complete_model(folder)
    problems = shard_of(read_problems(args.problems), args.shard)
    # Heavy imports wait until the arguments are known to be good.
    import_only_needed(form)
    engine = ENGINES[settings.engine]
    if engine.is_local:
        lease_devices(engine.n_gpus(inference.tensor_parallel))
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
    drawing = drawing_sha256(code, args.model, args.adapter)
    meta = meta_of(sampler, problems, settings)
    known = kept_samples(args.output, meta, drawing)
    if args.extend is not None and not known:
        known = given_samples(args.extend, meta)
    if known:
        log.info("%d samples of %d problems are kept", sum(map(len, known.values())), len(known))
    batch_size = inference.sequences(sampler.engine.describe().get("device"))
    if args.half_batches:
        batch_size = max(1, batch_size // 2)
    samples, _ = sample_problems(sampler, problems, settings, batch_size, known)
    write_meta(args.output, meta)
    write_jsonl(args.output, samples)
    with suppress(OSError):  # it only saves time later
        keep(args.output, meta, drawing)


def shard_of(problems: list[Problem], shard: str) -> list[Problem]:
    """Part I of N of the problems: every N-th, from the I-th on.

    Raises:
        InputError: `shard` is not I/N with 1 <= I <= N.
    """
    index, _, count = shard.partition("/")
    if not (index.isdigit() and count.isdigit() and 1 <= int(index) <= int(count)):
        raise InputError(f"--shard {shard!r}: expected I/N with 1 <= I <= N, such as 2/4")
    return problems[int(index) - 1 :: int(count)]
