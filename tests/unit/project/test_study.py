"""The rules by which the study answers its questions, on made statistics."""

from typing import Any

import pytest
from study import answers, tables

Values = dict[str, Any]

EXACT = (0.10, 0.09, 0.11)  # a change with its interval
WIDE = (0.00, -0.06, 0.06)
NONE = (0.00, -0.03, 0.03)


def an_effect(subject: str, of: tuple[float, float, float], p: float) -> Values:
    change, low, high = of
    after = {"mean": 20.0, "values": [20.0, 20.0]}
    numbers = {"change": change, "low": low, "high": high, "p": p, "p_corrected": p}
    return {"subject": subject, "metric": subject, "before": 17.0, "after": after} | numbers


def a_seed(fixed: int, broken: int, p: float) -> Values:
    return {"fixed": ["a"] * fixed, "broken": ["b"] * broken, "p_exact": p}


def held_out(change: float) -> Values:
    return {"accuracy": {"mean": 0.6}, "chosen_change": {"mean": change}}


def a_study(
    score: tuple[tuple[float, float, float], float] = (WIDE, 0.5),
    synthetic: tuple[tuple[float, float, float], float] = (WIDE, 0.5),
    external: tuple[tuple[float, float, float], float] = (WIDE, 0.5),
    modes: tuple[tuple[float, float], ...] = (),
    chosen: tuple[float, float] = (0.0, 0.0),
    seeds: tuple[Values, ...] = (a_seed(3, 2, 0.9), a_seed(2, 3, 0.9)),
    passed: tuple[float, ...] = (0.20, 0.25),
) -> Values:
    """The statistics of a study.

    Args:
        score, synthetic, external: the change with its interval, and p.
        modes: the change of each failure mode, and p.
        chosen: how the likelihood of held-out chosen sides changed, by curated and external pairs.
        seeds, passed: the tests of the seeds alone, and their pass@1.
    """
    arms = [
        {"name": name, "held_out": held_out(change), "counts": {"STUB": 1.0, "TIMEOUT": 2.5}}
        | {f"against_{other}": [an_effect("PASS", *of)] for other in ("base", "curated")}
        for name, of, change in (("synthetic", synthetic, 0.0), ("external", external, chosen[1]))
    ]
    return {
        "criteria": {"equivalence_margin": 0.04},
        "n_problems": 100,
        "effect": an_effect("Pass@1", *score),
        "modes": [
            an_effect("TIMEOUT", (change, change - 0.01, change + 0.01), p) for change, p in modes
        ],
        "planned": {
            "effects": [
                an_effect("synthetic against curated, pass@1", *synthetic)
                | {"verdict": "not distinguishable"},
                an_effect("external against curated, pass@1", *external)
                | {"verdict": "not distinguishable"},
            ]
        },
        "arms": arms,
        "held_out": held_out(chosen[0]),
        "tuned_passes": {"values": [100 * share for share in passed]},
        "tuned_pass_at_1": {"values": list(passed)},
        "seed_tests": {f"seed{number}": seed for number, seed in enumerate(seeds)},
    }


def lower(p: float) -> tuple[tuple[float, float, float], float]:
    return (-0.1, -0.15, -0.05), p


@pytest.mark.parametrize(
    ("synthetic", "answer"),
    [
        (lower(0.05), "holds here"),
        (lower(0.051), "open"),
        ((NONE, 0.9), "does not hold here"),
        ((WIDE, 0.9), "open"),
        ((EXACT, 0.01), "does not hold here"),
        ((EXACT, 0.06), "open"),
        (((-0.02, -0.03, -0.01), 0.01), "holds here"),
    ],
)
def test_whether_synthetic_bugs_teach_artefacts(synthetic: Any, answer: str) -> None:
    assert answers(a_study(synthetic=synthetic))[0] == answer


@pytest.mark.parametrize(
    ("score", "modes", "answer"),
    [
        ((WIDE, 0.9), [(0.05, 0.05)], "holds here"),
        ((EXACT, 0.01), [(-0.1, 0.01), (0.05, 0.01)], "holds here"),
        ((WIDE, 0.9), [(0.05, 0.06)], "open"),
        (lower(0.01), [(0.05, 0.01)], "open"),
        ((NONE, 0.9), [(0.05, 0.06)], "does not hold here"),
        ((NONE, 0.9), [(-0.05, 0.01)], "open"),
        ((EXACT, 0.01), [(-0.1, 0.01)], "does not hold here"),
        ((EXACT, 0.01), [(-0.1, 0.06)], "open"),
    ],
)
def test_whether_a_scalar_hides_shifts(score: Any, modes: Any, answer: str) -> None:
    assert answers(a_study(score=score, modes=modes))[1] == answer


@pytest.mark.parametrize(
    ("external", "chosen", "answer"),
    [
        (lower(0.05), (0.0, 0.0), "holds here"),
        (lower(0.06), (0.0, 0.0), "open"),
        ((NONE, 0.9), (0.0, -0.02), "holds here"),
        ((NONE, 0.9), (-0.02, -0.02), "does not hold here"),
        ((NONE, 0.9), (0.0, -0.01), "does not hold here"),
        ((WIDE, 0.9), (0.0, 0.0), "open"),
        ((EXACT, 0.9), (0.0, 0.0), "does not hold here"),
    ],
)
def test_whether_external_solutions_are_a_shift(external: Any, chosen: Any, answer: str) -> None:
    assert answers(a_study(external=external, chosen=chosen))[2] == answer


@pytest.mark.parametrize(
    ("seeds", "passed", "answer"),
    [
        ((a_seed(9, 1, 0.02), a_seed(5, 4, 0.9)), (0.20, 0.21), "holds here"),
        ((a_seed(9, 1, 0.02), a_seed(1, 9, 0.02)), (0.20, 0.21), "holds here"),
        ((a_seed(9, 1, 0.02), a_seed(8, 1, 0.04)), (0.20, 0.23), "does not hold here"),
        ((a_seed(5, 4, 0.9), a_seed(4, 5, 0.9)), (0.20, 0.25), "open"),
    ],
)
def test_whether_one_seed_is_noise(seeds: Any, passed: Any, answer: str) -> None:
    assert answers(a_study(seeds=seeds, passed=passed))[3] == answer


def test_the_tables_have_a_row_for_each_model_comparison_ending_and_seed() -> None:
    lines = [*tables(a_study(modes=((0.05, 0.0001),), chosen=(0.0, -0.45)))]
    change = "+0.0 (−6.0 to +6.0; p = .500)"
    assert f"| external | 20.0, 20.0 | {change} | {change} | 0.60 | −0.450 |" in lines
    assert f"| curated | 20.0, 25.0 | {change} |  | 0.60 | +0.000 |" in lines
    assert f"| external against curated | {change} | .500 | not distinguishable |" in lines
    assert "| TIMEOUT | 17.0 | 20.0 | +5.0 (+4.0 to +6.0; p < .001) | < .001 |" in lines
    assert "| seed1 | 25.0 | 2 | 3 | .900 |" in lines
    assert "| problems that end in | base model | curated | synthetic | external |" in lines
    assert "| TIMEOUT | 17.0 | 20.0 | 2.5 | 2.5 |" in lines
