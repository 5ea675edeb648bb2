import itertools
import json
import random
from typing import Any

import numpy as np
import pytest
from execution_builders import a_failure_pair, an_evaluation, passes
from failpairs.errors import InputError
from failpairs.statistics.comparison import Statistics, compare
from failpairs.statistics.effects import Criteria
from failpairs.statistics.evaluation import Evaluation
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from places import ROOT

SCHEMA = ROOT / "docs" / "stats.schema.json"
CRITERIA = Criteria(confidence=0.95, equivalence_margin=0.02)
MIRRORED = {"improved": "worsened", "worsened": "improved"}
LABEL = st.sampled_from(["PASS", "PASS", "NAME_ERROR", "ASSERTION_FAIL", "TIMEOUT"])


def compared(base: list[Any], *seeds: list[Any], **more: Any) -> Statistics:
    tuned = {f"seed{i}": an_evaluation(labels) for i, labels in enumerate(seeds)}
    return compare(an_evaluation(base), tuned, CRITERIA, 999, seed=0, **more)


@st.composite
def studies(draw: st.DrawFn, most: int = 12) -> list[list[str]]:
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
    assert statistics.seed_tests["seed1"].p_exact == pytest.approx(0.03125)
    assert statistics.variance.seeds_se == pytest.approx(0.577 / 164 / 3**0.5, abs=1e-5)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(studies(), st.randoms(use_true_random=False))
def test_the_order_of_the_problems_does_not_matter(
    study: list[list[str]], order: random.Random
) -> None:
    places = list(range(len(study[0])))
    order.shuffle(places)
    one = compared(*study).model_dump()
    other = compared(*([labels[i] for i in places] for labels in study)).model_dump()
    for changed in ("movements", "seed_tests", "variance", "mean_transitions"):
        del one[changed], other[changed]
    assert other == one


def test_problems_are_matched_by_their_id() -> None:
    base = an_evaluation(["PASS", "TIMEOUT", "NAME_ERROR"])
    tuned = an_evaluation(["PASS", "PASS", "NAME_ERROR"])
    turned = tuned.model_copy(update={"problems": tuned.problems[::-1]})
    straight = compare(base, {"seed0": tuned}, CRITERIA, 999, seed=0)
    assert compare(base, {"seed0": turned}, CRITERIA, 999, seed=0) == straight


def test_evaluations_of_different_problems_are_refused() -> None:
    base, short = an_evaluation(["PASS", "PASS"]), an_evaluation(["PASS"])
    with pytest.raises(InputError, match="base and seed0 were not both evaluated on 't/1'"):
        compare(base, {"seed0": short}, CRITERIA, 999, seed=0)
    with pytest.raises(InputError, match="base and arm sft, seed0 were not both"):
        compare(base, {"a": base}, CRITERIA, 999, seed=0, arms={"sft": {"seed0": short}})


@settings(deadline=None, derandomize=True, max_examples=40)
@given(studies(most=30))
def test_exchanging_base_and_tuned_mirrors_every_verdict(study: list[list[str]]) -> None:
    one, other = compared(study[0], study[1]), compared(study[1], study[0])
    there, back = one.seed_tests["seed0"], other.seed_tests["seed0"]
    assert (there.fixed, there.broken, there.p_exact) == (back.broken, back.fixed, back.p_exact)
    assert np.array_equal(one.transitions["seed0"], np.transpose(other.transitions["seed0"]))
    for here, mirrored in zip([one.effect, *one.modes], [other.effect, *other.modes], strict=True):
        assert mirrored.verdict == MIRRORED.get(here.verdict, here.verdict)
        assert mirrored.p_corrected == pytest.approx(here.p_corrected)
        assert (mirrored.low, mirrored.high) == pytest.approx((-here.high, -here.low))
        assert (mirrored.before, mirrored.after.values) == (here.after.values[0], [here.before])


