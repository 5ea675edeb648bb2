"""Write a problem set as HumanEval-shaped JSONL, optionally without the problems that match an
evaluation problem."""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from failpairs.errors import InputError
from failpairs.problems.decontamination import Contamination, decontaminate
from failpairs.problems.settings import ProblemLimits
from failpairs.problems.sources import DESCRIPTION, load_all, source_files
from failpairs.storage.files import require_output, write_json, write_jsonl
from failpairs.workflow.options import add_options, read_options


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--source",
        required=True,
        nargs="+",
        metavar="NAME[:PATH]",
        help=f"one or several sources: {DESCRIPTION}".replace("%", "%%"),
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
    parser.add_argument(
        "--broken",
        choices=["stop", "drop"],
        default="stop",
        help="what to do about malformed rows: stop, or leave them out with a line each in the log "
        "(default: %(default)s)",
    )
    add_options(parser, ProblemLimits)
    args = parser.parse_args()
    if (args.against is None) != (args.dropped is None):
        parser.error("--against and --dropped go together")

    limits = read_options(args, ProblemLimits)
    sources = (*args.source, *(args.against or ()))
    require_output(args.output, *(path for each in sources for path in source_files(each)))
    problems = load_all(args.source, args.split, limits.limit, args.broken)
    if len(problems) < limits.limit * len(args.source):
        _say(
            f"problems.limit is {limits.limit} for each source, but {', '.join(args.source)} gives "
            f"{len(problems)} in all"
        )
    if args.against is not None:
        evaluation = load_all(args.against, "eval", limits.limit, args.broken)
        kept, dropped = decontaminate(problems, evaluation, limits.ngram)
        if not kept:
            raise InputError(
                f"problem source {', '.join(args.source)}: every problem matches one of "
                f"{', '.join(args.against)}"
            )
        if dropped:
            _say(_contamination(dropped, len(problems)))
        problems = kept
        write_json(args.dropped, dropped)
    write_jsonl(args.output, problems)


def _contamination(dropped: Sequence[Contamination], total: int) -> str:
    """How many training problems were dropped, for which reasons, and the first of them."""
    counts = Counter(match["reason"] for match in dropped)
    reasons = ", ".join(f"{reason}: {count}" for reason, count in counts.items())
    first = dropped[0]
    return (
        f"{len(dropped)} of {total} training problems match an evaluation problem and are dropped "
        f"({reasons}), such as {first['task_id']}, which matches {first['eval_task_id']}"
    )


def _say(line: str) -> None:
    """Write to standard output, which the workflow shows, while standard error goes to the log."""
    print(" ".join(line.split()))
