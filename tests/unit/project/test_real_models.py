"""The numbers of docs/real-models.md are those of the statistics beside it."""

import json
import re
from typing import Any

import pytest
from places import ROOT
from told import change_told, points

PAGE = (ROOT / "docs/real-models.md").read_text(encoding="utf-8")
FILES = {
    "zephyr-7b-alpha": "zephyr",
    "llama3_base_dpo": "llama3-base-dpo",
    "llama3_instruct_dpo": "llama3-instruct-dpo",
    "mistral2_instruct_dpo": "mistral2-instruct-dpo",
}
ROWS = re.findall(r"^\| \S+ → (\S+) \| (.+) \|$", PAGE, re.MULTILINE)


def statistics(name: str) -> Any:
    path = ROOT / f"docs/real-models/{FILES[name]}.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "cells"), ROWS[1:], ids=[name for name, _ in ROWS[1:]])
def test_each_row_of_the_table_has_the_numbers_of_its_file(name: str, cells: str) -> None:
    found = statistics(name)
    effect, (test,) = found["effect"], found["seed_tests"].values()
    assert cells.split(" | ") == [
        str(found["n_problems"]),
        f"{found['base_pass_at_1']:.1%} → {found['tuned_pass_at_1']['mean']:.1%}",
        change_told(effect),
        f"{len(test['fixed'])}, {len(test['broken'])}",
    ]


def test_there_is_a_row_for_each_file() -> None:
    assert {name for name, _ in ROWS[1:]} == {*FILES}
    stems = {path.stem for path in (ROOT / "docs/real-models").glob("*.json")}
    assert stems == {*FILES.values()}


def test_the_modes_that_are_named_have_the_numbers_of_the_file() -> None:
    modes = {mode["metric"]: mode for mode in statistics("zephyr-7b-alpha")["modes"]}
    text = " ".join(PAGE.split())
    for name in ("SYNTAX_ERROR", "ASSERTION_FAIL"):
        mode = modes[name]
        before, after = mode["before"], mode["after"]["mean"]
        change, low, high = (points(mode[key]) for key in ("change", "low", "high"))
        low = low.removeprefix("+")
        assert f"{before:.1f}" in text
        assert f"{after:.1f}" in text
        assert f"({change} points, {low} to {high.removeprefix('+')}, corrected p < .001)" in text
        assert mode["p_corrected"] < 0.001
