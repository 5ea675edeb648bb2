import itertools
import random
from fractions import Fraction

import numpy as np
import pytest
from execution_builders import an_evaluation, passes
from failpairs.stats import (
    Statistics,
    compare,
    discordance,
    sign_flip_p,
    spread,
    transitions,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

RESAMPLES = 999
LABEL = st.sampled_from(["PASS", "PASS", "NAME_ERROR", "ASSERTION_FAIL", "TIMEOUT"])


def compared(base: list[str], *seeds: list[str], resamples: int = RESAMPLES) -> Statistics:
    tuned = {f"seed{i}": an_evaluation(labels) for i, labels in enumerate(seeds)}
    return compare(an_evaluation(base), tuned, resamples, seed=0)


@st.composite
def studies(draw: st.DrawFn, most: int = 9) -> list[list[str]]:
    """Labels of the base model and of two or three seeds."""
    n = draw(st.integers(1, most))
    row = st.lists(LABEL, min_size=n, max_size=n)
    return draw(st.lists(row, min_size=3, max_size=4))


def test_the_published_experiment_has_its_published_numbers() -> None:
    statistics = compared(passes(132, 164), *(passes(n, 164) for n in (137, 138, 138)))
    assert statistics.base_passes == 132
    assert round(100 * statistics.base_pass_at_1, 2) == 80.49
    assert statistics.tuned_passes.values == [137, 138, 138]
    assert round(100 * statistics.tuned_pass_at_1.mean, 2) == 83.94
    assert statistics.tuned_pass_at_1.sd is not None
    assert round(100 * statistics.tuned_pass_at_1.sd, 2) == 0.35


@pytest.mark.parametrize(
    ("values", "mean", "sd"),
    [([4, 4, 3], 3.67, 0.58), ([19, 19, 18], 18.67, 0.58), ([5], 5, None), ([2, 2], 2, 0)],
)
def test_spread_is_the_sample_standard_deviation(
    values: list[float], mean: float, sd: float | None
) -> None:
    found = spread(values)
    assert round(found.mean, 2) == mean
    assert found.sd == sd if sd is None else found.sd == pytest.approx(sd, abs=0.005)


@pytest.mark.parametrize(
    ("fixed", "broken", "p"),
    [
        (6, 0, 0.03125),
        (0, 6, 0.03125),
        (7, 1, 0.0703125),
        (8, 2, 0.109375),
        (3, 0, 0.25),
        (1, 0, 1.0),
        (4, 4, 1.0),
        (0, 0, 1.0),
    ],
)
def test_mcnemar_is_exact(fixed: int, broken: int, p: float) -> None:
    base = ["TIMEOUT"] * fixed + ["PASS"] * broken + ["PASS", "TIMEOUT"]
    tuned = ["PASS"] * fixed + ["TIMEOUT"] * broken + ["PASS", "TIMEOUT"]
    found = discordance(an_evaluation(base), an_evaluation(tuned))
    assert found.p_exact == pytest.approx(p, rel=1e-12)
    assert found.fixed == [f"t/{i}" for i in range(fixed)]
    assert found.broken == [f"t/{i}" for i in range(fixed, fixed + broken)]


def exhaustive_p(differences: list[Fraction]) -> float:
    observed = abs(sum(differences))
    flips = list(itertools.product((1, -1), repeat=len(differences)))
    totals = (abs(sum(s * d for s, d in zip(signs, differences, strict=True))) for signs in flips)
    return sum(total >= observed for total in totals) / len(flips)


THIRDS = st.integers(-3, 3).map(lambda n: Fraction(n, 3))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(THIRDS, max_size=9))
@example([Fraction(2, 3), Fraction(1), Fraction(-2, 3), Fraction(-1)])
def test_sign_flip_agrees_with_trying_all_signs(differences: list[Fraction]) -> None:
    p = sign_flip_p(np.array([float(d) for d in differences]), RESAMPLES, seed=0)
    assert p == pytest.approx(exhaustive_p(differences), rel=1e-9)


@pytest.mark.parametrize(
    ("differences", "p"),
    [([], 1), ([1], 1), ([1] * 5, 1 / 16), ([1] * 6, 1 / 32), ([-1] * 6, 1 / 32), ([1, -1], 1)],
)
def test_sign_flip_has_known_values(differences: list[float], p: float) -> None:
    assert sign_flip_p(np.array(differences, dtype=float), RESAMPLES, seed=0) == p


@settings(deadline=None, derandomize=True, max_examples=30)
@given(studies())
def test_for_one_seed_the_sign_flip_test_is_mcnemars(study: list[list[str]]) -> None:
    statistics = compared(study[0], study[1])
    assert statistics.p_sign_flip == pytest.approx(statistics.discordance["seed0"].p_exact)


def test_sign_flip_by_random_signs_is_close_to_the_exact_value() -> None:
    differences = np.array([1.0] * 13 + [-1.0] * 4)
    exact = sign_flip_p(differences, 2**17, seed=0)
    assert exact == pytest.approx(0.049041748046875)
    assert sign_flip_p(differences, 9999, seed=0) == pytest.approx(exact, abs=0.01)


def test_sign_flip_is_never_zero() -> None:
    assert sign_flip_p(np.ones(60), RESAMPLES, seed=0) >= 1 / (RESAMPLES + 1)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(studies(), st.randoms(use_true_random=False))
