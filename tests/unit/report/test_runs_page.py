"""The page of several runs."""

import html
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from execution_builders import PROTOCOL, passes
from failpairs.report.filters import FILTERS
from failpairs.report.finished_runs import folders_by_name, read_run
from failpairs.report.runs_page import render_runs
from failpairs.statistics.effects import Criteria
from failpairs.statistics.run_comparison import RunsComparison, compare_runs
from report_builders import Page
from run_builders import with_generation, write_run

HOSTILE = "<script>alert(1)<script>\"'><img src=x onerror=alert(1)>{{ 7 * 191 }}\u202e"
NAMED = HOSTILE.replace("\u202e", "⟨U+202E⟩")
NUMERAL = re.compile(r"(?<![\w@.])[+−]?(?:\d+(?:\.\d+)?|\.\d+)%?")


def compared(*folders: Path) -> RunsComparison:
    return compare_runs([read_run(path, name) for name, path in folders_by_name(folders).items()])


def page_of(*folders: Path) -> Page:
    return Page(render_runs(compared(*folders)))


def settings(loss: str) -> dict[str, Any]:
    return {"model": {"id": "some/model"}, "training": {"loss": loss, "epochs": 2}}


def two_runs(folder: Path) -> list[Path]:
    base = passes(4, 20)
    return [
        write_run(folder / "dpo", base, passes(8, 20), passes(9, 20), config=settings("dpo")),
        write_run(folder / "ipo", base, passes(15, 20), passes(16, 20), config=settings("ipo")),
    ]


def test_the_results_of_all_runs_are_in_one_table(tmp_path: Path) -> None:
    page = page_of(*two_runs(tmp_path))
    rows = {" ".join(name.split()): row for name, row in page.table_with("pairs").items()}
    assert rows["ipo training.loss ipo"] == {
        "pairs": "2",
        "tuned models": "2",
        "base pass@1": "20.00%",
        "tuned pass@1": "77.50% ± 3.54",
        "change (points)": "+57.50",
        "interval": rows["ipo training.loss ipo"]["interval"],
        "p": "< .001",
        "verdict": "improved",
        "fixed": "12",
        "broken": "0",
    }
    assert "dpo training.loss dpo" in rows
    assert "training.epochs" not in page.text
    assert page.source.count("<svg") == 1


def test_the_difference_of_two_runs_and_its_problems_are_shown(tmp_path: Path) -> None:
    page = page_of(*two_runs(tmp_path))
    table = page.tables[1]
    assert table[2][:2] == ["ipo", "+35.00"]
    assert table[2][5:] == ["improved", "7", "0", "0", "0"]
    assert "7 problems fixed by this run alone, 0 by dpo alone" in page.text
    assert "ipo against dpo, pass@1: improved, +35.00 points" in page.text
    assert "t/14 (2 of 2), t/15 (1 of 2)" in page.text
    assert ("details", {}) in page.tags
    assert "Broken by" not in page.text


def test_runs_of_other_protocols_are_in_sections_of_their_own(tmp_path: Path) -> None:
    warm = with_generation(temperature=0.2)
    other = write_run(tmp_path / "warm", passes(4, 20), passes(5, 20), protocol=warm)
    page = page_of(*two_runs(tmp_path), other)
    first, second = re.findall(r'<section id="protocol-\d".*?</section>', page.source, re.DOTALL)
    assert "this one differs: temperature 0.2 instead of 0.0." in second
    assert "There is no other run of this protocol" in second
    assert "warm" not in first and "ipo" not in second
    assert "3 runs of 2 protocols" in page.text
    assert page.source.count("<svg") == 2


@pytest.mark.parametrize(("count", "is_open"), [(6, True), (7, False)])
def test_settings_that_a_protocol_shares_are_told_once(
    tmp_path: Path, count: int, is_open: bool
) -> None:
    configs = [{f"key{i}": i + place for i in range(count)} for place in (0, 50)]
    protocols = [with_generation(temperature=place) for place in (0.1, 0.2)]
    folders = [
        write_run(tmp_path / f"{i}{j}", passes(4, 20), passes(8, 20), config=c, protocol=p)
        for i, (c, p) in enumerate(zip(configs, protocols, strict=True))
        for j in range(2)
    ]
    page = page_of(*folders)
    assert page.text.count("key5 55") == 1
    assert page.text.count(f"{count} settings of these runs in which runs of other proto") == 2
    assert (("details", {"open": None}) in page.tags) == is_open


def test_a_long_name_is_cut_in_the_figure(tmp_path: Path) -> None:
    page = page_of(write_run(tmp_path / ("a" * 50 + "end"), passes(4, 20), passes(8, 20)))
    assert f"…{'a' * 37}end<" in page.source


def test_one_run_alone_has_no_comparison(tmp_path: Path) -> None:
    page = page_of(two_runs(tmp_path)[0])
    assert "There is no other run of this protocol" in page.text
    assert "there are none in the known configurations" in page.text
    assert (len(page.tables), len(page.table_with("pairs"))) == (1, 1)
    assert "Protocol 1" not in page.text


def test_a_page_says_what_is_not_known(tmp_path: Path) -> None:
    folder = write_run(
        tmp_path, passes(4, 20), passes(8, 20), protocol={}, validator={"sandbox": "none"}
    )
    (folder / "pairs.jsonl").unlink()
    page = page_of(folder)
    assert "How the samples were drawn is not known" in page.text
    assert "Programs were run without a sandbox" in page.text
    assert "settings unknown" in page.text
    row = next(iter(page.table_with("pairs").values()))
    assert row["pairs"] == ""


