"""The numbers of docs/arms.md are those of the statistics beside it."""

import json
import re
from typing import Any

import pytest
from places import ROOT
from told import change_told

PAGE = (ROOT / "docs/arms.md").read_text(encoding="utf-8")
STATISTICS: Any = json.loads((ROOT / "docs/arms/stats.json").read_text(encoding="utf-8"))
ARMS = {arm["name"]: arm for arm in STATISTICS["arms"]}
ROWS = dict(re.findall(r"^\| (\w+) \| (\d.*) \|$", PAGE, re.MULTILINE))


def test_there_is_a_row_for_each_arm() -> None:
    assert [*ROWS] == ["curated", *ARMS]
    assert f"solves {STATISTICS['base_passes']:g} of {STATISTICS['n_problems']} problems" in PAGE


@pytest.mark.parametrize("name", ARMS)
def test_each_row_has_the_numbers_of_the_file(name: str) -> None:
    base, curated = ARMS[name]["against_base"][0], ARMS[name]["against_curated"][0]
    passes = ", ".join(f"{value:.0f}" for value in base["after"]["values"])
    assert ROWS[name].split(" | ") == [passes, change_told(base), change_told(curated)]


def test_the_curated_pairs_have_the_numbers_of_the_file() -> None:
    passes = ", ".join(f"{value:.0f}" for value in STATISTICS["tuned_passes"]["values"])
    assert ROWS["curated"] == f"{passes} | {change_told(STATISTICS['effect'])} |"


def test_what_is_said_of_all_tests_is_so() -> None:
    effects = [
        effect
        for arm in ARMS.values()
        for effect in (*arm["against_base"], *arm["against_curated"])
    ]
    assert len(effects) == 36
    assert {effect["family"] for effect in effects} == {36}
    least = min(effects, key=lambda effect: effect["p_corrected"])
    assert least["subject"] == "kto against curated, pass@1"
    assert f"{least['p_corrected']:.3f}" == "0.053"
    assert {effect["verdict"] for effect in effects} == {"not distinguishable"}
    ipo = ARMS["ipo"]
    found = [ipo[f"against_{name}"][0]["minimum_detectable"] for name in ("curated", "base")]
    assert [f"{100 * points:.1f}" for points in found] == ["3.1", "8.6"]
    both = [ARMS["kto"]["against_curated"][0]["p"], ARMS["sft"]["against_base"][0]["p"]]
    assert both[0] < 0.025
    assert both[1] < 0.05
