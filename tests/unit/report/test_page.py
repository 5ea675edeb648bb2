"""What the page has, and in which order."""

import pytest
from execution_builders import a_failure_pair
from report_builders import MIXED, reported

SECTIONS = "answer moved programs pairs training collapse controls certainty provenance".split()


def test_the_sections_stand_in_their_order() -> None:
    page, _ = reported(MIXED)
    assert [attributes["id"] for tag, attributes in page.tags if tag == "section"] == SECTIONS
    links = [attributes.get("href") for tag, attributes in page.tags if tag == "a"]
    assert links[1 : len(SECTIONS) + 1] == [f"#{name}" for name in SECTIONS]


def test_ids_are_unique() -> None:
    curves = {"seed0": [{"step": i, "loss": 1.0, "reward_margin": 0.1} for i in range(3)]}
    parts = {"curves": curves, "pairs": [a_failure_pair("TIMEOUT")]}
    ids = [
        attributes["id"]
        for _, attributes in reported(MIXED, parts=parts)[0].tags
        if "id" in attributes
    ]
    assert sorted(ids) == sorted(set(ids))


def test_the_same_results_give_the_same_page() -> None:
    curves = {"seed0": [{"step": 1, "loss": 1.0}]}
    pages = [reported(MIXED, parts={"curves": curves})[0].source for _ in range(2)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(("sandbox", "warned"), [("none", True), ("namespaces", False)])
def test_a_run_without_a_sandbox_is_warned_of(sandbox: str, warned: bool) -> None:
    page, _ = reported(MIXED, validator={"sandbox": sandbox})
    assert ("without a sandbox" in page.text) is warned


def test_dropped_training_problems_are_listed() -> None:
    match = {"task_id": "mbpp/7", "eval_task_id": "HumanEval/9", "reason": "same reference"}
    page, _ = reported(MIXED, {"decontamination": [match]})
    text = " ".join(page.text.split())
    assert "match an evaluation problem: 1. mbpp/7 (HumanEval/9, same reference)" in text


def test_flags_of_training_and_what_the_seeds_vary_are_shown() -> None:
    curves = {
        "seed0": [{"step": 1, "loss": 0.1, "reward_accuracy": 1.0, "chosen_change": -0.25}],
        "seed1": [{"step": 1, "loss": 0.1, "reward_accuracy": 0.9, "chosen_change": -0.25}],
    }
    page, _ = reported(MIXED, {"seeds_vary": "pairs"}, {"curves": curves})
    assert page.source.count("0.250 nats a token below the reference") == 1
    assert "Each seed has pairs of its own" in page.source
    page, _ = reported(MIXED, parts={"curves": curves})
    assert "All seeds have the same pairs" in page.source


def test_training_problems_that_are_evaluated_are_named() -> None:
    match = {"task_id": "t/7", "eval_task_id": "e/9", "reason": "10 words", "match": "a b"}
    page, _ = reported(MIXED, material={"contamination": [match]})
    assert "match an evaluation problem and were not dropped: 1." in page.text
    assert "t/7 (e/9, 10 words)" in page.text
    assert "were not dropped" not in reported(MIXED)[0].text
