import doctest
import math
from collections import Counter

import pytest
from failpairs.training import replay
from failpairs.training.pair_order import training_order, turns_of
from failpairs.training.recipe import Recipe
from failpairs.training.replay import Exams, Replay, not_learned
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

MODES = ("STUB", "TIMEOUT", "NAME_ERROR")


def a_replay(modes: list[str], batch_size: int, seed: int = 0) -> Replay:
    lengths = [7 + number % 3 for number in range(len(modes))]
    plan = training_order(lengths, batch_size, 2, seed, turns_of(modes, "replay"))
    return Replay(plan, modes, lengths, list(MODES), seed)


def taken(run: Replay, answers: dict[int, dict[str, bool]]) -> tuple[list[list[int]], Exams]:
    """The steps of a run, and its exams; `answers` say after which steps which modes pass."""
    steps: list[list[int]] = []
    exams: dict[int, list[str]] = {}
    for step in range(len(run.plan)):
        if step in answers:
            margins = [1.0 if answers[step][mode] else -1.0 for mode in MODES]
            exams[step] = run.failed(margins, step, exams)
        steps.append(run.pairs_of_step(step, exams))
    return steps, exams


RUNS = st.builds(
    a_replay,
    st.lists(st.sampled_from(MODES), min_size=1, max_size=30),
    st.integers(1, 8),
    st.integers(0, 5),
)
ANSWERS = st.dictionaries(
    st.integers(0, 12), st.fixed_dictionaries({mode: st.booleans() for mode in MODES}), max_size=5
)


@given(RUNS)
def test_what_is_learned_is_not_replayed(run: Replay) -> None:
    steps, exams = taken(run, {3: dict.fromkeys(MODES, True)})
    assert steps == run.plan
    assert set(map(tuple, exams.values())) <= {()}


@given(RUNS, ANSWERS)
def test_steps_keep_their_sizes_and_half_of_their_places_are_for_modes_that_failed(
    run: Replay, answers: dict[int, dict[str, bool]]
) -> None:
    steps, exams = taken(run, answers)
    assert [*map(len, steps)] == [*map(len, run.plan)]
    rest = [number for step in run.plan for number in step]
    for index, step in enumerate(steps):
        earlier = [at for at in exams if at <= index]
        failed = exams[max(earlier)] if earlier else []
        n_replayed = len(step) // 2 if failed else 0
        planned, rest = rest[: len(step) - n_replayed], rest[len(step) - n_replayed :]
        replayed = Counter(step) - Counter(planned)
        assert replayed.total() == n_replayed
        assert {run.modes[number] for number in replayed} <= {*failed}


@given(RUNS, ANSWERS)
def test_only_a_mode_whose_turn_has_begun_can_fail(
    run: Replay, answers: dict[int, dict[str, bool]]
) -> None:
    steps, exams = taken(run, answers)
    for at, failed in exams.items():
        begun = {run.modes[number] for step in steps[:at] for number in step}
        assert failed == sorted(mode for mode in begun if not answers[at][mode])


@given(RUNS, ANSWERS)
def test_a_step_depends_on_the_exams_before_it_alone(
    run: Replay, answers: dict[int, dict[str, bool]]
) -> None:
    steps, exams = taken(run, answers)
    for index, step in enumerate(steps):
        assert run.pairs_of_step(index, exams) == step


def test_the_seed_and_the_step_decide_what_is_replayed_and_no_pair_comes_twice_before_all_others():
    modes = ["STUB"] * 6 + ["TIMEOUT"] * 26
    exams = {1: ["STUB"]}
    run, other = (a_replay(modes, 8, seed) for seed in (0, 1))
    drawn = [
        [number for number in each.pairs_of_step(step, exams) if modes[number] == "STUB"]
        for each, step in ((run, 2), (run, 2), (run, 3), (other, 2))
    ]
    assert drawn[0] == drawn[1]
    assert len({*map(tuple, drawn)}) == 3
    assert all(len({*numbers}) == 4 for numbers in drawn)
    few = a_replay(["STUB"] * 3 + ["TIMEOUT"] * 29, 8)
    counts = Counter(number for number in few.pairs_of_step(2, exams) if number < 3)
    assert sorted(counts.values()) == [1, 1, 2]


def test_a_mode_is_learned_when_its_margin_is_above_its_standard_error() -> None:
    # Of two margins a and b the mean is above the standard error |a - b| / 2 if both are above 0.
    assert not_learned([0.1, 0.9], ["STUB"] * 2, MODES) == []
    assert not_learned([0.0, 0.9], ["STUB"] * 2, MODES) == ["STUB"]
    assert not_learned([0.1], ["STUB"], MODES) == []
    assert not_learned([0.0], ["STUB"], MODES) == ["STUB"]
    assert not_learned([math.nan], ["STUB"], MODES) == ["STUB"]
    assert not_learned([-1.0], ["STUB"], {"TIMEOUT"}) == []


@pytest.mark.parametrize("wrong", [{"batch_size": 1}, {"processes": 2}])
def test_a_recipe_without_places_for_replay_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match=r"training\.batch_size of at least 2"):
        Recipe(order="replay", micro_batch_size=1, **wrong)


def test_the_values_in_the_documentation_are_right() -> None:
    assert not doctest.testmod(replay).failed
