"""What the page has, and in which order."""

import pytest
from builders import a_problem
from execution_builders import a_failure_pair, an_evaluation
from failpairs.report.page import TEMPLATES
from failpairs.report.sections import SECTIONS
from report_builders import (
    MIXED,
    Page,
    crossed,
    curve,
    page_of_run,
    page_with_everything,
    rendered,
    reported,
    with_base_tests,
)


def sections_of(page: Page) -> list[str | None]:
    return [attributes["id"] for tag, attributes in page.tags if tag == "section"]


def test_the_sections_stand_in_their_order_and_the_navigation_names_them() -> None:
    page = Page(page_with_everything("print(1)"))
    assert sections_of(page) == [section.name for section in SECTIONS]
    links = [attributes.get("href") for tag, attributes in page.tags if tag == "a"]
    assert links[1 : len(SECTIONS) + 1] == [f"#{section.name}" for section in SECTIONS]
    for section in SECTIONS:
        assert f'<h2 id="{section.name}-head">{section.title}</h2>' in page.source


def test_a_section_without_data_is_left_out_of_page_and_navigation() -> None:
    page, _ = reported(MIXED)
    assert {"pairs", "training"}.isdisjoint(sections_of(page))
    assert 'href="#training"' not in page.source


def test_verdicts_on_the_base_tests_stand_beside_those_on_all_tests() -> None:
    base = with_base_tests(an_evaluation(["PASS", "ASSERTION_FAIL", "ASSERTION_FAIL", "TIMEOUT"]))
    tuned = with_base_tests(an_evaluation(["PASS", "PASS", "ASSERTION_FAIL", "TIMEOUT"]))
    page, _ = rendered(base, {"seed0": tuned})
    table = page.table_with("samples")
    assert table["pass@1"] == {"base": "75.0% → 25.0%", "seed0": "75.0% → 50.0%"}
    assert table["ASSERTION_FAIL"] == {"base": "0 → 2", "seed0": "0 → 1"}
    assert table["PASS"] == {"base": "3 → 1", "seed0": "3 → 2"}
    assert table["fragile: fails on additional tests alone"] == {"base": "2", "seed0": "1"}
    assert "base_tests" not in sections_of(reported(MIXED)[0])


def test_results_stand_by_month_of_release_where_every_problem_has_a_date() -> None:
    base, tuned = an_evaluation(["PASS", "PASS", "STUB"]), an_evaluation(["PASS", "STUB", "PASS"])
    days = ["2024-05-31", "2024-05-01", "2024-11-02"]
    rows = [
        a_problem(one.task_id, released=day).model_dump()
        for one, day in zip(base.problems, days, strict=True)
    ]
    page, _ = rendered(base, {"seed0": tuned}, {"problems/eval.jsonl": rows})
    assert page.table_with("released in") == {
        "2024-05": {"problems": "2", "base": "100.0%", "seed0": "50.0%"},
        "2024-11": {"problems": "1", "base": "0.0%", "seed0": "100.0%"},
    }
    page, _ = rendered(base, {"seed0": tuned}, {"problems/eval.jsonl": rows[:2]})
    assert "by_date" not in sections_of(page)


def test_every_template_of_a_section_is_used() -> None:
    templates = {f"sections/{path.name}" for path in (TEMPLATES / "sections").iterdir()}
    assert templates == {section.template for section in SECTIONS}


def test_ids_are_unique() -> None:
    page = Page(page_with_everything("print(1)"))
    ids = [attributes["id"] or "" for _, attributes in page.tags if "id" in attributes]
    assert sorted(ids) == sorted(set(ids))


