"""Make the pairs of a control arm from the curated ones."""

import argparse
from pathlib import Path

from failpairs.curation import control_arms
from failpairs.curation.eligible_samples import join_labels
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import read_labels_meta, read_samples_meta
from failpairs.records import ExecLabel, Pair
from failpairs.storage.files import read_jsonl, write_jsonl
from failpairs.storage.sample_files import iterate_samples
from failpairs.workflow import cli
from failpairs.workflow.options import add_options, read_options


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--arm",
        required=True,
        metavar="NAME",
        help="random, synthetic, external, shuffled, sft, or n125 for 125 of the pairs, and so on",
    )
    parser.add_argument("--pairs", required=True, type=Path, metavar="FILE", help="curated pairs")
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--samples",
        required=True,
        type=Path,
        metavar="FILE",
        help="what the pairs were made of; for synthetic the mutants",
    )
    parser.add_argument("--labels", required=True, type=Path, metavar="FILE", help="of --samples")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    add_options(parser, Policy, only=("seed", "held_out"))
    args = parser.parse_args()

    policy = read_options(args, Policy)
    write_jsonl(args.output, make_arm(args, policy.seed, policy.held_out))


def make_arm(args: argparse.Namespace, seed: int, held_out: float) -> list[Pair]:
    """The pairs of the arm.

    Raises:
        InputError: there is no such arm, or there are too few pairs for it.
    """
    curated = list(read_jsonl(args.pairs, Pair))
    match args.arm:
        case "shuffled":
            return control_arms.shuffled_arm(curated, seed)
        case "sft":
            return curated
        case "external":
            prompt_format = read_samples_meta(args.samples).prompt_format
            return control_arms.external_arm(curated, read_problems(args.problems), prompt_format)
        case "random" | "synthetic":
            read_labels_meta(args.labels, args.samples)
            labelled = join_labels(
                iterate_samples(args.samples), read_jsonl(args.labels, ExecLabel)
            )
            if args.arm == "synthetic":
                return control_arms.synthetic_arm(curated, labelled, seed)
            prompts = read_samples_meta(args.samples).prompts
            return control_arms.random_arm(labelled, prompts, len(curated), held_out, seed)
    if args.arm.startswith("n") and args.arm[1:].isdecimal():
        return control_arms.subset_arm(curated, int(args.arm[1:]), seed)
    raise InputError(f"--arm {args.arm!r}: there is no such arm")


if __name__ == "__main__":
    cli.run(main)
