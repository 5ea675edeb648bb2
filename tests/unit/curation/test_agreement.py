"""Which generated inputs count."""

import doctest

from failpairs.curation import agreement
from failpairs.curation.agreement import RAISED, differing_from_most
from hypothesis import given
from hypothesis import strategies as st


def test_the_values_in_the_documentation_are_right() -> None:
    assert not doctest.testmod(agreement).failed


def test_an_answer_counts_if_more_than_half_of_the_programs_give_it() -> None:
    assert differing_from_most([["a"], ["a"], ["b"], ["c"]]) == [[]] * 4  # two of four
    assert differing_from_most([["a"], ["a"], ["a"], ["b"], ["c"]]) == [[], [], [], [0], [0]]
    assert differing_from_most([["a"]]) == [[]]  # nobody agrees with a single program
    assert differing_from_most([]) == []


def test_an_input_on_which_most_programs_raise_is_none_that_the_problem_allows() -> None:
    assert differing_from_most([[RAISED], [RAISED], ["b"]]) == [[]] * 3
    assert differing_from_most([[RAISED], ["b"], ["b"]]) == [[0], [], []]


def test_a_program_that_did_not_end_differs_there_and_nowhere_after() -> None:
    assert differing_from_most([["a", "b", "c"], ["a", "b", "c"], ["a"]]) == [[], [], [1]]
    assert differing_from_most([["a", RAISED, "c"], ["a", RAISED, "c"], ["a"]]) == [[], [], []]


@given(st.lists(st.lists(st.sampled_from(["a", "b", RAISED]), min_size=4, max_size=4)))
def test_fewer_than_half_of_the_programs_differ_on_an_input(answers: list[list[str]]) -> None:
    found = differing_from_most(answers)
    for number in range(4):
        assert sum(number in each for each in found) * 2 < max(1, len(answers))
