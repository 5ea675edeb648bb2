"""The report on 1,000 problems and 10 seeds in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from browsing import element, expect, opened
from report_builders import page_of_size

AT_THE_END = "return Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight"
THE_LAST_SECTION_IS_IN_VIEW = """
const box = document.getElementById("provenance").getBoundingClientRect();
return box.top < innerHeight && box.bottom > 0;
"""
FAR_DOWN = {"x": 600, "y": 400, "yDistance": -100_000, "speed": 100_000}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "report.html"
    path.write_text(page_of_size(1000, 10), encoding="utf-8")
    return path


@pytest.mark.parametrize("are_open", [False, True])
def test_a_large_page_scrolls_to_its_end(driver: Any, page: Path, are_open: bool) -> None:
    opened(driver, page)
    driver.execute_script(
        "document.querySelectorAll('#cases > article > details')"
        ".forEach((e) => (e.open = arguments[0]))",
        are_open,
    )
    # Heights are estimated until they come into view, so that the end can move away.
    while not driver.execute_script(AT_THE_END):
        driver.execute_cdp_cmd("Input.synthesizeScrollGesture", FAR_DOWN)
    assert driver.execute_script(THE_LAST_SECTION_IS_IN_VIEW)


def test_a_link_leads_past_all_programs(driver: Any, page: Path) -> None:
    opened(driver, page)
    element(driver, "nav a[href='#provenance']").click()
    expect(driver, lambda: driver.execute_script(THE_LAST_SECTION_IS_IN_VIEW), True)


def test_a_large_page_is_filtered(driver: Any, page: Path) -> None:
    opened(driver, page)
    status = element(driver, "#filters [role=status]")
    element(driver, "#filters [name=text]").send_keys("HumanEval/88")
    expect(driver, lambda: status.text, "3 of 1000 problems")  # 88, 880 and 888 were fixed
