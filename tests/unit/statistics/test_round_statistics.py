"""Rounds beside each other."""

import pytest
from execution_builders import a_sample, an_evaluation, passes
from failpairs.errors import InputError
from failpairs.statistics.rounds import RoundData, distinct_share, rounds_of


def test_each_round_has_its_spreads_and_its_mean_counts() -> None:
    base = an_evaluation(passes(1, 4))
    first = {"seed0": an_evaluation(passes(2, 4)), "seed1": an_evaluation(passes(3, 4))}
    second = {
        "seed0": an_evaluation(["PASS", "PASS", "STUB", "TIMEOUT"]),
        "seed1": an_evaluation(["PASS", "PASS", "PASS", "STUB"]),
    }
    data = [RoundData([5], [0.5], []), RoundData([3, 4], [0.25, 0.75], [-0.1, 0.1])]
    one, other = rounds_of(base, [first, second], data)
    assert (one.number, other.number) == (1, 2)
    assert one.pass_at_1.values == [0.5, 0.75]
    assert other.counts == {"STUB": 1.0, "TIMEOUT": 0.5}
    assert one.n_pairs and one.n_pairs.values == [5]
    assert other.n_pairs and other.n_pairs.mean == 3.5
    assert other.distinct_share and other.distinct_share.mean == 0.5
    assert one.chosen_change is None
    assert other.chosen_change and other.chosen_change.mean == pytest.approx(0)
    with pytest.raises(InputError, match="base and round 1, seed0 were not both"):
        rounds_of(base, [{"seed0": an_evaluation(passes(2, 5))}], data[:1])


def test_samples_are_distinct_within_their_problem() -> None:
    texts = [("t/0", "a"), ("t/0", "a"), ("t/1", "a"), ("t/1", "b")]
    assert distinct_share(a_sample(text, name) for name, text in texts) == 0.75
    assert distinct_share([]) == 0
