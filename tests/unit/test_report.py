import base64
import csv
import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from builders import write_lines
from execution_builders import PROTOCOL, a_failure_pair, a_sample, a_verdict, an_evaluation, passes
from failpairs.cases import cases
from failpairs.comparison import Statistics, compare
from failpairs.errors import InputError
from failpairs.evaluation import Evaluation
from failpairs.figures import all_figures
from failpairs.files import write_json
from failpairs.movements import movements
from failpairs.records import Problem
from failpairs.report import Material, render_report, require_comparable
from failpairs.stats import Spread
from failpairs.verdicts import Criteria
from failpairs.wording import number, p_text, percent, points, spread_text

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
CRITERIA = Criteria(confidence=0.95, equivalence_margin=0.02)
SECTIONS = "answer moved programs pairs training collapse controls certainty provenance".split()
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


def rendered(
    base: Evaluation, seeds: dict[str, Evaluation], material: dict[str, Any], **parts: Any
) -> tuple[Page, Statistics]:
    """The page; `material` is what it shows besides the statistics, `parts` what these are of.
    With curves it has figures, which take time to draw."""
    curves = parts.get("curves", {})
    statistics = compare(base, seeds, CRITERIA, 999, seed=0, **parts)
    figures = all_figures(base, seeds, statistics, parts.get("pairs", ()), curves) if curves else {}
    shown = Material(figures=figures, curves=curves, **material)
    return Page(render_report(base, seeds, statistics, shown)), statistics


def reported(
    labels: list[list[str]],
    material: dict[str, Any] | None = None,
    parts: dict[str, Any] | None = None,
    **changes: Any,
) -> tuple[Page, Statistics]:
    base = an_evaluation(labels[0], **changes)
    seeds = {f"seed{i}": an_evaluation(row, **changes) for i, row in enumerate(labels[1:])}
    arms = {"shuffled": {"seed0": an_evaluation(labels[0], **changes)}}
    return rendered(base, seeds, material or {}, arms=arms, **(parts or {}))


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
    assert headline["sign-flip p"]["Pass@1"] == p_text(statistics.effect.p)
    for i, name in enumerate(statistics.seeds):
        found = statistics.seed_tests[name]
        fixed, broken = len(found.fixed), len(found.broken)
        assert (
            headline[name].items()
            >= {
                "Pass@1": f"{percent(statistics.tuned_pass_at_1.values[i])} "
                f"({number(statistics.tuned_passes.values[i])}/6)",
                "fixed": str(fixed),
                "broken": str(broken),
                "net": f"{fixed - broken:+d}".replace("+0", "0").replace("-", "−"),
                "McNemar p": p_text(found.p_exact),
            }.items()
        )


def test_the_declared_modes_stand_in_the_headline() -> None:
    page, statistics = reported(MIXED)
    headline = page.table_with("Pass@1")
    for mode in (mode for mode in statistics.modes if mode.role == "declared"):
        column = {name: cells[mode.metric] for name, cells in headline.items()}
        assert column == {
            "Base": number(mode.before),
            "DPO, mean ± sd": spread_text(mode.after),
            "seed0": number(mode.after.values[0]),
            "seed1": number(mode.after.values[1]),
            "sign-flip p": p_text(mode.p),
        }


def test_every_mode_has_the_numbers_of_the_statistics() -> None:
    page, statistics = reported(MIXED)
    table = page.table_with("base")
    assert list(table) == [mode.metric for mode in statistics.modes]
    for mode in statistics.modes:
        assert (
            table[mode.metric].items()
            >= {
                "base": number(mode.before),
                "DPO, mean ± sd": spread_text(mode.after),
                "change (points)": points(mode.change),
                "interval": f"{points(mode.low)} to {points(mode.high)}",
                "p": p_text(mode.p),
                "corrected p": p_text(mode.p_corrected),
                "verdict": mode.verdict,
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
    }
    curves = {HOSTILE: [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.4}]}
    match = {"task_id": HOSTILE, "eval_task_id": HOSTILE, "reason": HOSTILE}
    page, _ = rendered(
        base, {HOSTILE: tuned}, {"decontamination": [match]}, funnel=funnel, curves=curves
    )
    assert_no_foreign_markup(page)
    assert page.text.count(HOSTILE) >= 8
    assert f"{HOSTILE}t/0" in page.text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    curves = {"seed0": [{"step": i, "loss": 1.0, "reward_margin": 0.1} for i in range(3)]}
    page, _ = reported(MIXED, parts={"curves": curves})
    assert not {"link", "iframe", "img", "object"} & {tag for tag, _ in page.tags}
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
    pages = [reported(MIXED, parts={"curves": curves})[0].source for _ in range(2)]
    assert pages[0] == pages[1]


def test_every_comparison_of_every_arm_is_shown() -> None:
    page, statistics = reported(MIXED)
    table = next(table for table in page.tables if table[0][0] == "arm")
    arm = statistics.arms[0]
    expected = [
        [
            "shuffled",
            other,
            "pass@1" if effect.metric == "PASS" else effect.metric,
            points(effect.change),
            f"{points(effect.low)} to {points(effect.high)}",
            p_text(effect.p),
            p_text(effect.p_corrected),
            effect.verdict,
        ]
        for other, effects in (("base", arm.against_base), ("curated", arm.against_curated))
        for effect in effects
    ]
    assert table[1:] == expected


def test_the_sentences_of_the_declared_modes_stand_at_the_top() -> None:
    page, statistics = reported(MIXED)
    for mode in statistics.modes:
        assert (mode.sentence in page.text) == (mode.role == "declared")


