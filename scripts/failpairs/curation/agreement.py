"""Which generated inputs count against a sample that passes the test of its problem.

Whether a problem allows an input that was generated is not known, nor whether it leaves the answer
open. An input on which most passing programs differ from the reference is taken for such a one.
Where there is no reference, the answer of most passing programs stands for its own.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import chain

SHARE = 1 / 2  # of the passing programs of a problem; if so many differ, an input is ignored
FEWEST = 2  # of them that must differ, or agree
RAISED = "raised"  # in place of an answer, as `oracles.record_answers` writes it


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


def differing_from_most(answers: Sequence[Sequence[str]]) -> list[list[int]]:
    """The inputs on which each program gives another answer than more than half of them do.

    Args:
        answers: of each program that passes the test of a problem without a reference, to the
            inputs in their order. One that did not end on an input has no answers from there on,
            and differs on that input alone.

    Example:
        >>> differing_from_most([["a", "b"], ["a", "c"], ["a"], ["d", "b"], ["a", "b"]])
        [[], [1], [1], [0], []]
    """
    most = []
    for number in range(max(map(len, answers), default=0)):
        given = Counter(each[number] for each in answers if number < len(each))
        answer, count = given.most_common(1)[0]
        is_most = count >= FEWEST and count > SHARE * len(answers) and answer != RAISED
        most.append(answer if is_most else None)
    return [
        [
            number
            for number, answer in enumerate(most[: len(each) + 1])
            if answer is not None and each[number : number + 1] != [answer]
        ]
        for each in map(list, answers)
    ]
