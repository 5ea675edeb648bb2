"""Finished runs beside each other."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from execution_builders import PROTOCOL, an_evaluation, passes
from failpairs.statistics.arm_comparison import compare_arms
from failpairs.statistics.comparison import compare
from failpairs.statistics.effects import Criteria
from failpairs.statistics.label_counts import LabelCounts
from failpairs.statistics.run_comparison import Run, RunStatistics, compare_runs
from report_builders import CRITERIA
from run_builders import with_generation

Labels = Sequence[Sequence[str] | str]
BASE = passes(4, 20)


def a_run(
    name: str,
    *seeds: Labels,
    base: Labels = BASE,
    config: Mapping[str, Any] | None = None,
    criteria: Criteria = CRITERIA,
    **changes: Any,
) -> Run:
    before = an_evaluation(base, **changes)
    tuned = {f"seed{i}": an_evaluation(labels, **changes) for i, labels in enumerate(seeds)}
    stats = compare(before, tuned, criteria, 99, seed=0, config=config and dict(config))
    return Run(name, RunStatistics.model_validate(stats.model_dump()), before, tuned, 5)


def solving(*solved: int, n: int = 20) -> list[str]:
    return ["PASS" if i in solved else "ASSERTION_FAIL" for i in range(n)]


def test_a_run_is_compared_with_the_first_one_as_an_arm_is_with_the_curated_pairs() -> None:
    first = a_run("first", passes(8, 20), passes(9, 20))
    other = a_run("other", passes(12, 20), solving(*range(5, 19)))
    found = compare_runs([first, other]).groups[0].comparisons[0]
    before, curated = LabelCounts([first.base]), LabelCounts([*first.seeds.values()])
    arm = compare_arms(first.base, before, curated, {"other": other.seeds}, CRITERIA, {})[0]
    names = ("before", "after", "moved", "change", "low", "high", "p", "minimum_detectable")
    for name in names:
        assert getattr(found.effect, name) == getattr(arm.against_curated[0], name)
    assert (found.name, found.against) == ("other", "first")
    assert found.effect.subject == "other against first, pass@1"


def test_the_differences_are_corrected_together_by_holm() -> None:
    """By hand: 6 of 6 problems in one direction are p = 2/64, 8 of 8 are 2/256."""
    runs = [a_run("a", passes(8, 20)), a_run("b", passes(14, 20)), a_run("c", passes(16, 20))]
    warm = with_generation(temperature=0.8)
    runs += [a_run("d", BASE, protocol=warm), a_run("e", BASE, protocol=warm)]
    groups = compare_runs(runs).groups
    b, c, e = (one.effect for group in groups for one in group.comparisons)
    assert [b.change, c.change, e.change] == pytest.approx([0.3, 0.4, 0.0])
    assert [b.p, c.p, e.p] == pytest.approx([2 / 64, 2 / 256, 1.0])
    assert [b.p_corrected, c.p_corrected, e.p_corrected] == pytest.approx([4 / 64, 6 / 256, 1.0])
    assert {(one.correction, one.family) for one in (b, c, e)} == {("holm", 3)}
    assert [one.verdict for one in (b, c)] == ["not distinguishable", "improved"]


def test_problems_that_only_one_of_two_runs_moves_are_listed() -> None:
    # The base model solves 0 to 3.
    first = a_run("first", solving(0, 1, 2, 3, 4, 5), solving(1, 2, 3, 4))
    other = a_run("other", solving(0, 1, 4, 6), solving(0, 1, 3, 4, 7))
    group = compare_runs([first, other]).groups[0]
    one = group.comparisons[0]
    assert one.only_fixed == ["t/6", "t/7"]
    assert one.only_fixed_by_other == ["t/5"]
    assert one.only_broken == ["t/2", "t/3"]
    assert one.only_broken_by_other == ["t/0"]
    assert group.runs[0].fixed == {"t/4": 2, "t/5": 1}
    assert group.runs[1].broken == {"t/2": 2, "t/3": 1}


def test_a_run_keeps_the_results_of_its_report() -> None:
    run = a_run("run", passes(9, 20), passes(10, 20), passes(10, 20))
    comparison = compare_runs([run])
    summary = comparison.groups[0].runs[0]
    assert summary.effect == run.stats.effect
    assert summary.tuned_pass_at_1.values == [0.45, 0.5, 0.5]
    assert (summary.base_pass_at_1, summary.n_pairs, len(summary.seeds)) == (0.2, 5, 3)
    assert comparison.groups[0].comparisons == []


def test_the_order_of_the_runs_decides_what_is_compared_with_what() -> None:
    a, b, c = (a_run(name, passes(n, 20)) for name, n in (("a", 8), ("b", 10), ("c", 12)))
    group = compare_runs([b, c, a]).groups[0]
    assert [run.name for run in group.runs] == ["b", "c", "a"]
    changes = {(one.name, one.against): round(one.effect.change, 9) for one in group.comparisons}
    assert changes == {("c", "b"): 0.1, ("a", "b"): -0.1}


def test_problems_may_stand_in_another_order() -> None:
    first, other = a_run("first", passes(8, 20)), a_run("other", passes(12, 20))
    straight = compare_runs([first, other])
    turned = {
        name: one.model_copy(update={"problems": one.problems[::-1]})
        for name, one in {"base": other.base, **other.seeds}.items()
    }
    back = Run("other", other.stats, turned.pop("base"), turned, 5)
    comparison = compare_runs([first, back])
    assert len(comparison.groups) == 1
    assert comparison.groups[0].comparisons[0].effect == straight.groups[0].comparisons[0].effect


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"protocol": with_generation(temperature=0.8)}, ["temperature 0.8 instead of 0.0"]),
        (
            {"protocol": with_generation(n_samples=5, stop=["x"])},
            ["n samples 5 instead of 1", 'stop ["x"] instead of none'],
        ),
        (
            {"protocol": {**PROTOCOL, "prompts_sha256": "1" * 64}},
            ["prompts SHA-256 111111111111… instead of 000000000000…"],
        ),
        (
            {"validator": {"code": "abc", "sandbox": "full", "timeout": 3.0}},
            [
                "validator sandbox full instead of process",
                "validator timeout 3.0 instead of 10.0",
            ],
        ),
        (
            {"provenance": {"python": "3.12", "problems_sha256": "2" * 64}},
            ["problems SHA-256 222222222222… instead of none"],
        ),
        ({"base": passes(4, 21)}, ["problems 21 instead of 20", "1 of 21 problems are others"]),
        ({"base": passes(4, 19)}, ["problems 19 instead of 20"]),
        (
            {"base": [*passes(3, 18), "PASS", "TIMEOUT"]},
            ["the base model has other labels on 3 of 20 problems"],
        ),
    ],
)
def test_runs_of_different_protocols_are_apart(changes: dict[str, Any], told: list[str]) -> None:
    n = len(changes.get("base", BASE))
    runs = [
        a_run("a", passes(8, 20)),
        a_run("other", passes(8, n), **changes),
        a_run("b", passes(12, 20)),
    ]
    first, second = compare_runs(runs).groups
    assert [run.name for run in first.runs] == ["a", "b"]
    assert (first.differences, len(first.comparisons)) == ([], 1)
    assert [run.name for run in second.runs] == ["other"]
    assert (second.differences, second.comparisons) == (told, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"protocol": {**PROTOCOL, "adapter_sha256": "1" * 64}},
        {"provenance": {"python": "3.12", "hardware": "another"}},
    ],
)
def test_what_may_differ_between_evaluations_may_differ_between_runs(
    changes: dict[str, Any],
) -> None:
    runs = [a_run("a", passes(8, 20)), a_run("b", passes(8, 20), **changes)]
    assert len(compare_runs(runs).groups) == 1


def test_only_settings_in_which_runs_differ_are_kept() -> None:
    common = {"model": {"id": "some/model"}, "arms": []}
    configs: list[dict[str, Any] | None] = [
        {**common, "training": {"loss": "dpo", "epochs": 2}},
        {**common, "training": {"loss": "ipo", "epochs": 2}},
        {**common, "training": {"loss": "dpo", "epochs": 2, "focus": None}, "rounds": 2},
        None,
    ]
    runs = [a_run(f"r{i}", passes(8, 20), config=config) for i, config in enumerate(configs)]
    comparison = compare_runs(runs)
    assert comparison.settings == ["training.loss", "rounds"]
    assert [run.settings for run in comparison.groups[0].runs] == [
        {"training.loss": "dpo"},
        {"training.loss": "ipo"},
        {"training.loss": "dpo", "rounds": 2},
        None,
    ]


def test_settings_that_a_group_shares_are_told_once() -> None:
    def run(name: str, loss: str, temperature: float) -> Run:
        config = {"training": {"loss": loss}, "evaluation": {"temperature": temperature}}
        protocol = with_generation(temperature=temperature)
        return a_run(name, passes(8, 20), config=config, protocol=protocol)

    unknown = a_run("d", passes(8, 20), protocol=with_generation(temperature=0.0))
    runs = [unknown, run("a", "dpo", 0.0), run("b", "ipo", 0.0), run("c", "dpo", 0.5)]
    comparison = compare_runs(runs)
    assert comparison.settings == ["training.loss", "evaluation.temperature"]
    first, second = comparison.groups
    assert (first.settings, second.settings) == (["training.loss"], [])
    assert first.common_settings == {"evaluation.temperature": 0.0}
    assert second.common_settings == {"training.loss": "dpo", "evaluation.temperature": 0.5}


def test_differences_are_judged_by_the_criteria_of_the_first_run() -> None:
    strict = Criteria(confidence=0.99, equivalence_margin=0.01)
    runs = [a_run("a", passes(8, 20)), a_run("b", passes(14, 20), criteria=strict)]
    assert compare_runs(runs).groups[0].comparisons[0].effect.verdict == "improved"
    turned = compare_runs(runs[::-1])
    assert turned.criteria == strict
    assert turned.groups[0].comparisons[0].effect.verdict == "not distinguishable"


def test_runs_with_other_numbers_of_tuned_models_are_compared_by_their_means() -> None:
    one, three = a_run("one", passes(8, 20)), a_run("three", *[passes(8, 20)] * 2, passes(11, 20))
    effect = compare_runs([one, three]).groups[0].comparisons[0].effect
    assert effect.change == pytest.approx(1 / 20)
    assert effect.moved == 3
