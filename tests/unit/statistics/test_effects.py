import numpy as np
import pytest
from failpairs.statistics.effects import Criteria, Effect, corrected, measure
from hypothesis import given, settings
from hypothesis import strategies as st

CRITERIA = Criteria(confidence=0.95, equivalence_margin=0.02)


def effect(before: int, after: list[int], n: int = 164, metric: str = "PASS") -> Effect:
    """Of n problems so many have the label, the first ones."""
    rows = [[[1] * count + [0] * (n - count)] for count in (before, *after)]
    return measure(metric, "primary", np.array(rows[0]), np.concatenate(rows[1:]), 1, CRITERIA)


@pytest.mark.parametrize(
    ("before", "after", "n", "metric", "verdict"),
    [
        (132, [138, 138, 138], 164, "PASS", "improved"),
        (138, [132, 132, 132], 164, "PASS", "worsened"),
        (132, [137, 137, 137], 164, "PASS", "not distinguishable"),
        (132, [132, 132, 132], 164, "PASS", "not distinguishable"),
        (132, [132, 132, 132], 200, "PASS", "equivalent"),
        (6, [0, 0, 0], 164, "NAME_ERROR", "improved"),
        (0, [6, 6, 6], 164, "NAME_ERROR", "worsened"),
        (6, [3, 3, 4], 164, "NAME_ERROR", "not distinguishable"),
    ],
)
def test_the_verdict_is_one_of_four(
    before: int, after: list[int], n: int, metric: str, verdict: str
) -> None:
    found = effect(before, after, n, metric)
    assert found.verdict == verdict
    assert f": {verdict}" in found.sentence


def test_the_published_experiment_without_a_broken_problem_is_an_improvement() -> None:
    found = effect(132, [137, 138, 138])
    assert (found.before, found.after.values, found.moved) == (132, [137, 138, 138], 6)
    assert found.p == pytest.approx(0.03125)
    assert found.sentence == (
        "Pass@1: improved, +3.46 points (95% interval +1.18 to +7.37; p = .031)."
    )


def test_what_could_not_be_told_says_what_could_have_been() -> None:
    found = effect(132, [134])
    assert found.sentence == (
        "Pass@1: not distinguishable from no change, +1.22 points (95% interval −1.10 to +4.34; "
        "p = .500). A change of 4.78 points would have been detected with 80% probability."
    )
    too_few = "With this few problems no change, however large, could be significant."
    assert effect(1, [2], 5).sentence.endswith(too_few)


def test_a_change_inside_the_margin_says_so() -> None:
    found = effect(1000, [1012], 10_000)
    assert found.verdict == "improved"
    assert found.sentence.endswith(", though inside the margin of ±2 points.")
    assert effect(132, [132], 400).sentence.endswith("inside the margin set in advance, ±2 points.")


def test_a_family_is_corrected_and_says_so() -> None:
    effects = [effect(0, [6], metric="NAME_ERROR"), effect(0, [5], metric="ASSERTION_FAIL")]
    assert [e.verdict for e in effects] == ["worsened", "not distinguishable"]
    holm = corrected(effects, "holm", CRITERIA)
    assert [e.p_corrected for e in holm] == pytest.approx([0.0625, 0.0625])
    assert {e.verdict for e in holm} == {"not distinguishable"}
    assert "corrected for 2 tests .062" in holm[0].sentence
    assert "Significant on its own, but not after correction for 2 tests." in holm[0].sentence
    assert [e.p_corrected for e in corrected(effects, "fdr_bh", CRITERIA)] == pytest.approx(
        [0.0625, 0.0625]
    )
    assert corrected([], "holm", CRITERIA) == []


def test_what_one_of_a_family_could_have_told_is_said_of_a_test_alone() -> None:
    found = corrected([effect(132, [134]), effect(132, [132])], "holm", CRITERIA)
    assert found[0].sentence.endswith(
        " Tested alone, a change of 4.78 points would have been detected with 80% probability."
    )
    few = corrected([effect(1, [2], 5), effect(1, [1], 5)], "holm", CRITERIA)
    assert few[0].sentence.endswith(
        " Even tested alone, with this few problems no change, however large, could be significant."
    )


COUNTS = st.integers(0, 60)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(COUNTS, st.lists(COUNTS, min_size=1, max_size=3), st.sampled_from(["PASS", "TIMEOUT"]))
def test_no_verdict_contradicts_its_interval(before: int, after: list[int], metric: str) -> None:
    found = effect(before, after, metric=metric)
    changed = found.verdict in ("improved", "worsened")
    assert changed == (found.low > 0 or found.high < 0)
    if found.verdict == "equivalent":
        assert -0.02 < found.low < 0 < found.high < 0.02


@settings(deadline=None, derandomize=True, max_examples=20)
@given(COUNTS, st.integers(1, 3))
def test_identical_models_are_never_told_apart(count: int, seeds: int) -> None:
    found = effect(count, [count] * seeds, 60)
    assert found.verdict == "not distinguishable"
    assert (found.p, found.change) == (1, 0)
    assert found.low < 0 < found.high
