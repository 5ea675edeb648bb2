"""Make preference pairs of other people into pairs to train on, and leave out those that leak."""

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from failpairs.curation.own_pairs import LeftOut, own_pairs
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.exchange.pairs import FORMS, read_pairs
from failpairs.models.load import load_tokenizer, model_identity
from failpairs.models.prepare import complete_model
from failpairs.models.prompts import FORMATS, render_conversation
from failpairs.models.settings import ModelFormat
from failpairs.problems.settings import ProblemLimits
from failpairs.problems.sources import load_all
from failpairs.storage.files import require_output, write_json, write_jsonl
from failpairs.workflow.options import add_options, read_options

NAMED = 5  # rows that a line names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "pairs", metavar="PAIRS", help=f"a file of pairs, or one of {', '.join(FORMS)}"
    )
    parser.add_argument(
        "--model",
        required=True,
        type=Path,
        metavar="DIR",
        help="folder of the model to train, whose chat template turns conversations into texts",
    )
    parser.add_argument(
        "--against",
        required=True,
        nargs="+",
        metavar="NAME[:PATH]",
        help="sources of evaluation problems: pairs that leak one of theirs are left out",
    )
    parser.add_argument(
        "--output",
        required=True,
        type=Path,
        metavar="FILE",
        help="the pairs; beside it: curation_funnel.json and held_out_pairs.jsonl",
    )
    add_options(parser, ModelFormat, only=("prompt_format",))
    add_options(parser, ProblemLimits)
    add_options(parser, Policy, only=("held_out", "seed"))
    args = parser.parse_args()

    limits = read_options(args, ProblemLimits)
    prompt_format = read_options(args, ModelFormat).prompt_format
    beside = args.output.parent
    funnel, held_out = beside / "curation_funnel.json", beside / "held_out_pairs.jsonl"
    for path in (args.output, funnel, held_out):
        require_output(path, Path(args.pairs.removeprefix("jsonl:")))
    complete_model(args.model)
    model_identity(args.model)
    pairs = read_pairs(args.pairs)
    evaluation = load_all(args.against, "eval", limits.limit, "drop")
    tokenizer = load_tokenizer(args.model)

    def render(prompt: str | Sequence[Mapping[str, str]]) -> str:
        if isinstance(prompt, str):
            return prompt
        if FORMATS[prompt_format].request is None:
            raise InputError("a conversation: set model.prompt_format (--prompt-format) to chat")
        return render_conversation(tokenizer, prompt)

    curated, left_out = own_pairs(
        pairs, evaluation, limits.ngram, read_options(args, Policy), render
    )
    for line in describe(left_out, len(pairs)):
        print(line)  # the workflow shows standard output, while standard error goes to the log
    write_json(funnel, asdict(curated.funnel))
    write_jsonl(held_out, curated.held_out)
    write_jsonl(args.output, curated.pairs)


def describe(left_out: Sequence[LeftOut], total: int) -> list[str]:
    """A line for each reason for which pairs are left out."""
    by_reason: dict[str, list[LeftOut]] = defaultdict(list)
    for each in left_out:
        by_reason[each.reason].append(each)
    lines = []
    for reason, found in by_reason.items():
        rows = ", ".join(str(each.pair.number) for each in found[:NAMED])
        more = ", …" if len(found) > NAMED else ""
        detail = f"; the first one: {found[0].detail}" if found[0].detail else ""
        lines.append(
            f"{len(found)} of {total} pairs are left out: {reason} (rows {rows}{more}{detail})"
        )
    return [" ".join(line.split()) for line in lines]
