"""The share of samples that pass the test of their problem and are wrong."""

import pytest
from failpairs.curation.eligible_samples import Labelled
from failpairs.curation.false_passes import false_passes
from failpairs.labels import Label
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest


def samples(*counts: tuple[int, int]) -> dict[str, list[Labelled]]:
    """Of each problem so many samples that pass, so many of them falsely, and one other failure."""
    return {
        f"t/{number}": [
            Labelled(
                index,
                "",
                False,
                Label.PASS if differ <= index < passed else Label.ASSERTION_FAIL,
                True,
                doubtful=index < differ,
            )
            for index in range(passed + 1)
        ]
        for number, (passed, differ) in enumerate(counts)
    }


def test_only_samples_that_pass_the_test_of_a_problem_with_inputs_count() -> None:
    found = false_passes(samples((4, 1), (6, 2), (9, 9)), {"t/0", "t/1", "t/7"})
    assert (found["problems"], found["passed"], found["differ"]) == (2, 10, 3)
    assert found["share"] == 0.3
    assert found["by_agreement"] == 0
    without = {"t/1", "t/2", "t/9"}
    found = false_passes(samples((4, 1), (6, 2), (9, 9)), {"t/0", "t/1", "t/7"}, without)
    assert found["by_agreement"] == 1


@pytest.mark.parametrize("differ", [0, 1, 7, 40])
def test_of_one_sample_a_problem_the_interval_is_nearly_that_of_independent_samples(
    differ: int,
) -> None:
    counts = [(1, int(number < differ)) for number in range(40)]
    found = false_passes(samples(*counts), {f"t/{number}" for number in range(40)})
    exact = binomtest(differ, 40).proportion_ci()
    assert (found["low"], found["high"]) == pytest.approx(exact, abs=0.01)


def test_samples_of_a_problem_that_are_alike_tell_less() -> None:
    apart = false_passes(samples(*[(10, 3)] * 4), {f"t/{i}" for i in range(4)})
    alike = false_passes(samples((10, 10), (10, 2), (10, 0), (10, 0)), {f"t/{i}" for i in range(4)})
    assert apart["share"] == alike["share"] == 0.3
    assert alike["low"] < apart["low"] < apart["high"] < alike["high"]  # type: ignore[operator]


@given(st.lists(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))))
def test_the_interval_holds_the_share(counts: list[tuple[int, int]]) -> None:
    found = false_passes(samples(*counts), {f"t/{number}" for number in range(len(counts))})
    if not counts:
        assert found["share"] is found["low"] is found["high"] is None
    else:
        assert 0 <= found["low"] <= found["share"] <= found["high"] <= 1  # type: ignore[operator]
        assert found["low"] < found["high"]  # type: ignore[operator]