def test_the_order_of_the_problems_does_not_matter(
    study: list[list[str]], order: random.Random
) -> None:
    places = list(range(len(study[0])))
    order.shuffle(places)
    one = compared(*study)
    other = compared(*([labels[i] for i in places] for labels in study))
    assert other.p_sign_flip == pytest.approx(one.p_sign_flip)
    assert other.transitions == one.transitions
    assert [m.label for m in other.modes] == [m.label for m in one.modes]
    for after, before in zip(other.modes, one.modes, strict=True):
        assert after.p_sign_flip == pytest.approx(before.p_sign_flip)
        assert after.tuned.values == before.tuned.values
    assert [d.p_exact for d in other.discordance.values()] == [
        d.p_exact for d in one.discordance.values()
    ]


def test_the_order_of_many_problems_does_not_matter() -> None:
    base, tuned = ["TIMEOUT"] * 14 + ["PASS"] * 5, ["PASS"] * 14 + ["TIMEOUT"] * 5
    one, other = compared(base, tuned), compared(base[::-1], tuned[::-1])
    assert other.p_sign_flip == one.p_sign_flip


def test_problems_are_matched_by_their_id() -> None:
    base = an_evaluation(["PASS", "TIMEOUT", "NAME_ERROR"])
    tuned = an_evaluation(["PASS", "PASS", "NAME_ERROR"])
    turned = tuned.model_copy(update={"problems": tuned.problems[::-1]})
    straight = compare(base, {"seed0": tuned}, RESAMPLES, seed=0)
    assert compare(base, {"seed0": turned}, RESAMPLES, seed=0) == straight


@settings(deadline=None, derandomize=True, max_examples=30)
@given(studies(most=14))
def test_exchanging_base_and_tuned_mirrors_the_result(study: list[list[str]]) -> None:
    one, other = compared(study[0], study[1]), compared(study[1], study[0])
    there, back = one.discordance["seed0"], other.discordance["seed0"]
    assert (there.fixed, there.broken, there.p_exact) == (back.broken, back.fixed, back.p_exact)
    assert np.array_equal(one.transitions["seed0"], np.transpose(other.transitions["seed0"]))
    assert other.p_sign_flip == pytest.approx(one.p_sign_flip)
    assert [(m.base, m.tuned.values) for m in one.modes] == [
        (m.tuned.values[0], [m.base]) for m in other.modes
    ]


@settings(deadline=None, derandomize=True, max_examples=20)
@given(studies())
def test_identical_models_cannot_be_told_apart(study: list[list[str]]) -> None:
    statistics = compared(study[0], study[0], study[0])
    assert statistics.p_sign_flip == 1
    assert {mode.p_sign_flip for mode in statistics.modes} == {1}
    assert {d.p_exact for d in statistics.discordance.values()} == {1}
    assert statistics.tuned_passes.mean == statistics.base_passes
    assert statistics.tuned_passes.sd == 0


@settings(deadline=None, derandomize=True, max_examples=20)
@given(studies())
def test_every_problem_stands_once_in_each_transition_table(study: list[list[str]]) -> None:
    statistics = compared(*study)
    n = len(study[0])
    for seed, after in zip(statistics.seeds, study[1:], strict=True):
        table = np.array(statistics.transitions[seed])
        assert table.sum() == n
        assert table.sum(axis=1).tolist() == [study[0].count(x) for x in statistics.labels]
        assert table.sum(axis=0).tolist() == [after.count(x) for x in statistics.labels]
    assert np.sum(statistics.mean_transitions) == pytest.approx(n)


def test_a_transition_goes_from_row_to_column() -> None:
    base, tuned = an_evaluation(["NAME_ERROR"] * 3), an_evaluation(["PASS", "PASS", "TIMEOUT"])
    labels = ["NAME_ERROR", "TIMEOUT", "PASS"]
    assert transitions(base, tuned, labels) == [[0, 1, 2], [0, 0, 0], [0, 0, 0]]


def test_modes_have_their_counts_and_the_declared_ones_are_always_there() -> None:
    statistics = compared(
        ["PASS", "TIMEOUT", "TIMEOUT", "NAME_ERROR"],
        ["PASS", "TIMEOUT", "PASS", "PASS"],
        ["PASS", "PASS", "PASS", "STUB"],
    )
    found = [(m.label, m.declared, m.base, m.tuned.values) for m in statistics.modes]
    assert found == [
        ("STUB", False, 0, [0, 1]),
        ("NAME_ERROR", True, 1, [0, 0]),
        ("ASSERTION_FAIL", True, 0, [0, 0]),
        ("TIMEOUT", False, 2, [1, 0]),
    ]
    assert statistics.labels == ["STUB", "NAME_ERROR", "ASSERTION_FAIL", "TIMEOUT", "PASS"]


def test_with_several_samples_a_problem_counts_by_the_share_that_passed() -> None:
    base = an_evaluation([["PASS", "TIMEOUT"], ["TIMEOUT", "TIMEOUT"]])
    tuned = an_evaluation([["PASS", "PASS"], ["PASS", "TIMEOUT"]])
    statistics = compare(base, {"seed0": tuned}, RESAMPLES, seed=0)
    assert (statistics.base_passes, statistics.tuned_passes.values) == (0.5, [1.5])
    assert statistics.base_pass_at_1 == 0.25
    assert statistics.tuned_pass_at_1.mean == 0.75
