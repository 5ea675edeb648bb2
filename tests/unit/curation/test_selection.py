import re
from collections import Counter

import pytest
from failpairs.curation.eligible_samples import Labelled
from failpairs.curation.near_duplicates import NearDuplicates
from failpairs.curation.pairs import Match
from failpairs.curation.policy import Policy
from failpairs.curation.selection import Selection, apportion, longer_wins, wanted_shares
from failpairs.errors import InputError
from failpairs.labels import PASS
from failpairs.workflow.validation import section_from
from hypothesis import given
from hypothesis import strategies as st

FAILURES = {"NAME_ERROR": 10, "ASSERTION_FAIL": 30}


def a_match(number: int, label: str = "NAME_ERROR", task: str = "", longer: int = 0) -> Match:
    """A pair whose chosen side is longer by so many characters."""
    chosen = Labelled(number, "x" * (50 + longer), False, PASS, True)
    rejected = Labelled(number + 1000, "x" * 50, False, label, True)
    return Match(task or f"t/{number}", chosen, rejected, 0.5, 0)


def a_selection(matches: list[Match], max_per_problem: int = 4, seed: int = 0) -> Selection:
    return Selection(matches, max_per_problem, NearDuplicates(1), seed)


@pytest.mark.parametrize(
    ("mix", "shares"),
    [
        ("natural", {"NAME_ERROR": 0.25, "ASSERTION_FAIL": 0.75}),
        ("uniform", {"NAME_ERROR": 0.5, "ASSERTION_FAIL": 0.5}),
        ("NAME_ERROR=3,KEY_ERROR=1", {"NAME_ERROR": 0.75, "KEY_ERROR": 0.25}),
        ("NAME_ERROR=1,KEY_ERROR=0", {"NAME_ERROR": 1.0}),
    ],
)
def test_a_mix_becomes_shares(mix: str, shares: dict[str, float]) -> None:
    assert wanted_shares(mix, FAILURES) == shares


@pytest.mark.parametrize(
    ("mix", "fault"),
    [
        ("PASS=1", "'PASS' is no failure; the failures are EMPTY, REFUSAL, "),
        ("NAME_ERRORS=2", "'NAME_ERRORS' is no failure"),
        ("KEY_ERROR=1,KEY_ERROR=2", "KEY_ERROR is given twice"),
        ("KEY_ERROR=0,NAME_ERROR=0.0", "all shares of 'KEY_ERROR=0,NAME_ERROR=0.0' are zero"),
        ("KEY_ERROR=1.2.3", "the share of KEY_ERROR, '1.2.3', should be a number"),
        ("KEY_ERROR=1,EMPTY=1", "EMPTY is in curation.exclude_labels"),
    ],
)
def test_a_mix_that_means_nothing_is_refused(mix: str, fault: str) -> None:
    with pytest.raises(InputError, match=rf"^config: curation\.mix: {re.escape(fault)}"):
        section_from(Policy, {"mix": mix})


def test_a_mix_may_name_a_label_that_is_not_excluded() -> None:
    policy = section_from(Policy, {"mix": "EMPTY=1,KEY_ERROR=.5", "exclude_labels": []})
    assert wanted_shares(policy.mix, FAILURES) == {"EMPTY": 2 / 3, "KEY_ERROR": 1 / 3}


def test_places_go_to_the_largest_remainders() -> None:
    # Exact shares of 10 places: 4.7, 3.1, 2.2; the one place left goes to .7.
    assert apportion({"a": 0.47, "b": 0.31, "c": 0.22}, 10) == {"a": 5, "b": 3, "c": 2}


@given(
    st.dictionaries(st.text("abcdef", min_size=1), st.floats(0.01, 10), min_size=1),
    st.integers(0, 999),
)
def test_all_places_are_given_and_none_by_more_than_one_too_many(
    shares: dict[str, float], places: int
) -> None:
    given_places = apportion(shares, places)
    assert sum(given_places.values()) == places
    total = sum(shares.values())
    for label, share in shares.items():
        assert abs(given_places[label] - places * share / total) <= 1 + 1e-9


def test_the_mix_is_met_where_there_are_enough() -> None:
    labels = ["NAME_ERROR"] * 40 + ["ASSERTION_FAIL"] * 60
    selection = a_selection([a_match(i, label) for i, label in enumerate(labels)])
    selection.fill({"NAME_ERROR": 0.75, "ASSERTION_FAIL": 0.25}, 40)
    assert Counter(m.rejected.label for m in selection.taken) == {
        "NAME_ERROR": 30,
        "ASSERTION_FAIL": 10,
    }


def test_others_take_the_places_of_a_label_that_has_too_few() -> None:
    labels = ["NAME_ERROR"] * 3 + ["ASSERTION_FAIL"] * 60
    selection = a_selection([a_match(i, label) for i, label in enumerate(labels)])
    selection.fill({"NAME_ERROR": 0.5, "ASSERTION_FAIL": 0.5}, 20)
    assert Counter(m.rejected.label for m in selection.taken) == {
        "NAME_ERROR": 3,
        "ASSERTION_FAIL": 17,
    }


def test_length_tells_nothing_where_the_pairs_allow_it() -> None:
    matches = [a_match(i, longer=10 if i < 70 else -10) for i in range(100)]
    selection = a_selection(matches)
    selection.fill({"NAME_ERROR": 1.0}, 60)
    wins = longer_wins(
        (len(m.chosen.completion), len(m.rejected.completion)) for m in selection.taken
    )
    assert wins == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("lengths", "accuracy"),
    [([(2, 1), (1, 2)], 0.5), ([(2, 1), (3, 1)], 1.0), ([(1, 1)], 0.5), ([], None)],
)
def test_how_often_the_longer_side_is_the_chosen_one(
    lengths: list[tuple[int, int]], accuracy: float | None
) -> None:
    assert longer_wins(lengths) == accuracy


def test_every_problem_gets_its_first_pair_before_any_its_second() -> None:
    matches = [
        Match(f"t/{i % 5}", m.chosen, m.rejected, 0.5, order=i // 5)
        for i, m in enumerate(map(a_match, range(20)))
    ]
    selection = a_selection(matches)
    selection.fill({"NAME_ERROR": 1.0}, 5)
    assert {m.task_id for m in selection.taken} == {f"t/{i}" for i in range(5)}


def test_a_problem_has_no_more_pairs_than_it_may() -> None:
    selection = a_selection([a_match(i, task=f"t/{i % 2}") for i in range(20)], max_per_problem=3)
    selection.fill({"NAME_ERROR": 1.0}, 20)
    assert Counter(m.task_id for m in selection.taken) == {"t/0": 3, "t/1": 3}


def test_the_seed_decides_among_equals() -> None:
    def taken(seed: int) -> list[int]:
        selection = a_selection([a_match(i) for i in range(50)], seed=seed)
        selection.fill({"NAME_ERROR": 1.0}, 10)
        return [m.chosen.sample_index for m in selection.taken]

    assert taken(0) == taken(0)
    assert taken(0) != taken(1)
