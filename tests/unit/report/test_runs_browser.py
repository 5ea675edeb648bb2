"""The page of several runs in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from browsing import opened, serious_violations
from execution_builders import passes
from failpairs.report.finished_runs import read_run
from failpairs.report.runs_page import render_runs
from failpairs.statistics.run_comparison import compare_runs
from run_builders import with_generation, write_run

LONG = "a-run-with-a-name-of-many-words-and-" + "long" * 20


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    base = passes(20, 60)
    warm = with_generation(temperature=0.2)
    runs = [
        write_run(folder / str(i), base, passes(25 + 6 * i, 60), config={"n": i, LONG: [LONG, i]})
        for i in range(3)
    ]
    runs.append(write_run(folder / "warm", base, passes(25, 60), protocol=warm))
    named = [read_run(path, f"{LONG}-{path.name}") for path in runs]
    path = folder / "runs.html"
    path.write_text(render_runs(compare_runs(named)), encoding="utf-8")
    return path


def open_all(driver: Any) -> None:
    driver.execute_script("document.querySelectorAll('details').forEach((e) => (e.open = true))")


def test_a_phone_needs_no_sideways_scrolling(driver: Any, page: Path) -> None:
    opened(driver, page, width=390)
    open_all(driver)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
    assert driver.get_log("browser") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_serious_violation(driver: Any, page: Path, scheme: str, width: int) -> None:
    opened(driver, page, width=width)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    open_all(driver)
    assert serious_violations(driver) == []