def test_another_level_of_an_interval_is_named(tmp_path: Path) -> None:
    first, second = two_runs(tmp_path)
    wide = Criteria(confidence=0.9, equivalence_margin=0.02)
    other = write_run(tmp_path / "wide", passes(4, 20), passes(8, 20), criteria=wide)
    intervals = [row["interval"] for row in page_of(first, second, other).table_with("p").values()]
    assert [interval.endswith("(90%)") for interval in intervals] == [False, False, True]


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "protocol": {**PROTOCOL, "model": {"id": HOSTILE}, "engine": {HOSTILE: HOSTILE}},
        "validator": {"sandbox": HOSTILE},
    }
    config = {HOSTILE: {HOSTILE: [HOSTILE]}}
    base, tuned = passes(4, 20), passes(8, 20)
    plain = write_run(tmp_path / "plain", base, tuned, config={})
    folders = [
        write_run(
            tmp_path / f"{i}{HOSTILE}", base, tuned, passes(9 + i, 20), config=config, **changes
        )
        for i in range(2)
    ]
    for folder in folders:
        for path in folder.glob("eval/*.json"):
            text = path.read_text(encoding="utf-8").replace('"t/', f"{json.dumps(HOSTILE)[:-1]}t/")
            path.write_text(text.replace('"test"', json.dumps(HOSTILE)), encoding="utf-8")
    page = page_of(plain, *folders)
    tags = {tag for tag, _ in page.tags}
    assert not {"script", "img"} & tags
    assert page.text.count(NAMED) > 15
    assert f"{NAMED}t/9" in page.text
    assert "1337" not in page.text and "\u202e" not in page.source


def test_a_name_that_is_no_text_is_shown(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "a\udcff\nb", passes(4, 20), passes(8, 20))
    page = page_of(folder)
    assert "⟨U+DCFF⟩" in page.text
    page.source.encode()


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = page_of(*two_runs(tmp_path))
    references = [
        value or ""
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if name in {"src", "href", "xlink:href", "srcset", "action", "data"}
    ]
    assert [value for value in references if not value.startswith("#")] == []
    assert {"id": "protocol-1", "aria-labelledby": "protocol-1-head"} in [a for _, a in page.tags]
    policy = next(a["content"] for _, a in page.tags if "http-equiv" in a)
    assert policy is not None and "default-src 'none'" in policy and "script-src" not in policy


def numbers(value: Any) -> list[float]:
    """The numbers in a JSON value, the lengths of its lists and objects among them."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return [len(value), *(number for one in inside for number in numbers(one))]
    return [value] if isinstance(value, int | float) else []


def texts(value: Any) -> list[str]:
    """The texts in a JSON value, keys among them."""
    if isinstance(value, dict):
        return [*value, *(text for one in value.values() for text in texts(one))]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def test_every_number_printed_is_in_the_file(tmp_path: Path) -> None:
    comparison = compared(*two_runs(tmp_path))
    file = json.loads(json.dumps(comparison.model_dump()))
    page = Page(render_runs(comparison)).source.partition("<main>")[2].partition("<figure>")
    shown = html.unescape(re.sub(r"<[^>]*>", " ", page[0] + page[2].partition("</figure>")[2]))
    for text in sorted(texts(file), key=len, reverse=True):
        shown = shown.replace(text, "")
    forms = [FILTERS[name] for name in "number p_value percent points level size".split()]
    known = {
        numeral
        for number in numbers(file)
        for form in forms
        for numeral in NUMERAL.findall(form(number))
    }
    deviations = {f"{100 * run.tuned_pass_at_1.sd:.2f}" for run in comparison.groups[0].runs}
    assert set(NUMERAL.findall(shown)) - known - deviations == set()


def test_ten_runs_of_200_problems_are_compared_and_give_the_same_bytes(tmp_path: Path) -> None:
    draws = random.Random(0)
    base = passes(80, 200)

    def tuned() -> list[str]:
        return ["PASS" if draws.random() < 0.5 else label for label in base]

    folders = [
        write_run(tmp_path / f"run{i}", base, tuned(), tuned(), tuned(), config=settings(f"l{i}"))
        for i in range(10)
    ]
    once, again = compared(*folders), compared(*folders)
    assert json.dumps(once.model_dump()) == json.dumps(again.model_dump())
    assert render_runs(once) == render_runs(again)
    assert len(once.groups[0].comparisons) == 9
    assert {one.effect.family for one in once.groups[0].comparisons} == {9}
    assert len(render_runs(once).encode()) < 400_000


@pytest.mark.parametrize("count", [6, 7, 8])
def test_of_many_differences_the_first_are_named(tmp_path: Path, count: int) -> None:
    base, tuned = passes(4, 20), passes(8, 20)
    first = write_run(tmp_path / "first", base, tuned)
    more = {f"key{i}": i for i in range(count)}
    second = write_run(tmp_path / "second", base, tuned, protocol=with_generation(**more))
    text = page_of(first, second).text
    assert "key5 5 instead of none" in text
    assert "key6" not in text
    rest = {6: "5 instead of none.", 7: "; and 1 more setting.", 8: "; and 2 more settings."}
    assert rest[count] in text
