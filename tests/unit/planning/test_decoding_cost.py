"""The cost of decoding, from the calls of a model."""

import doctest
from collections.abc import Sequence

import pytest
import torch
from failpairs.planning import decoding_cost, pilot
from failpairs.planning.decoding_cost import (
    Call,
    fitted,
    seconds_to_decode,
    steps_of,
    timed_calls,
)
from failpairs.planning.rates import DecodingCost, Rates
from failpairs.sampling.token_draws import Generation
from failpairs.sampling.transformers_decoding import decode
from hypothesis import given
from hypothesis import strategies as st
from tiny_model import tiny_model


def rates(cost: DecodingCost, lengths: Sequence[int]) -> Rates:
    return Rates(
        sampling_start=0,
        training_start=0,
        decoding=cost,
        training=0,
        scoring=0,
        trial=0,
        execution=0,
        prompt_tokens=10,
        lengths=lengths,
    )


def test_what_a_line_made_is_found_again() -> None:
    cost = DecodingCost(0.002, 0.03, 0.004)
    calls = [Call(rows, 1, 0.03 + 0.004 * rows) for rows in (64, 63, 40, 8, 1)]
    calls += [Call(8, 100, 1.6), Call(4, 50, 0.4)]
    assert fitted(calls) == pytest.approx(cost)


def test_no_cost_is_negative() -> None:
    falling = [Call(1, 1, 0.5), Call(64, 1, 0.1)]
    assert min(fitted(falling)) >= 0
    assert fitted([]) == (0, 0, 0)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60), st.integers(1, 10))
def test_steps_are_between_their_bounds(lengths: list[int], slots: int) -> None:
    steps = steps_of(lengths, slots)
    assert max(max(lengths), sum(lengths) / slots) <= steps
    assert steps <= sum(lengths) / slots + max(lengths)


@pytest.mark.parametrize(("slots", "steps"), [(1, 120), (4, 30), (12, 10)])
def test_the_seconds_of_samples_of_one_length_are_those_of_their_parts(
    slots: int, steps: int
) -> None:
    cost = DecodingCost(0.001, 0.5, 0.01)
    seconds = seconds_to_decode(rates(cost, [10]), n_prompts=3, n_samples=4, slots=slots)
    assert seconds == pytest.approx(3 * 10 * 0.001 + steps * 0.5 + 120 * 0.01)


def test_the_calls_of_decoding_are_all_prompts_and_steps() -> None:
    model = tiny_model()
    prompts = [("a", [5, 6, 7]), ("b", [8, 9, 10])]
    generation = Generation(2, 1.0, 1.0, 6, 0, ())
    with timed_calls(model) as calls:
        for _ in decode(model, prompts, generation, lambda tokens: False, 4):
            pass
    assert [(call.rows, call.columns) for call in calls] == [(2, 3), *[(4, 1)] * 4]
    assert all(call.seconds > 0 for call in calls)
    seen = len(calls)
    model(torch.tensor([[5, 6]]))
    assert len(calls) == seen  # nothing is timed any more


def test_the_examples_in_the_docstrings_are_right() -> None:
    for module in (decoding_cost, pilot):
        assert not doctest.testmod(module).failed
