"""Write a problem set as HumanEval-shaped JSONL, optionally without the problems that match an
evaluation problem."""

import argparse
from pathlib import Path

from failpairs.errors import InputError
from failpairs.problems.decontamination import decontaminate
from failpairs.problems.settings import ProblemLimits
from failpairs.problems.sources import DESCRIPTION, load_all
from failpairs.storage.files import write_json, write_jsonl
from failpairs.workflow.options import add_options, read_options


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--source",
        required=True,
        nargs="+",
        metavar="NAME[:PATH]",
        help=f"one or several sources: {DESCRIPTION}",
    )
    parser.add_argument(
        "--split", choices=["train", "eval"], default="train", help="default: %(default)s"
    )
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--against",
        nargs="+",
        metavar="NAME[:PATH]",
        help="sources of evaluation problems: drop problems that match one of theirs",
    )
    parser.add_argument(
        "--dropped", type=Path, metavar="FILE", help="JSON list of the problems dropped, and why"
    )
    add_options(parser, ProblemLimits)
    args = parser.parse_args()
    if (args.against is None) != (args.dropped is None):
        parser.error("--against and --dropped go together")

    limits = read_options(args, ProblemLimits)
    problems = load_all(args.source, args.split, limits.limit)
    if args.against is not None:
        evaluation = load_all(args.against, "eval", limits.limit)
        problems, dropped = decontaminate(problems, evaluation, limits.ngram)
        if not problems:
            raise InputError(
                f"problem source {', '.join(args.source)}: every problem matches one of "
                f"{', '.join(args.against)}"
            )
        write_json(args.dropped, dropped)
    write_jsonl(args.output, problems)
