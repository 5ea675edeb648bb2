"""The stages of a run: their number of jobs, their time and what they leave on the disk."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from failpairs.errors import InputError
from failpairs.models.memory_estimate import Shape
from failpairs.planning.forecast import forecast
from failpairs.planning.rates import GPUS, DecodingCost, Rates, by_arithmetic
from failpairs.planning.stages import Machine, Size, Stage, disk_of, size_of, stages_of
from failpairs.workflow.config import Config
from failpairs.workflow.validation import section_from

RATES = Rates(
    sampling_start=10.0,
    training_start=20.0,
    decoding=DecodingCost(0.0, 0.1, 0.0),
    training=0.01,
    scoring=0.001,
    trial=0.5,
    execution=0.2,
    prompt_tokens=100,
    lengths=[50],
)
SIZE = Size(train=20, evaluation=10, pairs=40, held_out_pairs=4, held_out_problems=2)
MACHINE = Machine(workers=2, gpus=1, slots=8)
SHAPE = Shape(2, 32, 4, 2, 8, 64, 260, is_tied=False, has_bias=False)


def config(**sections: Any) -> Config:
    values: Mapping[str, Any] = {
        "model": {"id": "mine"},
        "problems": {"train": "mbpp", "eval": "humaneval"},
        "sampling": {"n_samples": 8},
        "training": {"epochs": 2, "batch_size": 8, "micro_batch_size": 4},
        **sections,
    }
    return section_from(Config, values)


def stages(**sections: Any) -> dict[str, Stage]:
    return {each.name: each for each in stages_of(config(**sections), SIZE, MACHINE, RATES)}


def test_each_stage_takes_its_start_and_its_work() -> None:
    found = stages()
    assert found["sample/*"].seconds == 10 + 20 * 8 * 50 / 8 * 0.1
    assert found["execute"].seconds == 20 * 8 * 0.2 / 2
    assert found["try_train_problems"].seconds == 20 * 0.5 / 2
    assert found["reference"].seconds == pytest.approx(10 + 44 * 200 * 0.001)
    trained = 2 * 40 * 200 * 0.01 + 11 * 4 * 200 * 0.001
    assert found["train/*"].seconds == pytest.approx(20 + trained)
    assert (found["train/*"].n_jobs, found["eval/*/sample"].n_jobs) == (3, 4)
    assert found["eval/*/sample"].seconds == 10 + 2 * 50 * 0.1  # ten samples in eight slots
    assert not any(name.startswith("tuning") for name in found)


def test_exams_are_counted_as_configured() -> None:
    often = {"training": {"epochs": 2, "batch_size": 8, "micro_batch_size": 4, "eval_every": 2}}
    assert stages(**often)["train/*"].seconds == pytest.approx(20 + 160 + 6 * 4 * 200 * 0.001)


@pytest.mark.parametrize(
    ("sections", "trained", "evaluated"),
    [
        ({"arms": ["sft", "random"]}, 9, 10),
        ({"seeds": {"values": [0, 1, 2], "vary": "both"}}, 9, 10),
        ({"rounds": 2}, 6, 7),
        ({"evaluation": {"again": True}}, 3, 5),
        ({"pairs": "jsonl:mine.jsonl"}, 3, 4),
    ],
)
def test_every_training_is_evaluated(
    sections: dict[str, Any], trained: int, evaluated: int
) -> None:
    found = stages(**sections)
    assert (found["train/*"].n_jobs, found["eval/*/sample"].n_jobs) == (trained, evaluated)
    assert ("sample/*" in found) == ("pairs" not in sections)
    assert ("arms/*/sample" in found) == ("rounds" in sections)


@pytest.mark.parametrize(
    ("sections", "n_jobs"),
    [
        ({}, 1),
        ({"arms": ["random", "sft", "shuffled"]}, 3),  # sft has the curated pairs
        ({"seeds": {"values": [0, 1, 2], "vary": "pairs"}}, 3),
        ({"seeds": {"values": [0, 1], "vary": "pairs"}, "tuning": {"grid": {"epochs": [1, 2]}}}, 3),
    ],
)
def test_each_set_of_pairs_has_its_reference(sections: dict[str, Any], n_jobs: int) -> None:
    assert stages(**sections)["reference"].n_jobs == n_jobs


def test_each_seed_samples_in_each_later_round() -> None:
    sections = {"rounds": 3, "seeds": {"values": [0, 1]}}
    found = stages(**sections)
    assert found["arms/*/execute"].n_jobs == found["arms/*/sample"].n_jobs == 4
    assert found["arms/*/execute"].seconds == found["execute"].seconds
    disk = disk_of(config(**sections), SIZE, model=1000, n_adapter=10)
    assert disk["samples and labels"] == 900 * (3 * 160 * 5 + 7 * 10)


def test_an_arm_is_trained_on_as_many_pairs_as_its_name_says() -> None:
    whole = stages()["train/*"].seconds
    half = stages(arms=["n20"])["train/*"].seconds  # beside the curated pairs, which are 40
    assert whole - half == pytest.approx(2 * 40 * 200 * 0.01 / 4)
    assert stages(arms=["random", "focus20"])["train/*"].seconds == pytest.approx(whole)


def test_candidates_are_trained_and_sampled_on_held_out_problems() -> None:
    found = stages(training={"learning_rate": "auto", "epochs": [1, 2]})
    assert (found["tuning/*/train"].n_jobs, found["tuning/*/sample"].n_jobs) == (6, 7)
    assert found["tuning/*/execute"].n_jobs == 7
    assert found["tuning/*/execute"].seconds == 2 * 8 * 0.2 / 2
    assert found["tuning/*/train"].seconds < found["train/*"].seconds
    assert found["tuning/*/sample"].seconds == 10 + 2 * 50 * 0.1


def test_tuned_models_are_only_evaluated() -> None:
    found = stages(tuned={"mine": "folder", "yours": "folder2"})
    assert [*found] == ["eval/*/sample", "eval/*/execute"]
    assert found["eval/*/sample"].n_jobs == 3


def test_only_jobs_that_run_a_model_wait_for_gpus() -> None:
    assert Stage("train/*", 3, 10.0).wall_clock(2) == 20
    assert Stage("execute", 3, 10.0, runs_model=False).wall_clock(2) == 30


def test_pairs_are_those_that_samples_give_and_no_more_than_asked() -> None:
    few = replace(RATES, outcomes=[(4, 0), (0, 4), (2, 2), (0, 4)])
    promise = forecast(config(), 100, 50, few)
    assert promise.pass_rate == pytest.approx(0.375, abs=0.1)
    assert promise.mixed <= promise.pairs <= 4 * promise.mixed <= 400
    size = size_of(config(), 100, 50, promise)
    assert size.pairs == round(0.9 * promise.pairs) < 500
    many = size_of(config(curation={"n_pairs": 10}), 100, 50, promise)
    assert many.pairs == 10
    assert size_of(config(), 100, 50, None).pairs == 500


def test_own_pairs_are_as_many_as_there_are() -> None:
    own = config(pairs="jsonl:mine.jsonl", curation={"held_out": 0.2})
    size = size_of(own, 0, 50, None, 1000)
    assert (size.pairs, size.held_out_pairs) == (800, 200)


def test_an_effect_is_smaller_the_more_problems_there_are() -> None:
    some = replace(RATES, outcomes=[(4, 0), (0, 4), (2, 2), (0, 4)])
    few, many = (forecast(config(), 100, n, some).effect for n in (50, 500))
    assert few is not None and many is not None
    assert 2 < few / many < 5


def test_the_disk_holds_adapters_of_all_trainings() -> None:
    plain, more = (
        disk_of(config(arms=arms), SIZE, model=1000, n_adapter=10) for arms in ([], ["sft"])
    )
    assert (plain["adapters"], more["adapters"]) == (3 * 40, 6 * 40)
    assert plain["samples and labels"] == 900 * (3 * 160 + 4 * 10)


def test_a_gpu_of_twice_the_peaks_takes_half_the_time() -> None:
    a100, h200 = (by_arithmetic(name, SHAPE, 2) for name in ("A100-80GB", "H200-SXM"))
    ratio = GPUS["H200-SXM"].bfloat16 / GPUS["A100-80GB"].bfloat16
    assert a100.training / h200.training == pytest.approx(ratio)
    assert a100.training == pytest.approx(6 * SHAPE.n_weights / (0.3 * 312e12))
    in_float32 = by_arithmetic("A100-80GB", SHAPE, 4)
    assert in_float32.training / a100.training == pytest.approx(312 / 19.5)
    with pytest.raises(InputError, match="--gpu B9000: expected one of L4, "):
        by_arithmetic("B9000", SHAPE, 2)
