"""Make the pairs of a control arm from the curated pairs."""

import argparse
from collections.abc import Collection
from pathlib import Path

from failpairs.commands.curate import problems_with_inputs
from failpairs.curation.control_arms import (
    ARMS,
    ArmInputs,
    Labels,
    find_arm,
    make_arm,
    pairs_wanted,
)
from failpairs.curation.eligible_samples import join_labels
from failpairs.curation.policy import Policy
from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel
from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import read_labels_meta, read_samples_meta
from failpairs.records import Pair
from failpairs.storage.files import read_jsonl, write_jsonl
from failpairs.workflow.options import add_options, read_options

LABELLED = ("FILE", "LABELS")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--arm",
        required=True,
        metavar="NAME",
        help=f"such as {', '.join(arm.name for arm in ARMS)}",
    )
    parser.add_argument("--pairs", required=True, type=Path, metavar="FILE", help="curated pairs")
    parser.add_argument("--problems", type=Path, metavar="FILE", help="training problems")
    parser.add_argument(
        "--samples", nargs=2, type=Path, metavar=LABELLED, help="what the curated pairs are made of"
    )
    parser.add_argument(
        "--mutants", nargs=2, type=Path, metavar=LABELLED, help="what mutate.py made of the pairs"
    )
    parser.add_argument(
        "--trials", type=Path, metavar="FILE", help="as curate.py takes it (default: none)"
    )
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    add_options(parser, Policy)
    args = parser.parse_args()

    missing = [need for need in sorted(find_arm(args.arm).needs) if not getattr(args, need)]
    if missing:
        parser.error(f"arm {args.arm!r} needs --{' and --'.join(missing)}")
    policy = read_options(args, Policy)
    curated = list(read_jsonl(args.pairs, Pair))
    with_inputs = problems_with_inputs(args.trials)
    inputs = ArmInputs(
        curated,
        pairs_wanted(args.arm, len(curated)),
        problems=read_problems(args.problems) if args.problems else (),
        samples=read_labelled(with_inputs, *args.samples) if args.samples else {},
        prompts=read_samples_meta(args.samples[0]).prompts if args.samples else {},
        mutants=read_labelled(with_inputs, *args.mutants) if args.mutants else {},
    )
    write_jsonl(args.output, make_arm(args.arm, inputs, policy))


def read_labelled(with_inputs: Collection[str], samples: Path, labels: Path) -> Labels:
    """The labelled samples of each problem, without those that curation doubts.

    Args:
        with_inputs: as of `join_labels`.

    Raises:
        InputError: a file is malformed, or the labels are those of other samples.
    """
    read_labels_meta(labels, samples)
    found = join_labels(iterate_samples(samples), read_jsonl(labels, ExecLabel), with_inputs)
    return {name: [one for one in each if not one.doubtful] for name, each in found.items()}
