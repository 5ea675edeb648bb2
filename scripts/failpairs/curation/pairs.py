"""A pass and a failure of one problem as a pair, and how similar the two are.

The Snakefile imports this module, where the packages of the jobs need not be installed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from failpairs.curation.eligible_samples import Labelled
from failpairs.records import Pair

# Comments and docstrings say nothing to the machine, and a model likes to repeat the docstring,
# which would make all of its answers look alike.
REMARK = re.compile(r'"""[\s\S]*?(?:"""|\Z)|\'\'\'[\s\S]*?(?:\'\'\'|\Z)|#[^\n]*')
TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Match:
    """A pass and a failure of one problem.

    Attributes:
        similarity: share of tokens in common, 0 to 1.
        order: how many pairs of the problem are better.
    """

    task_id: str
    chosen: Labelled
    rejected: Labelled
    similarity: float
    order: int


def tokens(text: str) -> list[str]:
    """The words and signs of a program, without comments and docstrings."""
    return TOKEN.findall(REMARK.sub(" ", text))


def similarity(one: str, other: str) -> float:
    """The share of tokens that two programs have in common, in order: 2 M / T as in difflib, with M
    the length of their longest common subsequence and T of both together."""
    from rapidfuzz.distance import Indel

    return round(Indel.normalized_similarity(tokens(one), tokens(other)), 4)


def length_ratio(chosen: str, rejected: str) -> float:
    """Characters of the chosen side over those of the rejected side."""
    return round(len(chosen) / max(1, len(rejected)), 4)


def as_pairs(matches: Iterable[Match], prompts: Mapping[str, str]) -> list[Pair]:
    """Matches as rows of `pairs.jsonl`, in a stable order.

    Args:
        prompts: the rendered prompt of every problem, as the model saw it.
    """
    ordered = sorted(
        matches, key=lambda m: (m.task_id, m.chosen.sample_index, m.rejected.sample_index)
    )
    return [
        Pair(
            prompt=prompts[match.task_id],
            chosen=match.chosen.completion,
            rejected=match.rejected.completion,
            task_id=match.task_id,
            chosen_index=match.chosen.sample_index,
            rejected_index=match.rejected.sample_index,
            rejected_label=match.rejected.label,
            similarity=match.similarity,
            length_ratio=length_ratio(match.chosen.completion, match.rejected.completion),
        )
        for match in ordered
    ]
