import json
import re
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from execution_builders import PROTOCOL, an_evaluation, passes
from failpairs.errors import InputError
from failpairs.evaluation import Evaluation
from failpairs.report import (
    Material,
    answer,
    number,
    p_text,
    percent,
    render_report,
    require_comparable,
    spread_text,
)
from failpairs.stats import Spread, Statistics, compare

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
NOTHING = Material(funnel=None, curves={}, decontamination=None)
EXPERIMENT = [passes(132, 164), passes(137, 164), passes(138, 164), passes(138, 164)]
MIXED = [
    ["PASS", "PASS", "NAME_ERROR", "ASSERTION_FAIL", "TIMEOUT", "TIMEOUT"],
    ["PASS", "TIMEOUT", "PASS", "ASSERTION_FAIL", "PASS", "TIMEOUT"],
    ["PASS", "PASS", "PASS", "PASS", "STUB", "TIMEOUT"],
]


@dataclass
class Page(HTMLParser):
    """What stands in a page: the elements, the cells of every table, and the text."""

    source: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._cell = False
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell:
            self.tables[-1][-1][-1] += data

    def table_with(self, column: str) -> dict[str, dict[str, str]]:
        """The first table with this column, as rows of cells by the heads of row and column."""
        table = next(table for table in self.tables if column in table[0])
        return {row[0]: dict(zip(table[0][1:], row[1:], strict=True)) for row in table[1:]}


def reported(
    labels: list[list[str]], material: Material = NOTHING, **changes: Any
) -> tuple[Page, Statistics]:
    base = an_evaluation(labels[0], **changes)
    seeds = {f"seed{i}": an_evaluation(row, **changes) for i, row in enumerate(labels[1:])}
    statistics = compare(base, seeds, 999, seed=0)
    return Page(render_report(base, seeds, statistics, material)), statistics


def test_the_headline_has_the_numbers_of_the_published_experiment() -> None:
    headline = reported(EXPERIMENT)[0].table_with("Pass@1")
    assert headline["Base"]["Pass@1"] == "80.49% (132/164)"
    assert headline["DPO, mean ± sd"]["Pass@1"] == "83.94% ± 0.35"
    assert headline["seed0"]["Pass@1"] == "83.54% (137/164)"
    assert headline["seed1"]["fixed"] == "6"
    assert headline["seed1"]["broken"] == "0"
    assert headline["seed1"]["net"] == "+6"
    assert headline["seed1"]["McNemar p"] == ".031"


def test_the_numbers_of_each_seed_are_those_of_the_statistics() -> None:
    page, statistics = reported(MIXED)
    headline = page.table_with("Pass@1")
    assert headline["sign-flip p"]["Pass@1"] == p_text(statistics.p_sign_flip)
    for i, name in enumerate(statistics.seeds):
        found = statistics.discordance[name]
        fixed, broken = len(found.fixed), len(found.broken)
        assert (
            headline[name].items()
            >= {
                "Pass@1": f"{percent(statistics.tuned_pass_at_1.values[i])} "
                f"({number(statistics.tuned_passes.values[i])}/6)",
                "fixed": str(fixed),
                "broken": str(broken),
                "net": f"{fixed - broken:+d}",
                "McNemar p": p_text(found.p_exact),
            }.items()
        )


def test_the_declared_modes_stand_in_the_headline() -> None:
    page, statistics = reported(MIXED)
    headline = page.table_with("Pass@1")
    for mode in (mode for mode in statistics.modes if mode.declared):
        column = {name: cells[mode.label] for name, cells in headline.items()}
        assert column == {
            "Base": number(mode.base),
            "DPO, mean ± sd": spread_text(mode.tuned),
            "seed0": number(mode.tuned.values[0]),
            "seed1": number(mode.tuned.values[1]),
            "sign-flip p": p_text(mode.p_sign_flip),
        }