@pytest.mark.parametrize(("sandbox", "warned"), [("none", True), ("namespaces", False)])
def test_a_run_without_a_sandbox_is_warned_of(sandbox: str, warned: bool) -> None:
    page, _ = reported(MIXED, validator={"sandbox": sandbox})
    assert ("without a sandbox" in page.text) is warned


def test_dropped_training_problems_are_listed() -> None:
    match = {"task_id": "mbpp/7", "eval_task_id": "HumanEval/9", "reason": "same reference"}
    page, _ = reported(MIXED, {"decontamination": [match]})
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


def test_the_answer_is_the_verdict_and_the_counts() -> None:
    page, statistics = reported(EXPERIMENT)
    assert (
        f"{statistics.effect.sentence} The base model solves 132 of 164 problems (80.49%), "
        "the 3 tuned models solve on average 137.67 (83.94%)."
    ) in page.text
    assert "the tuned model solves 3 (" in reported(MIXED[:2])[0].text


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


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.03125, ".031"), (1.0, "1.000"), (0.0009, "< .001"), (0.001, ".001"), (0.25, ".250")],
)
def test_p_values_have_three_decimals(p: float, text: str) -> None:
    assert p_text(p) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.0346, "+3.46"), (-0.011, "−1.10"), (0, "0.00"), (-1e-6, "0.00")]
)
def test_a_difference_has_a_sign(share: float, text: str) -> None:
    assert points(share) == text


def test_a_single_seed_has_no_standard_deviation() -> None:
    assert spread_text(Spread(mean=3.0, sd=None, values=[3.0])) == "3.00"
    assert spread_text(Spread(mean=0.75, sd=None, values=[0.75]), as_percent=True) == "75.00%"
    assert number(3.0) == "3"
    assert number(11 / 3) == "3.67"


def run_program(folder: Path, **changed: Any) -> subprocess.CompletedProcess[str]:
    """The program on one base model, one seed, one arm and one pair; `changed` is of the arm."""
    evaluations = {
        "eval/base.json": an_evaluation(["TIMEOUT", "PASS"]),
        "eval/seed0.json": an_evaluation(["PASS", "PASS"]),
        "arms/sft/eval/seed0.json": an_evaluation(["STUB", "TIMEOUT"], **changed),
    }
    for name, evaluation in evaluations.items():
        write_json(folder / name, evaluation.model_dump())
    write_lines(folder / "pairs.jsonl", a_failure_pair("TIMEOUT").model_dump())
    options = "--base eval/base.json --eval eval/seed0.json --arm-eval arms/sft/eval/seed0.json "
    options += "--pairs pairs.jsonl --output r.html --stats stats.json --failures failures.csv"
    script = Path(__file__).parents[2] / "scripts" / "report.py"
    command = [sys.executable, str(script), *options.split()]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_program_names_seeds_and_arms_by_their_files(tmp_path: Path) -> None:
    done = run_program(tmp_path)
    assert done.returncode == 0, done.stderr
    stats = json.loads((tmp_path / "stats.json").read_text(encoding="utf-8"))
    assert (stats["seeds"], [arm["name"] for arm in stats["arms"]]) == (["seed0"], ["sft"])
    assert {dose["label"]: dose["rows"] for dose in stats["doses"]}["TIMEOUT"] == [0]
    with (tmp_path / "failures.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["arm"], row["model"], row["transition"]) for row in csv.DictReader(file)]
    assert rows == [
        ("", "base", "same"),
        ("", "base", "same"),
        ("curated", "seed0", "fixed"),
        ("curated", "seed0", "same"),
        ("sft", "seed0", "fails otherwise"),
        ("sft", "seed0", "broken"),
    ]


def test_an_arm_of_another_protocol_is_refused(tmp_path: Path) -> None:
    done = run_program(tmp_path, protocol={**PROTOCOL, "prompt_format": "completion"})
    assert done.returncode == 2
    assert "base and sft seed0 cannot be compared: prompt_format is 'chat' in one" in done.stderr
    assert not (tmp_path / "stats.json").exists()


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


@pytest.mark.parametrize(("n_problems", "n_seeds", "megabytes"), [(164, 3, 5), (1000, 10, 25)])
def test_the_page_stays_small(n_problems: int, n_seeds: int, megabytes: int) -> None:
    labels = [["PASS", "NAME_ERROR"][i % 8 == 0] for i in range(n_problems)]
    base = an_evaluation(labels)
    seeds = {f"seed{i}": an_evaluation(["PASS"] * n_problems) for i in range(n_seeds)}
    program = "def f(x):\n" + "    y = x + 1  # one more\n" * 24
    problems, programs = {}, {}
    for name, one in {"base": base, **seeds}.items():
        programs[name] = {
            result.task_id: (
                a_sample(f"{program}    return {name!r}\n"),
                a_verdict(result.labels[0]),
            )
            for result in one.problems
        }
    for task_id in programs["base"]:
        problems[task_id] = Problem(
            task_id=task_id,
            prompt="def f(x):\n",
            entry_point="f",
            test="def check(candidate): ...\n",
            reference="",
            source="test",
            license="",
        )
    statistics = compare(base, seeds, CRITERIA, 99, seed=0)
    shown = cases(movements(base, seeds), problems, programs)
    page = render_report(base, seeds, statistics, Material(figures={}, cases=shown))
    assert page.count("<article") == -(-n_problems // 8)
    assert len(page.encode()) < megabytes * 1e6
