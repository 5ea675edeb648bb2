"""Say how many samples of each problem are to be drawn, so that there will be enough pairs."""

import argparse
import logging
from pathlib import Path

from failpairs.commands.curate import problems_with_inputs
from failpairs.curation.build_pairs import supply
from failpairs.curation.eligible_samples import join_labels
from failpairs.curation.policy import Policy
from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel
from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import read_labels_meta, read_samples_meta
from failpairs.storage.files import read_jsonl, write_json
from failpairs.workflow.options import add_options, at_least_one, read_options

log = logging.getLogger(__name__)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--samples", required=True, type=Path, metavar="FILE")
    parser.add_argument("--labels", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--most",
        required=True,
        type=at_least_one,
        metavar="N",
        help="where even so many samples of each problem would not do, no more are drawn",
    )
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--trials", type=Path, metavar="FILE", help="as curate.py takes it (default: none)"
    )
    parser.add_argument(
        "--seeds",
        nargs="*",
        default=[],
        type=int,
        metavar="N",
        help="further seeds of curation, with which there are to be enough pairs as well",
    )
    add_options(parser, Policy)
    args = parser.parse_args()

    read_labels_meta(args.labels, args.samples)
    n_samples = read_samples_meta(args.samples).generation["n_samples"]
    with_inputs = problems_with_inputs(args.trials)
    verdicts = read_jsonl(args.labels, ExecLabel)
    labelled = join_labels(iterate_samples(args.samples), verdicts, with_inputs)
    problems, policy = read_problems(args.problems), read_options(args, Policy)
    seeds = dict.fromkeys([policy.seed, *args.seeds])
    policies = [policy.model_copy(update={"seed": seed}) for seed in seeds]
    found = max(
        (supply(problems, labelled, each, n_samples, args.most) for each in policies),
        key=lambda each: each.n_samples,
    )
    log.info(
        "%d samples of each problem give %d of %d pairs; %d are to be drawn",
        n_samples,
        found.pairs,
        found.wanted,
        found.n_samples,
    )
    write_json(args.output, found.model_dump())