def test_every_mode_has_the_numbers_of_the_statistics() -> None:
    page, statistics = reported(MIXED)
    table = page.table_with("base")
    assert list(table) == [mode.label for mode in statistics.modes]
    for mode in statistics.modes:
        assert (
            table[mode.label].items()
            >= {
                "base": number(mode.base),
                "DPO, mean ± sd": spread_text(mode.tuned),
                "seed0": number(mode.tuned.values[0]),
                "seed1": number(mode.tuned.values[1]),
                "sign-flip p": p_text(mode.p_sign_flip),
            }.items()
        )


def test_the_transition_table_is_that_of_the_statistics() -> None:
    page, statistics = reported(MIXED)
    assert page.table_with("PASS") == {
        label: {
            after: number(value) if value else ""
            for after, value in zip(statistics.labels, row, strict=True)
        }
        for label, row in zip(statistics.labels, statistics.mean_transitions, strict=True)
    }


def test_fixed_and_broken_problems_are_named() -> None:
    page, _ = reported(MIXED)
    text = " ".join(page.text.split())
    assert "seed0 fixed: t/2 t/4 · broken: t/1" in text
    assert "seed1 fixed: t/2 t/3 · broken: none" in text


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
        pytest.param(lambda: reported(MIXED, versions={HOSTILE: HOSTILE}), id="versions"),
    ],
)
def test_hostile_text_stays_text(page: Any) -> None:
    assert not {"script", "img"} & {tag for tag, _ in page()[0].tags}


def hostile_problems(labels: list[str]) -> Evaluation:
    plain = an_evaluation(labels)
    renamed = [
        result.model_copy(update={"task_id": f"{HOSTILE}{result.task_id}"})
        for result in plain.problems
    ]
    return plain.model_copy(update={"problems": renamed})


def test_hostile_names_of_problems_seeds_and_files_are_shown_as_they_are() -> None:
    base, tuned = hostile_problems(["PASS", "TIMEOUT"]), hostile_problems(["TIMEOUT", "PASS"])
    material = Material(
        funnel={
            **{part: {HOSTILE: 1} for part in ("samples", "problems", "pairs")},
            "mix": {HOSTILE: {"failures": 1, "pairs wanted": 1, "pairs": 1}},
            "longer_wins": 0.5,
        },
        curves={HOSTILE: [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.4}]},
        decontamination=[{"task_id": HOSTILE, "eval_task_id": HOSTILE, "reason": HOSTILE}],
    )
    seeds = {HOSTILE: tuned}
    page = Page(render_report(base, seeds, compare(base, seeds, 999, seed=0), material))
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert page.text.count(HOSTILE) >= 8
    assert f"{HOSTILE}t/0" in page.text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    curves = {"seed0": [{"step": i, "loss": 1.0, "reward_margin": 0.1} for i in range(3)]}
    page, _ = reported(MIXED, Material(None, curves, None))
    assert not {"script", "link", "iframe", "img", "object"} & {tag for tag, _ in page.tags}
    references = [
        value
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if name in {"src", "href", "xlink:href", "srcset", "action", "data"}
    ]
    assert [value for value in references if not (value or "").startswith("#")] == []
    assert re.findall(r"@import|url\((?!['\"]?#)", page.source) == []


def test_the_same_results_give_the_same_page() -> None:
    curves = {"seed0": [{"step": 1, "loss": 1.0}]}
    pages = [reported(MIXED, Material(None, curves, None))[0].source for _ in range(2)]
    assert pages[0] == pages[1]


def test_the_statistics_can_be_written_as_strict_json() -> None:
    _, statistics = reported(MIXED[:2])
    assert json.loads(json.dumps(asdict(statistics), allow_nan=False))["n_problems"] == 6


@pytest.mark.parametrize(("sandbox", "warned"), [("none", True), ("namespaces", False)])
def test_a_run_without_a_sandbox_is_warned_of(sandbox: str, warned: bool) -> None:
    page, _ = reported(MIXED, validator={"sandbox": sandbox})
    assert ("without a sandbox" in page.text) is warned