def test_the_same_results_give_the_same_page() -> None:
    files = curve("seed0", {"step": 1, "loss": 1.0})
    pages = [reported(MIXED, files, drawn=True)[0].source for _ in range(2)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(("sandbox", "warned"), [("none", True), ("namespaces", False)])
def test_a_run_without_a_sandbox_is_warned_of(sandbox: str, warned: bool) -> None:
    page, _ = reported(MIXED, validator={"sandbox": sandbox})
    assert ("without a sandbox" in page.text) is warned


def test_dropped_training_problems_are_listed() -> None:
    match = {"task_id": "mbpp/7", "eval_task_id": "HumanEval/9", "reason": "same reference"}
    page, _ = reported(MIXED, {"problems/decontamination.json": [match]})
    text = " ".join(page.text.split())
    assert "match an evaluation problem: 1. mbpp/7 (HumanEval/9, same reference)" in text


def test_flags_of_training_and_what_the_seeds_vary_are_shown() -> None:
    row = {"step": 1, "loss": 0.1, "reward_accuracy": 1.0, "chosen_change": -0.25}
    files = {**curve("seed0", row), **curve("seed1", {**row, "reward_accuracy": 0.9})}
    page, _ = reported(MIXED, files, {"seeds_vary": "pairs"})
    assert page.source.count("0.250 nats per token below the reference") == 1
    assert "Each seed has pairs of its own" in page.source
    page, _ = reported(MIXED, files)
    assert "All seeds share the same pairs" in page.source


@pytest.mark.parametrize("is_held_out", [True, False])
def test_without_warnings_the_page_speaks_of_held_out_pairs_only_where_there_are_some(
    is_held_out: bool,
) -> None:
    row = {"step": 1, "loss": 0.1, "reward_accuracy": 0.5, "chosen_change": 0.0}
    row |= {"held_out_reward_margin": 0.5} if is_held_out else {}
    page, _ = reported(MIXED, {**curve("seed0", row), **curve("seed1", row)})
    assert ("none has a held-out margin within its noise" in page.text) is is_held_out
    assert ("No pairs were held out" in page.text) is not is_held_out


@pytest.mark.parametrize(
    ("vary", "is_said"), [("training", False), ("pairs", True), ("both", True)]
)
def test_pairs_that_no_seed_was_trained_on_are_said_to_be_such(vary: str, is_said: bool) -> None:
    base = an_evaluation(["PASS"])
    seeds = {"seed0": base, "seed1": base}
    files = {
        "pairs.jsonl": [a_failure_pair("STUB").model_dump()],
        **crossed({"seed0": {"seed1": base}, "seed1": {"seed0": base}}),
    }
    page, _ = rendered(base, seeds, files, seeds_vary=vary)
    assert ("Each seed was trained on pairs of its own, in" in page.text) is is_said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0), "from the programs that they judge. "),
        ((1, 0), "they judge, but for 1 sample of the base model and the tuned models together"),
        ((2, 5), "they judge, but for 7 samples of the base model and the tuned models together"),
    ],
)
def test_samples_that_were_tested_in_their_own_process_are_counted(
    counts: tuple[int, int], said: str
) -> None:
    base, tuned = (an_evaluation(["PASS"], unverified=count) for count in counts)
    page, _ = rendered(base, {"seed0": tuned})
    assert said in " ".join(page.text.split())


def test_links_lead_to_something_on_the_page() -> None:
    for page in (reported(MIXED)[0], Page(page_with_everything("print(1)"))):
        ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
        links = {attributes.get("href") or "" for tag, attributes in page.tags if tag == "a"}
        assert {link[1:] for link in links if link.startswith("#")} <= ids


def test_training_problems_that_are_evaluated_are_named() -> None:
    train, evaluation = (a_problem(task_id).model_dump() for task_id in ("t/7", "e/9"))
    files = {"problems/train.jsonl": [train], "problems/eval.jsonl": [evaluation]}
    page, _ = reported(MIXED, files)
    assert "match an evaluation problem and were not dropped: 1." in page.text
    assert "t/7 (e/9, reference)" in page.text
    del files["problems/eval.jsonl"]
    assert "were not dropped" not in reported(MIXED, files)[0].text


def test_the_candidates_for_the_recipe_are_shown() -> None:
    page = page_with_everything("print(1)")
    assert "The better one is chosen." in page
    row = page.partition("<td>0.0003</td>")[2].partition("</tr>")[0]
    assert "+12.50 ± 6.25" in row
    assert "chosen" in row


def test_a_second_evaluation_of_the_base_model_is_shown() -> None:
    base = an_evaluation(["PASS", "PASS", "TIMEOUT"])
    again = an_evaluation(["PASS", "NAME_ERROR", "CRASH"])
    page, _ = page_of_run(base, {"seed0": base}, again=again)
    assert "2 of 3 problems ended in\nanother way, 1 of them by passing" in page
    assert "evaluated a second time" not in page_of_run(base, {"seed0": base})[0]
