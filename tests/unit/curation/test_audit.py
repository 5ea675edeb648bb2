"""What lengths tell, and what of pairs is executed; the whole is tested as a program."""

import pytest
from builders import a_foreign_pair, a_problem
from failpairs.curation.audit import length_tells, samples_of


def test_where_chosen_sides_are_always_longer_length_tells_all() -> None:
    tells = length_tells([(10 + i, 5 - i) for i in range(5)] * 20)
    assert tells.chosen_longer == 1
    assert (tells.threshold, tells.shorter_is_chosen, tells.accuracy) == (5, False, 1)
    assert tells.longer_null == (0.4, 0.6)  # 40 to 60 heads of 100 coins hold 95% (96.5%)
    assert 0.5 < tells.accuracy_null[0] < tells.accuracy_null[1] < 0.7


def test_where_chosen_sides_are_shorter_the_rule_says_so() -> None:
    tells = length_tells([(3, 9), (4, 9), (5, 4), (5, 8)])
    assert tells.chosen_longer == 0.25
    # Of at most 5 characters are all four chosen sides and one rejected side: 7 of 8 are right.
    assert (tells.threshold, tells.shorter_is_chosen, tells.accuracy) == (5, True, 7 / 8)


@pytest.mark.parametrize("n_pairs", [1, 7])
def test_where_all_lengths_are_equal_nothing_is_told(n_pairs: int) -> None:
    tells = length_tells([(4, 4)] * n_pairs)
    assert (tells.chosen_longer, tells.longer_null) == (0.5, (0.5, 0.5))
    assert (tells.accuracy, tells.accuracy_null) == (0.5, (0.5, 0.5))


def test_the_null_of_one_pair_is_known() -> None:
    tells = length_tells([(1, 2)])  # however it is flipped, a threshold tells its sides apart
    assert tells.longer_null == (0, 1)
    assert tells.accuracy_null == (1, 1)


def test_the_sides_of_pairs_without_a_problem_are_no_samples() -> None:
    samples = samples_of([a_foreign_pair(), a_foreign_pair()], [None, a_problem("e/1")])
    assert [(s.task_id, s.sample_index, s.completion) for s in samples] == [
        ("e/1", 2, "c"),
        ("e/1", 3, "r"),
    ]
