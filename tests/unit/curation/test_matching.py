import itertools
import math
from collections import Counter

import pytest
from failpairs.curation.eligible_samples import Labelled
from failpairs.curation.matching import match
from failpairs.curation.pairs import Match, similarity, tokens
from failpairs.curation.policy import Policy
from failpairs.labels import PASS
from hypothesis import given, settings
from hypothesis import strategies as st

ALL = Policy(min_similarity=0, max_similarity=1, max_length_ratio=100)
WORDS = st.lists(st.sampled_from(["a", "bb", "+", "return"]), min_size=1, max_size=8).map(" ".join)


def a_pass(number: int, text: str) -> Labelled:
    return Labelled(number, text, False, PASS, True)


def a_failure(number: int, text: str, label: str = "NAME_ERROR") -> Labelled:
    return Labelled(number, text, False, label, True)


def pairs_of(passes: list[str], failures: list[str], **policy: float) -> list[Match]:
    chosen = [a_pass(i, text) for i, text in enumerate(passes)]
    rejected = [a_failure(i + 100, text) for i, text in enumerate(failures)]
    made = ALL.model_copy(update=policy)
    return match("t/0", chosen, rejected, made, {"NAME_ERROR": 1.0}).pairs


def log_ratio(pair: Match) -> float:
    return math.log(len(pair.chosen.completion) / len(pair.rejected.completion))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("return a+b  # the sum", ["return", "a", "+", "b"]),
        ('"""Say\nhello."""\nx', ["x"]),
        ("'''open to the end", []),
        ("größe_1 != 'ß'", ["größe_1", "!", "=", "'", "ß", "'"]),
    ],
)
def test_a_text_becomes_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("a b c d", "a b c d", 1.0), ("a b", "c d", 0.0), ("a b c d", "a c", 4 / 6), ("", "", 1.0)],
)
def test_similarity_is_the_share_of_tokens_in_common(one: str, other: str, expected: float) -> None:
    assert similarity(one, other) == pytest.approx(expected, abs=1e-4)
    assert similarity(one, other) == similarity(other, one)


def test_each_pass_gets_the_failure_that_is_nearest_in_length() -> None:
    found = pairs_of(["x" * 10, "x" * 40], ["y" * 41, "y" * 11])
    assert {(m.chosen.sample_index, m.rejected.sample_index) for m in found} == {(0, 101), (1, 100)}


def test_all_combinations_that_the_rules_allow_are_counted() -> None:
    passes, failures = [a_pass(i, "x" * 20) for i in range(3)], [a_failure(9, "y" * 15)]
    failures.append(a_failure(10, "y" * 100))  # too long
    narrow = ALL.model_copy(update={"max_length_ratio": 2})
    matched = match("t/0", passes, failures, narrow, {"NAME_ERROR": 1.0})
    assert (len(matched.pairs), matched.n_allowed) == (1, 3)


def test_the_number_of_pairs_comes_before_their_cost() -> None:
    # The first pass suits both failures, the second only the longer one.
    found = pairs_of(["x" * 20, "x" * 60], ["y" * 15, "y" * 31], max_length_ratio=2)
    assert {(m.chosen.sample_index, m.rejected.sample_index) for m in found} == {(0, 100), (1, 101)}


def test_what_is_wanted_more_than_it_occurs_is_preferred() -> None:
    failures = [a_failure(0, "y" * 10, "NAME_ERROR"), a_failure(1, "y" * 12, "KEY_ERROR")]
    passes = [a_pass(0, "x" * 10)]
    for surplus, preferred in (
        ({"NAME_ERROR": 1.0, "KEY_ERROR": 1.0}, 0),
        ({"NAME_ERROR": 2.0, "KEY_ERROR": 0.2}, 1),
    ):
        (best,) = match("t/0", passes, failures, ALL, surplus).pairs
        assert best.rejected.sample_index == preferred


@settings(deadline=None, derandomize=True)
@given(
    st.lists(WORDS, min_size=1, max_size=6),
    st.lists(WORDS, min_size=1, max_size=6),
    st.tuples(st.floats(0, 0.5), st.floats(0.5, 1), st.floats(1, 4)),
    st.integers(1, 3),
)
def test_every_pair_is_within_the_bands_and_no_side_is_used_too_often(
    passes: list[str], failures: list[str], band: tuple[float, float, float], max_uses: int
) -> None:
    low, high, ratio = band
    found = pairs_of(
        passes,
        failures,
        min_similarity=low,
        max_similarity=high,
        max_length_ratio=ratio,
        max_sample_uses=max_uses,
    )
    for m in found:
        exact = similarity(m.chosen.completion, m.rejected.completion)
        assert low - 1e-4 <= exact <= high + 1e-4
        assert abs(log_ratio(m)) <= math.log(ratio) + 1e-9
    uses = Counter(("chosen", m.chosen.sample_index) for m in found)
    uses.update(("rejected", m.rejected.sample_index) for m in found)
    assert max(uses.values(), default=0) <= max_uses
    assert len({(m.chosen.sample_index, m.rejected.sample_index) for m in found}) == len(found)
    assert [m.order for m in found] == list(range(len(found)))


@settings(deadline=None, derandomize=True)
@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4))
def test_no_other_assignment_is_larger_or_costs_less(
    passes: list[str], failures: list[str]
) -> None:
    def cost(one: str, other: str) -> float | None:
        ratio = max(len(one), len(other)) / min(len(one), len(other))
        fits = 0.2 <= similarity(one, other) <= 0.9 and ratio <= 2.0
        return math.log(ratio) if fits else None

    best = (0, 0.0)
    slots = [*range(len(failures)), *[None] * len(passes)]
    for choice in set(itertools.permutations(slots, len(passes))):
        costs = [
            cost(one, failures[i]) for one, i in zip(passes, choice, strict=True) if i is not None
        ]
        if None not in costs:
            total = sum(value for value in costs if value is not None)
            best = max(best, (len(costs), -total))
    found = pairs_of(passes, failures, min_similarity=0.2, max_similarity=0.9, max_length_ratio=2)
    total = sum(abs(log_ratio(m)) for m in found)
    assert (len(found), -total) == (best[0], pytest.approx(best[1], abs=1e-9))
