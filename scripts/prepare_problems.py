"""Write a problem set as HumanEval-shaped JSONL, freed of evaluation problems if asked."""

import argparse
from pathlib import Path

from failpairs import program
from failpairs.config import add_options, section_values
from failpairs.decontamination import decontaminate
from failpairs.errors import InputError
from failpairs.files import write_json, write_jsonl
from failpairs.problems import SOURCES, load_all, read_problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--source",
        required=True,
        nargs="+",
        metavar="NAME[:PATH]",
        help=f"one or several of {', '.join(SOURCES)}",
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
    problems = load_all(args.source, args.split, settings["limit"])
    if args.against is not None:
        problems, dropped = decontaminate(problems, read_problems(args.against), settings["ngram"])
        if not problems:
            raise InputError(
                f"problem source {', '.join(args.source)}: every problem matches one of "
                f"{args.against}"
            )
        write_json(args.dropped, dropped)
    write_jsonl(args.output, problems)


if __name__ == "__main__":
    program.run(main)
