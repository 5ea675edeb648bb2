import json
import re
from typing import Any

import pytest
from execution_builders import a_failure_pair, an_evaluation
from failpairs.report.citations import FORMS, Citations, pointer
from failpairs.report.page import ReportInputs, render_report
from failpairs.statistics.comparison import compare
from failpairs.statistics.effects import Criteria

CITED = re.compile(r'<span data-stat="([^"]*)" data-form="([^"]*)">([^<]*)</span>')
BASE = ["PASS", "PASS", "NAME_ERROR", "ASSERTION_FAIL", "TIMEOUT", "EMPTY"]
SEEDS = {
    "seed0": ["PASS", "TIMEOUT", "PASS", "ASSERTION_FAIL", "PASS", "TIMEOUT"],
    "seed1": ["PASS", "PASS", "PASS", "PASS", "STUB", "EMPTY"],
}


def at(value: Any, place: str) -> Any:
    """What a JSON pointer points at."""
    for key in place.split("/")[1:]:
        key = key.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def test_every_number_on_the_page_is_that_of_the_file() -> None:
    base = an_evaluation(BASE)
    seeds = {name: an_evaluation(labels) for name, labels in SEEDS.items()}
    row = {"step": 3, "loss": 0.5, "reward_margin": 0.1, "reward_accuracy": 0.9}
    statistics = compare(
        base,
        seeds,
        Criteria(confidence=0.95, equivalence_margin=0.02),
        99,
        seed=0,
        arms={"sft": seeds},
        pairs=[a_failure_pair("TIMEOUT")],
        funnel={
            **{part: {"all": 7, "label A/B": 2} for part in ("samples", "problems", "pairs")},
            "mix": {"TIMEOUT": {"failures": 3, "pairs wanted": 2, "pairs": 1}},
            "longer_wins": 0.5,
        },
        curves={"seed0": [{**row, "chosen_change": -0.1}]},
    )
    file = json.loads(json.dumps(statistics.model_dump()))
    page = render_report(base, seeds, statistics, ReportInputs(figures={}))
    cited = CITED.findall(page)
    wrong = [
        (place, text)
        for place, form, text in cited
        if FORMS[form](at(file, place)) != text.replace("&lt;", "<")
    ]
    assert wrong == []
    assert len(cited) > 150
    assert page.count("data-stat=") == len(cited)
    parts = {place.split("/")[1] for place, _, _ in cited}
    numbers = set(file) - {"labels", "transitions", "movements", "sources", "pass_at_k"}
    assert parts == numbers
    # No number stands in a cell of a table that is not cited, but for the provenance.
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page.partition('<section id="provenance"')[0])
    bare = [
        cell for cell in cells if re.search(r"\d", CITED.sub("", re.sub(r"seed\d|@1", "", cell)))
    ]
    assert [cell for cell in bare if "80% power" not in cell] == []


def test_a_value_names_its_place() -> None:
    cite = Citations({"a/b": [{"c": 0.5}]})
    assert str(cite("a/b", 0, "c", form="percent")) == (
        '<span data-stat="/a~1b/0/c" data-form="percent">50.00%</span>'
    )
    assert pointer(("~", "/")) == "/~0/~1"


def test_texts_are_escaped() -> None:
    cite = Citations({"<i>": "<script>"})
    assert "<script>" not in str(cite("<i>", form="text"))
    assert 'data-stat="/&lt;i&gt;"' in str(cite("<i>", form="text"))


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        ("net", {"fixed": ["a"], "broken": ["b"]}, "0"),
        ("net", {"fixed": [], "broken": ["b"]}, "−1"),
        ("net", {"fixed": ["b"] * 10, "broken": []}, "+10"),
        ("share", None, "unknown"),
        ("decimal", -0.0564, "−0.056"),
        ("level", 0.95, "95%"),
        ("size", 0.02, "2.00"),
        ("p", None, "not defined"),
    ],
)
def test_forms(form: str, value: Any, text: str) -> None:
    assert FORMS[form](value) == text