@settings(deadline=None, derandomize=True, max_examples=20)
@given(studies())
def test_identical_models_are_never_told_apart(study: list[list[str]]) -> None:
    statistics = compared(study[0], study[0], study[0])
    effects = [statistics.effect, *statistics.modes]
    assert {effect.verdict for effect in effects} <= {"not distinguishable", "equivalent"}
    assert {effect.p for effect in effects} == {1}
    assert statistics.p_transitions == 1
    assert statistics.movements == []
    assert {test.p_exact for test in statistics.seed_tests.values()} == {1}


@settings(deadline=None, derandomize=True, max_examples=20)
@given(studies())
def test_every_problem_stands_once_in_each_transition_table(study: list[list[str]]) -> None:
    statistics = compared(*study)
    for seed, after in zip(statistics.seeds, study[1:], strict=True):
        table = np.array(statistics.transitions[seed])
        assert table.sum(axis=1).tolist() == [study[0].count(x) for x in statistics.labels]
        assert table.sum(axis=0).tolist() == [after.count(x) for x in statistics.labels]
    assert np.sum(statistics.mean_transitions) == pytest.approx(len(study[0]))


def test_modes_have_their_counts_and_the_declared_ones_are_always_there() -> None:
    statistics = compared(
        ["PASS", "TIMEOUT", "TIMEOUT", "NAME_ERROR"],
        ["PASS", "TIMEOUT", "PASS", "PASS"],
        ["PASS", "PASS", "PASS", "STUB"],
    )
    found = [(m.metric, m.role, m.correction, m.before, m.after.values) for m in statistics.modes]
    assert found == [
        ("STUB", "exploratory", "fdr_bh", 0, [0, 1]),
        ("NAME_ERROR", "declared", "holm", 1, [0, 0]),
        ("ASSERTION_FAIL", "declared", "holm", 0, [0, 0]),
        ("TIMEOUT", "exploratory", "fdr_bh", 2, [1, 0]),
    ]
    assert statistics.labels == ["STUB", "NAME_ERROR", "ASSERTION_FAIL", "TIMEOUT", "PASS"]


def test_with_several_samples_a_problem_counts_by_the_share_that_passed() -> None:
    base = [["PASS", "TIMEOUT"], ["TIMEOUT", "TIMEOUT"]]
    statistics = compared(base, [["PASS", "PASS"], ["PASS", "TIMEOUT"]])
    assert (statistics.base_passes, statistics.tuned_passes.values) == (0.5, [1.5])
    assert statistics.effect.change == 0.5
    assert statistics.base_pass_at_1 == 0.25


def with_sources(labels: list[str], sources: list[str]) -> Evaluation:
    plain = an_evaluation(labels)
    named = [
        result.model_copy(update={"source": source})
        for result, source in zip(plain.problems, sources, strict=True)
    ]
    return plain.model_copy(update={"problems": named})


def test_several_sources_are_also_compared_apart() -> None:
    sources = ["humaneval"] * 6 + ["mbpp"] * 4
    base = with_sources(["TIMEOUT"] * 10, sources)
    tuned = with_sources(["PASS"] * 6 + ["TIMEOUT"] * 4, sources)
    found = compare(base, {"seed0": tuned}, CRITERIA, 999, seed=0).sources
    assert {name: one.change for name, one in found.items()} == {"humaneval": 1, "mbpp": 0}
    assert found["humaneval"].p_corrected == pytest.approx(2 * 0.03125)
    assert found["humaneval"].sentence.startswith("Pass@1 on humaneval: not distinguishable")
    assert compared(["PASS"], ["PASS"]).sources == {}


def test_arms_are_compared_with_base_and_curated_in_one_family() -> None:
    base, curated = ["TIMEOUT"] * 20, ["PASS"] * 20
    arms = {
        "shuffled": {"seed0": an_evaluation(base)},
        "sft": {f"seed{i}": an_evaluation(curated) for i in range(2)},
    }
    found = compared(base, curated, curated, arms=arms).arms
    assert [arm.name for arm in found] == ["shuffled", "sft"]
    effects = list(itertools.chain(*((*a.against_base, *a.against_curated) for a in found)))
    assert {effect.family for effect in effects} == {12}
    assert {effect.correction for effect in effects} == {"holm"}
    verdicts = [[a.against_base[0].verdict, a.against_curated[0].verdict] for a in found]
    assert verdicts == [
        ["not distinguishable", "worsened"],
        ["improved", "not distinguishable"],
    ]
    assert found[0].against_curated[0].sentence.startswith("shuffled against curated, pass@1: wors")


