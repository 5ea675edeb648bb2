"""Which generated inputs count against a sample that passes the test of its problem.

Whether a problem allows an input that was generated is not known, nor whether it leaves the answer
open. An input on which most passing programs differ from the reference is taken for such a one.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import chain

SHARE = 1 / 2  # of the passing programs of a problem; if so many differ, an input is ignored
FEWEST = 2  # of them that must differ


def ignored_inputs(differing: Iterable[Collection[int]]) -> set[int]:
    """The inputs that do not count, by their numbers.

    Args:
        differing: of each program that passes the test of a problem, the inputs on which it
            differs.

    Example:
        >>> ignored_inputs([[3, 5], [3], [], []])
        {3}
    """
    programs = [*map(set, differing)]
    counts = Counter(chain.from_iterable(programs))
    least = max(FEWEST, SHARE * len(programs))
    return {number for number, count in counts.items() if count >= least}