def test_dropped_training_problems_are_listed() -> None:
    match = {"task_id": "mbpp/7", "eval_task_id": "HumanEval/9", "reason": "same reference"}
    page, _ = reported(MIXED, Material(None, {}, [match]))
    text = " ".join(page.text.split())
    assert "match an evaluation problem: 1. mbpp/7 (HumanEval/9, same reference)" in text


def changed(path: str, value: object) -> Evaluation:
    """An evaluation in which one setting of the protocol has another value."""
    protocol = json.loads(json.dumps(PROTOCOL))
    *parents, last = path.split(".")
    place = protocol
    for parent in parents:
        place = place[parent]
    place[last] = value
    return an_evaluation(["PASS"], protocol=protocol)


@pytest.mark.parametrize(
    ("setting", "value", "before"),
    [
        ("generation.temperature", 0.2, "0.0"),
        ("generation.n_samples", 5, "1"),
        ("generation.repetition_penalty", 1.1, "None"),
        ("prompts_sha256", "1" * 64, repr("0" * 64)),
        ("prompt_format", "completion", "'chat'"),
        ("model.revision", "2", "'1'"),
        ("engine.version", "6", "'5'"),
    ],
)
def test_evaluations_of_different_protocols_are_refused(
    setting: str, value: object, before: str
) -> None:
    with pytest.raises(InputError) as caught:
        require_comparable(an_evaluation(["PASS"]), {"seed3": changed(setting, value)})
    assert str(caught.value) == (
        "base and seed3 cannot be compared: "
        f"{setting} is {before} in one and {value!r} in the other"
    )


def test_evaluations_judged_differently_are_refused() -> None:
    other = an_evaluation(["PASS"], validator={"code": "abc", "sandbox": "process", "timeout": 3.0})
    with pytest.raises(InputError, match=r"validator\.timeout is 10\.0 in one and 3\.0"):
        require_comparable(an_evaluation(["PASS"]), {"seed0": other})


def test_the_adapter_may_differ() -> None:
    require_comparable(an_evaluation(["PASS"]), {"seed0": changed("adapter_sha256", "1" * 64)})


@pytest.mark.parametrize(
    ("labels", "verdict"),
    [
        ([["TIMEOUT"] * 6, ["PASS"] * 6], "improved"),
        ([["PASS"] * 6, ["TIMEOUT"] * 6], "worsened"),
        ([["TIMEOUT"] * 5, ["PASS"] * 5], "not distinguishable from noise"),
        ([["PASS"] * 6, ["PASS"] * 6], "not distinguishable from noise"),
    ],
)
def test_the_answer_claims_no_more_than_the_test_does(
    labels: list[list[str]], verdict: str
) -> None:
    assert answer(reported(labels)[1]).startswith(f"Pass@1: {verdict}.")


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.03125, ".031"), (1.0, "1.000"), (0.0009, "< .001"), (0.001, ".001"), (0.25, ".250")],
)
def test_p_values_have_three_decimals(p: float, text: str) -> None:
    assert p_text(p) == text


def test_a_single_seed_has_no_standard_deviation() -> None:
    assert spread_text(Spread(3.0, None, [3.0])) == "3.00"
    assert spread_text(Spread(0.75, None, [0.75]), as_percent=True) == "75.00%"
    assert number(3.0) == "3"
    assert number(11 / 3) == "3.67"


def test_flags_of_training_and_what_the_seeds_vary_are_shown() -> None:
    curves = {
        "seed0": [{"step": 1, "loss": 0.1, "reward_accuracy": 1.0, "chosen_change": -0.25}],
        "seed1": [{"step": 1, "loss": 0.1, "reward_accuracy": 0.9, "chosen_change": -0.25}],
    }
    page, _ = reported(MIXED, Material(None, curves, None, seeds_vary="pairs"))
    assert page.source.count("0.250 nats a token below the reference") == 1
    assert "Each seed has pairs of its own" in page.source
    assert (
        "All seeds have the same pairs" in reported(MIXED, Material(None, curves, None))[0].source
    )
