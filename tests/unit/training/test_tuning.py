"""Which candidate for the recipe is chosen, by known answers."""

import pytest
from failpairs.training.tuning import Candidate, candidate, choose, grid_points


def tried(
    gain: float | None = 0.0, margin: float | None = 0.1, change: float | None = 0.0
) -> Candidate:
    return Candidate(
        values={},
        steps=1,
        held_out_margin=margin,
        held_out_margin_se=None,
        held_out_accuracy=None,
        held_out_chosen_change=change,
        gain=gain,
        gain_se=None,
    )


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ([tried(0.1), tried(0.2), tried(0.15)], 1),
        ([tried(0.1), tried(0.2, change=-0.02), tried(0.15, change=-0.01)], 2),
        ([tried(0.1, margin=0.1), tried(0.1, margin=0.3), tried(0.1, margin=0.3)], 1),
        ([tried(-0.2), tried(-0.1)], 1),
        ([tried(0.3, change=-0.5), tried(0.1, change=-0.1)], 1),
        # Nothing sampled, or no pair held out.
        ([tried(None, margin=0.1), tried(None, margin=0.4)], 1),
        ([tried(0.1, None, None), tried(0.2, None, None)], 1),
        ([tried(None, None, None)] * 2, 0),
    ],
)
def test_the_rule_chooses(candidates: list[Candidate], chosen: int) -> None:
    assert choose(candidates) == chosen


def test_gains_are_paired_by_problem() -> None:
    curve = [
        {"step": 0},
        {
            "step": 8,
            "held_out_reward_margin": 0.2,
            "held_out_reward_margin_se": 0.05,
            "held_out_reward_accuracy": 0.75,
            "held_out_chosen_change": 0.01,
        },
    ]
    base, tuned = {"a": 0.5, "b": 0.0, "c": 1.0}, {"c": 1.0, "b": 0.5, "a": 1.0}
    found = candidate({"epochs": 2.0}, curve, base, tuned)
    assert (found.values, found.steps) == ({"epochs": 2.0}, 8)
    assert (found.held_out_margin, found.held_out_margin_se) == (0.2, 0.05)
    assert (found.held_out_accuracy, found.held_out_chosen_change) == (0.75, 0.01)
    assert found.gain == pytest.approx(1 / 3)
    assert found.gain_se == pytest.approx(1 / 6)  # of ½, ½, 0


def test_without_held_out_problems_there_is_no_gain() -> None:
    found = candidate({}, [{"step": 3}], {}, {})
    assert (found.gain, found.gain_se, found.held_out_margin) == (None, None, None)


def test_a_grid_has_all_combinations_and_an_empty_one_none() -> None:
    points = grid_points({"epochs": [1.0, 2.0], "beta": [0.1, 0.2]})
    assert [tuple(point.values()) for point in points] == [(1, 0.1), (1, 0.2), (2, 0.1), (2, 0.2)]
    assert grid_points({}) == []
