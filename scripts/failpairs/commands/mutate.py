"""Make mutants of the chosen sides of pairs, as samples that are then executed like any others."""

import argparse
from pathlib import Path

from failpairs.curation.control_arms import mutated_samples
from failpairs.curation.policy import Policy
from failpairs.problems.jsonl import read_problems
from failpairs.records import Pair
from failpairs.storage.files import read_jsonl, write_jsonl
from failpairs.workflow.options import add_options, read_options


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", required=True, type=Path, metavar="FILE")
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    add_options(parser, Policy, only=("seed",))
    args = parser.parse_args()

    seed = read_options(args, Policy).seed
    pairs = list(read_jsonl(args.pairs, Pair))
    write_jsonl(args.output, mutated_samples(pairs, read_problems(args.problems), seed))
