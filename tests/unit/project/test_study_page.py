"""The numbers of docs/study.md are those of what they come from."""

import re

import pytest
import yaml
from failpairs.statistics.plan import population, power_of_study
from places import ROOT

PAGE = (ROOT / "docs/study.md").read_text(encoding="utf-8")
CONFIG = yaml.safe_load((ROOT / "config/study.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("row", "alpha"), [("power, primary question", 0.05), ("at 1%, the strictest level of", 0.01)]
)
def test_the_power_is_that_of_the_program(row: str, alpha: float) -> None:
    [command] = re.findall(r"plan.py --base (\S+) --concentration (\S+) --problems (\d+)", PAGE)
    base, concentration, n_problems = float(command[0]), float(command[1]), int(command[2])
    size = n_problems, CONFIG["evaluation"]["n_samples"], len(CONFIG["seeds"]["values"])
    [effects] = re.findall(r"\| change of pass@1, points \|(.+)\|", PAGE)
    powers = [
        power_of_study(population(base, float(effect) / 100, concentration), *size, alpha)
        for effect in effects.split("|")
    ]
    [told] = re.findall(rf"\| {row}[^|]*\|(.+)\|", PAGE)
    assert told.split() == " | ".join(f"{100 * power:.0f}%" for power in powers).split()


def test_what_the_page_says_of_the_configuration_is_so() -> None:
    assert f"**Margin**: {100 * CONFIG['statistics']['equivalence_margin']:.0f} points" in PAGE
    assert f"{CONFIG['curation']['n_pairs']}, and a fifth of the problems held out" in PAGE
    adapters = len(CONFIG["seeds"]["values"]) * (1 + len(CONFIG["arms"]))
    assert f"five seeds of the curated pairs and of each arm: {adapters}" in PAGE
    [arms] = re.findall(r"\| arms \|(.+)\|", PAGE)
    assert re.findall(r"`(\w+)`", arms) == CONFIG["arms"]
    compared = ["/".join(pair) for pair in CONFIG["statistics"]["compare"]]
    assert {pair.split("/")[0] for pair in compared[:4]} == {
        "synthetic",
        "external",
        "random",
        "sft",
    }
    assert {pair.split("/")[1] for pair in compared[:4]} == {"curated"}
    assert compared[4:] == ["shuffled/base"]
