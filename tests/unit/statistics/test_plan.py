"""The size of a study, against simulated studies."""

import numpy as np
import pytest
from failpairs.statistics.paired_tests import sign_flip
from failpairs.statistics.plan import population, power_of_study, problems_needed

ALPHA = 0.05


@pytest.mark.parametrize("pass_at_1", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("effect", [0.03, -0.03])
@pytest.mark.parametrize("concentration", [0.2, 0.5, 5.0])
def test_the_population_has_the_pass_rate_and_the_effect(
    pass_at_1: float, effect: float, concentration: float
) -> None:
    problems = population(pass_at_1, effect, concentration)
    assert problems.before.mean() == pytest.approx(pass_at_1, abs=1e-3)
    assert problems.after.mean() == pytest.approx(pass_at_1 + effect, abs=1e-3)
    assert ((problems.after > problems.before) == (effect > 0)).all()


def test_equal_models_that_solve_80_percent_differ_in_about_a_tenth_of_greedy_answers() -> None:
    rates = population(0.8, 1e-6, 0.5).before
    assert (2 * rates * (1 - rates)).mean() == pytest.approx(0.107, abs=0.002)


@pytest.mark.parametrize(("n_samples", "n_seeds"), [(1, 1), (1, 3), (5, 1), (20, 3)])
def test_a_study_as_large_as_needed_finds_the_effect_about_as_often_as_asked(
    n_samples: int, n_seeds: int
) -> None:
    problems = population(0.8, 0.04, 0.5)
    n = problems_needed(problems, n_samples, n_seeds, ALPHA, power=0.8)
    assert power_of_study(problems, n, n_samples, n_seeds, ALPHA) >= 0.8
    assert power_of_study(problems, n - 1, n_samples, n_seeds, ALPHA) < 0.8
    random = np.random.default_rng(0)
    found = 0
    for _ in range(400):
        drawn = random.integers(0, len(problems.before), n)
        before = random.binomial(n_samples, problems.before[drawn])
        after = random.binomial(n_samples * n_seeds, problems.after[drawn])
        found += sign_flip(after - n_seeds * before, ALPHA).p <= ALPHA
    # With few problems the normal approximation is cautious.
    assert 0.7 < found / 400 < 0.95
