"""A sample of the pairs to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from failpairs.records import Pair
from failpairs.report.code_diff import Row, side_by_side


@dataclass(frozen=True)
class Example:
    """A pair and its row in `pairs.jsonl`, from 0; the rejected side stands at the left."""

    row: int
    pair: Pair
    rows: list[Row]


def examples(pairs: Sequence[Pair], count: int) -> list[Example]:
    """Some pairs in their order: the first of every failure mode, then evenly spread ones."""
    places = {pair.rejected_label: row for row, pair in reversed([*enumerate(pairs)])}
    spread = [i * len(pairs) // count for i in range(count)] if pairs else []
    chosen = list(dict.fromkeys([*sorted(places.values()), *spread]))[:count]
    return [
        Example(row, pairs[row], side_by_side(pairs[row].rejected, pairs[row].chosen))
        for row in sorted(chosen)
    ]
