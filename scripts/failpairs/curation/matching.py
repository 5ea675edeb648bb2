"""Pairs the passes of one problem with its failures, each with the one that suits it best."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel
from scipy.optimize import linear_sum_assignment

from failpairs.curation.eligible_samples import Labelled
from failpairs.curation.pairs import Match, tokens
from failpairs.curation.policy import Policy
from failpairs.labels import Label

FORBIDDEN = 1e6  # the cost of a pair that a rule forbids: more than all others together
Floats = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Booleans = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


class Grid(NamedTuple):
    """Every pass (row) of a problem against every failure (column).

    Attributes:
        similarity: share of tokens in common, 0 to 1.
        length_ratio: characters of the longer side over those of the shorter side.
    """

    passing: Sequence[Labelled]
    failing: Sequence[Labelled]
    similarity: Floats
    length_ratio: Floats


def similarity_is_within_the_band(grid: Grid, policy: Policy) -> Booleans:
    low, high = policy.min_similarity, policy.max_similarity
    return (grid.similarity >= low) & (grid.similarity <= high)


def lengths_are_alike(grid: Grid, policy: Policy) -> Booleans:
    return grid.length_ratio <= policy.max_length_ratio


class Matched(NamedTuple):
    """The pairs of one problem, best first, and how many combinations of a pass and a failure the
    rules allow, of which each sample may be in several."""

    pairs: list[Match]
    n_allowed: int


# Each rule says which pairs of a grid are allowed.
PAIR_RULES: tuple[Callable[[Grid, Policy], Booleans], ...] = (
    similarity_is_within_the_band,
    lengths_are_alike,
)


def match(
    task_id: str,
    passing: Sequence[Labelled],
    failing: Sequence[Labelled],
    policy: Policy,
    surplus: Mapping[Label, float],
) -> Matched:
    """The pairs of one problem that the rules allow, best first.

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
    ).round(4)  # as `similarity` gives it: 1/5 is not 0.2 to the last bit
    one, other = _lengths(passing)[:, None], _lengths(failing)[None, :]
    grid = Grid(passing, failing, alike, np.maximum(one, other) / np.minimum(one, other))
    surpluses = np.array([surplus[sample.label] for sample in failing])
    cost = np.log(grid.length_ratio) + np.log(surpluses)[None, :]
    allowed = np.logical_and.reduce([rule(grid, policy) for rule in PAIR_RULES])
    n_allowed = int(allowed.sum())
    cost = np.where(allowed, cost, FORBIDDEN)
    matches: list[Match] = []
    for _ in range(policy.max_sample_uses):
        places = np.stack(linear_sum_assignment(cost), axis=1).tolist()
        found = [(row, column) for row, column in places if cost[row, column] < FORBIDDEN]
        if not found:
            break
        for row, column in sorted(found, key=lambda place: float(cost[place])):
            value = float(alike[row, column])
            matches.append(Match(task_id, passing[row], failing[column], value, len(matches)))
            cost[row, column] = FORBIDDEN
    return Matched(matches, n_allowed)


def _lengths(samples: Sequence[Labelled]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([max(1, len(sample.completion)) for sample in samples])
