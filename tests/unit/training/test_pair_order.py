import doctest
from collections import Counter
from itertools import pairwise

from failpairs.training import pair_order
from failpairs.training.pair_order import training_order, turns_of
from hypothesis import given
from hypothesis import strategies as st

LENGTHS = st.lists(st.integers(1, 500), min_size=1, max_size=40)


@given(LENGTHS, st.integers(1, 16), st.sampled_from([0.5, 1, 1.5, 3]), st.integers(0, 5))
def test_every_pair_comes_as_often_as_there_are_epochs(
    lengths: list[int], batch_size: int, epochs: float, seed: int
) -> None:
    steps = training_order(lengths, batch_size, epochs, seed)
    counts = Counter(number for step in steps for number in step)
    assert sum(counts.values()) == max(1, round(len(lengths) * epochs))
    assert all(int(epochs) <= counts[number] <= epochs + 1 for number in range(len(lengths)))
    assert all(len(step) == batch_size for step in steps[:-1])
    assert 1 <= len(steps[-1]) <= batch_size


@given(LENGTHS, st.integers(1, 16), st.integers(0, 5))
def test_a_step_is_in_order_of_length(lengths: list[int], batch_size: int, seed: int) -> None:
    for step in training_order(lengths, batch_size, 2, seed):
        assert [lengths[number] for number in step] == sorted(lengths[number] for number in step)


def test_the_seed_decides_the_order_and_the_lengths_only_that_within_a_step() -> None:
    one, again, other = (training_order(range(32), 8, 2, seed) for seed in (0, 0, 1))
    assert one == again != other
    shuffled = training_order([7] * 32, 8, 2, 0)
    assert [set(step) for step in one] == [set(step) for step in shuffled]


LABELS = st.lists(st.sampled_from(["STUB", "TIMEOUT", "NAME_ERROR", None]), min_size=1, max_size=40)


@given(LABELS, st.sampled_from(["common_first", "rare_first"]), st.integers(0, 5))
def test_with_turns_one_failure_mode_comes_after_the_other(
    labels: list[str | None], order: str, seed: int
) -> None:
    steps = training_order([7] * len(labels), 1, 2, seed, turns_of(labels, order))
    numbers = [number for step in steps for number in step]
    counts = Counter(labels)
    for epoch in (numbers[: len(labels)], numbers[len(labels) :]):
        assert sorted(epoch) == [*range(len(labels))]
        seen = [labels[number] for number in epoch]
        blocks = [seen[0], *(other for one, other in pairwise(seen) if one != other)]
        assert len(blocks) == len(counts)
        sizes = [counts[label] for label in blocks]
        assert sizes == sorted(sizes, reverse=order == "common_first")


def test_the_values_in_the_documentation_are_right() -> None:
    assert not doctest.testmod(pair_order).failed