def test_planned_comparisons_are_a_family_of_their_own() -> None:
    base, curated = ["TIMEOUT"] * 30, ["PASS"] * 8 + ["TIMEOUT"] * 22
    arms = {
        name: {"seed0": an_evaluation(["PASS"] * count + ["TIMEOUT"] * (30 - count))}
        for name, count in {"ipo": 16, "sft": 8, "simpo": 1}.items()
    }
    found = compared(base, curated, arms=arms, planned=["ipo:curated", "simpo:base"])
    assert found.planned is not None
    first, second = found.planned.effects
    assert (first.family, first.correction, first.role) == (2, "holm", "planned")
    assert first.change == pytest.approx(8 / 30)
    assert first.sentence.startswith("ipo against curated, pass@1: improved, ")
    assert second.verdict == "not distinguishable"
    # Among all 18 comparisons the same change is corrected for far more tests.
    among_all = found.arms[0].against_curated[0]
    assert (among_all.change, among_all.family) == (first.change, found.planned.n_all)
    assert among_all.p_corrected > first.p_corrected
    assert found.planned.alone is not None and found.planned.among_all is not None
    assert found.planned.alone < found.planned.among_all
    with pytest.raises(InputError, match=r"compare: kto:base: no arm 'kto' was evaluated"):
        compared(base, curated, arms=arms, planned=["kto:base"])


def test_in_a_crossed_study_every_pair_set_stands_with_every_training_seed() -> None:
    labels = [passes(count, 4) for count in range(5)]
    others = {"seed0": {"seed1": labels[1]}, "seed1": {"seed0": labels[2]}}
    crossed = {
        own: {name: an_evaluation(row) for name, row in rows.items()}
        for own, rows in others.items()
    }
    found = compared(labels[0], labels[4], labels[3], crossed=crossed).variance_split
    assert found is not None
    assert found.pass_at_1 == [[1, 0.25], [0.5, 0.75]]
    assert found.change == pytest.approx(10 / 16)
    assert compared(labels[0], labels[4], labels[3]).variance_split is None
    crossed["seed1"]["seed0"] = an_evaluation(passes(2, 5))
    with pytest.raises(InputError, match="base and pairs of seed1, seed0 were not both"):
        compared(labels[0], labels[4], labels[3], crossed=crossed)


def test_the_file_is_strict_json_in_its_schema() -> None:
    pairs = [a_failure_pair("TIMEOUT")]
    arms = {"sft": {"seed0": an_evaluation(["PASS", "STUB"])}}
    seeds = [["PASS", "PASS"], ["PASS", "TIMEOUT"]]
    crossed = {f"seed{i}": {f"seed{1 - i}": an_evaluation(seeds[i])} for i in range(2)}
    more: dict[str, Any] = {"arms": arms, "pairs": pairs, "crossed": crossed}
    statistics = compared(["PASS", "TIMEOUT"], *seeds, **more)
    value = json.loads(json.dumps(statistics.model_dump(), allow_nan=False))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(value)
    assert Statistics.model_validate(value) == statistics
    del schema["$schema"]
    assert schema == Statistics.model_json_schema()


def test_a_second_evaluation_of_the_base_model_counts_what_rounding_changes() -> None:
    base = ["PASS", "PASS", "NAME_ERROR", "TIMEOUT"]
    again = an_evaluation(["PASS", "TIMEOUT", "PASS", "NAME_ERROR"])
    found = compared(base, base, again=again).again
    assert found is not None
    assert (found.other_label, found.other_side) == (3, 2)
    assert compared(base, base).again is None
