"""Pairs the passes of one problem with its failures, each with the one that suits it best."""

from collections.abc import Mapping, Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel
from scipy.optimize import linear_sum_assignment

from failpairs.curation.eligible_samples import Labelled
from failpairs.curation.pairs import Match, tokens
from failpairs.curation.policy import Policy
from failpairs.labels import Label

FORBIDDEN = 1e6  # the cost of a pair outside the bands: more than all others together


def match(
    task_id: str,
    passing: Sequence[Labelled],
    failing: Sequence[Labelled],
    policy: Policy,
    surplus: Mapping[Label, float],
) -> list[Match]:
    """The pairs of one problem that the policy allows, best first.

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
    allowed = (alike >= policy.min_similarity) & (alike <= policy.max_similarity)
    allowed &= ratio <= policy.max_length_ratio
    cost = np.where(allowed, cost, FORBIDDEN)
    matches: list[Match] = []
    for _ in range(policy.max_sample_uses):
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
