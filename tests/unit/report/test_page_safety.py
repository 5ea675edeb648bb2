"""Hostile text stays text, and the page needs nothing from elsewhere."""

import base64
import hashlib
import re
from typing import Any

import pytest
from execution_builders import PROTOCOL, an_evaluation
from failpairs.statistics.evaluation import Evaluation
from report_builders import MIXED, Page, curve, rendered, reported

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            lambda: reported(
                MIXED, protocol={**PROTOCOL, "model": {"id": HOSTILE, "revision": HOSTILE}}
            ),
            id="model",
        ),
        pytest.param(lambda: reported(MIXED, validator={"sandbox": HOSTILE}), id="validator"),
        pytest.param(lambda: reported(MIXED, provenance={HOSTILE: HOSTILE}), id="provenance"),
    ],
)
def test_hostile_text_stays_text(page: Any) -> None:
    assert_no_foreign_markup(page()[0])


def assert_no_foreign_markup(page: Page) -> None:
    tags = [tag for tag, _ in page.tags]
    assert "img" not in tags
    assert tags.count("script") == 1  # the page's own


def hostile_problems(labels: list[str]) -> Evaluation:
    plain = an_evaluation(labels)
    renamed = [
        result.model_copy(update={"task_id": f"{HOSTILE}{result.task_id}"})
        for result in plain.problems
    ]
    return plain.model_copy(update={"problems": renamed})


def test_hostile_names_of_problems_seeds_and_files_are_shown_as_they_are() -> None:
    base, tuned = hostile_problems(["PASS", "TIMEOUT"]), hostile_problems(["TIMEOUT", "PASS"])
    funnel = {
        **{part: {HOSTILE: 1} for part in ("samples", "problems", "pairs")},
        "mix": {HOSTILE: {"failures": 1, "pairs wanted": 1, "pairs": 1}},
        "longer_wins": 0.5,
        "given": {
            "source": HOSTILE,
            "sha256": HOSTILE,
            "left_out": [{"row": 1, "reason": HOSTILE, "detail": HOSTILE}],
        },
    }
    match = {"task_id": HOSTILE, "eval_task_id": HOSTILE, "reason": HOSTILE}
    files = {
        "curation_funnel.json": funnel,
        "problems/decontamination.json": [match],
        **curve(HOSTILE, {"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.4}),
    }
    page, _ = rendered(base, {HOSTILE: tuned}, files, drawn=True)
    assert_no_foreign_markup(page)
    assert page.text.count(HOSTILE) >= 8
    assert f"{HOSTILE}t/0" in page.text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    files = curve("seed0", *({"step": i, "loss": 1.0, "reward_margin": 0.1} for i in range(3)))
    page, _ = reported(MIXED, files, drawn=True)
    assert not {"link", "iframe", "img", "object"} & {tag for tag, _ in page.tags}
    references = [
        value
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if name in {"src", "href", "xlink:href", "srcset", "action", "data"}
    ]
    assert [value for value in references if not (value or "").startswith("#")] == []
    assert re.findall(r"@import|url\((?!['\"]?#)", page.source) == []


def test_the_policy_allows_the_pages_script_and_nothing_from_elsewhere() -> None:
    page, _ = reported(MIXED)
    script = page.source.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(
        attributes["content"] or ""
        for tag, attributes in page.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy
