"""Write a problem set as HumanEval-shaped JSONL, freed of evaluation problems if asked."""

import argparse
from pathlib import Path

from failpairs import program
from failpairs.config import add_options, section_values
from failpairs.decontamination import decontaminate
from failpairs.errors import InputError
from failpairs.files import write_json, write_jsonl
from failpairs.problems import load_problems, read_problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--source",
        required=True,
        metavar="NAME[:PATH]",
        help="starter, starter:LEVEL, humaneval, mbpp, mbpp:PATH or jsonl:PATH",
    )
    parser.add_argument(
        "--split", choices=["train", "eval"], default="train", help="default: %(default)s"
    )
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="drop problems that match one of this file"
    )
    parser.add_argument(
        "--dropped", type=Path, metavar="FILE", help="JSON list of the problems dropped, and why"
    )
    add_options(parser, "problems", only=("limit", "ngram"))
    args = parser.parse_args()
    if (args.against is None) != (args.dropped is None):
        parser.error("--against and --dropped go together")

    settings = section_values(args, "problems")
    problems = load_problems(args.source, args.split)
    problems = problems[: settings["limit"] or None]
    if args.against is not None:
        problems, dropped = decontaminate(problems, read_problems(args.against), settings["ngram"])
        if not problems:
            raise InputError(
                f"problem source {args.source!r}: every problem matches one of {args.against}"
            )
        write_json(args.dropped, dropped)
    write_jsonl(args.output, problems)


if __name__ == "__main__":
    program.run(main)
