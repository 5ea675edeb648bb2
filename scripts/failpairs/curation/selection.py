"""Chooses among the possible pairs: the wanted mix of failures, many problems, no lesson in length.

Everything is decided by the mix, the seed and the pairs themselves, never by the order of rows.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping

from failpairs.curation.eligible_samples import stable_rank
from failpairs.curation.near_duplicates import NearDuplicates
from failpairs.curation.pairs import Match
from failpairs.curation.policy import shares_in
from failpairs.labels import Label


def wanted_shares(mix: str, failures: Mapping[Label, int]) -> dict[Label, float]:
    """The share of the pairs that each label is to have.

    Args:
        mix: `natural` (as the failures occur), `uniform` (all that occur alike), or shares such as
            `NAME_ERROR=2,ASSERTION_FAIL=1`, which need not add up to one.
        failures: how often each label occurs.
    """
    if mix == "natural":
        weights = {label: float(count) for label, count in failures.items()}
    elif mix == "uniform":
        weights = dict.fromkeys(failures, 1.0)
    else:
        weights = shares_in(mix)
    total = sum(weights.values())
    return {label: weights[label] / total for label in sorted(weights) if weights[label]}


def apportion(shares: Mapping[Label, float], places: int) -> dict[Label, int]:
    """Whole numbers in the proportion of the shares (the largest remainder method of Hamilton)."""
    total = sum(shares.values())
    exact = {label: places * share / total for label, share in shares.items()}
    given = {label: math.floor(value) for label, value in exact.items()}
    by_remainder = sorted(exact, key=lambda label: (given[label] - exact[label], label))
    for label in by_remainder[: places - sum(given.values())]:
        given[label] += 1
    return given


class Selection:
    """Takes pairs one by one, each the best that is left.

    Attributes:
        taken: the pairs.
        near_duplicates: how many were passed over since they resemble one that was taken.
    """

    def __init__(
        self, matches: Iterable[Match], max_per_problem: int, like: NearDuplicates, seed: int
    ) -> None:
        self.taken: list[Match] = []
        self.near_duplicates = 0
        self._per_problem: Counter[str] = Counter()
        self._max_per_problem = max_per_problem
        self._like = like
        self._longer = 0  # pairs whose chosen side is the longer one, less those whose is not
        # For each label and each direction of the length, the pairs in the order of use: those that
        # come first in their problem before those that come second.
        self._queues: dict[Label, dict[int, deque[tuple[tuple[int, str], Match]]]] = defaultdict(
            lambda: {-1: deque(), 0: deque(), 1: deque()}
        )
        ordered = [
            (
                (
                    m.order,
                    stable_rank(seed, m.task_id, m.chosen.sample_index, m.rejected.sample_index),
                ),
                m,
            )
            for m in matches
        ]
        for place, m in sorted(ordered, key=lambda entry: entry[0]):
            self._queues[m.rejected.label][_direction(m)].append((place, m))

    def fill(self, shares: Mapping[Label, float], places: int) -> None:
        """Take so many pairs in this mix, or as many as there are.

        Scarce labels come first. Where a label has too few pairs the others share its places.
        """
        shares = {label: share for label, share in shares.items() if label in self._queues}
        goal = len(self.taken) + places
        while shares and len(self.taken) < goal:
            quota = apportion(shares, goal - len(self.taken))
            by_scarcity = sorted(shares, key=lambda one: (self._left(one) - quota[one], one))
            for label in by_scarcity:
                if not all(self._take(label) for _ in range(quota[label])):
                    del shares[label]

    def _left(self, label: Label) -> int:
        return sum(map(len, self._queues[label].values()))

    def _take(self, label: Label) -> bool:
        """Take the next pair of a label, if there is one."""
        queues = self._queues[label]
        while True:
            best = min(
                (direction for direction, queue in queues.items() if queue),
                key=lambda direction: (
                    max(1, abs(self._longer + direction)),
                    queues[direction][0][0],
                ),
                default=None,
            )
            if best is None:
                return False
            _, candidate = queues[best].popleft()
            if self._per_problem[candidate.task_id] == self._max_per_problem:
                continue
            if not self._like.add(candidate.chosen.completion, candidate.rejected.completion):
                self.near_duplicates += 1
                continue
            self.taken.append(candidate)
            self._per_problem[candidate.task_id] += 1
            self._longer += best
            return True


def _direction(match: Match) -> int:
    one, other = len(match.chosen.completion), len(match.rejected.completion)
    return (one > other) - (one < other)


def longer_wins(lengths: Iterable[tuple[int, int]]) -> float | None:
    """How often the rule "the longer side is the chosen one" is right, a tie being half; None if
    there are no pairs.

    Args:
        lengths: of the chosen and of the rejected side.
    """
    points = [(1 + (one > other) - (one < other)) / 2 for one, other in lengths]
    return sum(points) / len(points) if points else None
