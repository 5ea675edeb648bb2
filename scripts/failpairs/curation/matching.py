"""Pairs the passes of one problem with its failures, each with the one that suits it best."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel
from scipy.optimize import linear_sum_assignment

from failpairs.curation.eligible_samples import Labelled
from failpairs.labels import Label

# What says nothing to the machine: a model likes to repeat the docstring, which would make all of
# its answers look alike.
REMARK = re.compile(r'"""[\s\S]*?(?:"""|\Z)|\'\'\'[\s\S]*?(?:\'\'\'|\Z)|#[^\n]*')
TOKEN = re.compile(r"\w+|[^\w\s]")
FORBIDDEN = 1e6  # the cost of a pair outside the bands: more than all others together


@dataclass(frozen=True)
class Bands:
    """Which pairs are allowed: token similarity, and length ratio in either direction."""

    min_similarity: float
    max_similarity: float
    max_length_ratio: float


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

    @property
    def length_ratio(self) -> float:
        """Characters of the chosen side over those of the rejected side."""
        return len(self.chosen.completion) / max(1, len(self.rejected.completion))


def tokens(text: str) -> list[str]:
    """The words and signs of a program, without comments and docstrings."""
    return TOKEN.findall(REMARK.sub(" ", text))


def similarity(one: str, other: str) -> float:
    """The share of tokens that two programs have in common, in order: 2 M / T as in difflib, with M
    the length of their longest common subsequence and T of both together."""
    return round(Indel.normalized_similarity(tokens(one), tokens(other)), 4)


def match(
    task_id: str,
    passing: Sequence[Labelled],
    failing: Sequence[Labelled],
    bands: Bands,
    max_uses: int,
    surplus: Mapping[Label, float],
) -> list[Match]:
    """The pairs of one problem, best first, each side in at most `max_uses` of them.

    Each round is an optimal assignment (the Hungarian method): as many pairs as there can be, and
    of these choices the one with the least cost. A pair costs the absolute log of its length ratio,
    so that length tells as little as possible, and the log of its label's surplus.

    Args:
        surplus: for each label how much more often it occurs than it is wanted.
    """
    alike = process.cdist(
        [tokens(sample.completion) for sample in passing],
        [tokens(sample.completion) for sample in failing],
        scorer=Indel.normalized_similarity,
        dtype=np.float64,
    )
    one, other = _lengths(passing)[:, None], _lengths(failing)[None, :]
    ratio = np.maximum(one, other) / np.minimum(one, other)
    cost = np.log(ratio) + np.log([surplus[sample.label] for sample in failing])[None, :]
    allowed = (alike >= bands.min_similarity) & (alike <= bands.max_similarity)
    allowed &= ratio <= bands.max_length_ratio
    cost = np.where(allowed, cost, FORBIDDEN)
    matches: list[Match] = []
    for _ in range(max_uses):
        places = np.stack(linear_sum_assignment(cost), axis=1).tolist()
        found = [(row, column) for row, column in places if cost[row, column] < FORBIDDEN]
        if not found:
            break
        for row, column in sorted(found, key=lambda place: float(cost[place])):
            value = round(float(alike[row, column]), 4)
            matches.append(Match(task_id, passing[row], failing[column], value, len(matches)))
            cost[row, column] = FORBIDDEN
    return matches


def _lengths(samples: Sequence[Labelled]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([max(1, len(sample.completion)) for sample in samples])
