"""Make preference pairs of other people into pairs to train on, and leave out those that leak."""

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from failpairs.curation.own_pairs import LeftOut, own_pairs
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.exchange.pairs import FORMS, ForeignPair, read_pairs
from failpairs.models.load import load_tokenizer, model_identity
from failpairs.models.prepare import complete_model
from failpairs.models.prompts import FORMATS, render_conversation
from failpairs.models.settings import ModelFormat
from failpairs.problems.settings import ProblemLimits
from failpairs.problems.sources import load_all
from failpairs.storage.files import require_output, sha256_file, write_json, write_jsonl
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
    gone = {id(each.pair) for each in left_out}
    used = [pair for pair in pairs if id(pair) not in gone]
    marks = tokenizer.all_special_tokens if FORMATS[prompt_format].request is not None else []
    for line in (*describe(left_out, len(pairs)), *remarks(used, len(curated.held_out), marks)):
        print(line)  # the workflow shows standard output, while standard error goes to the log
    file = Path(args.pairs.removeprefix("jsonl:"))
    given = {
        "source": args.pairs,
        "sha256": sha256_file(file) if file.is_file() else None,
        "left_out": [
            {"row": each.pair.number, "reason": each.reason, "detail": each.detail}
            for each in left_out
        ],
    }
    write_json(funnel, {**asdict(curated.funnel), "given": given})
    write_jsonl(held_out, curated.held_out)
    write_jsonl(args.output, curated.pairs)


def describe(left_out: Sequence[LeftOut], total: int) -> list[str]:
    """A line for each reason for which pairs are left out."""
    by_reason: dict[str, list[LeftOut]] = defaultdict(list)
    for each in left_out:
        by_reason[each.reason].append(each)
    lines = []
    for reason, found in by_reason.items():
        rows = [
            f"row {each.pair.number}{f', {each.detail}' if each.detail else ''}"
            for each in found[:NAMED]
        ]
        rows += ["…"] if len(found) > NAMED else []
        lines.append(f"{len(found)} of {total} pairs are left out: {reason} ({'; '.join(rows)})")
    return [" ".join(line.split()) for line in lines]


def remarks(pairs: Sequence[ForeignPair], n_held_out: int, marks: Sequence[str]) -> list[str]:
    """What the one who made pairs may not have meant.

    Args:
        pairs: those that are trained on or held out.
        marks: the tokens between the turns of a conversation; none where evaluation does not ask in
            the chat template of the model.
    """
    lines = []
    if n_held_out:
        lines.append(
            f"{n_held_out} of {len(pairs)} pairs are held out for the curves of training "
            "(curation.held_out: 0 holds none out)"
        )
    empty = [str(pair.number) for pair in pairs if not pair.rejected.strip()]
    if empty:
        rows = ", ".join([*empty[:NAMED], *(["…"] if len(empty) > NAMED else [])])
        lines.append(f"pairs with an empty rejected side are trained on, too: row {rows}")
    prompts = [pair.prompt for pair in pairs if isinstance(pair.prompt, str)]
    texts = sum(not any(mark in prompt for mark in marks) for prompt in prompts)
    if texts and marks:
        lines.append(
            f"{texts} prompts are plain texts, which the model continues as they stand, while "
            "evaluation asks in its chat template: give conversations for the same"
        )
    return lines
