"""The report as it is printed, in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from browsing import element, opened
from report_builders import page_with_everything

WIDTH = round((210 - 2 * 13) / 25.4 * 96)  # CSS pixels between the margins of A4
BEYOND = """
return [...document.querySelectorAll("main *")]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.outerHTML.slice(0, 200))
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("paper") / "report.html"
    path.write_text(page_with_everything("print('" + "very long " * 60 + "')"), encoding="utf-8")
    return path


@pytest.fixture
def printed(driver: Any, page: Path) -> Any:
    """The page as a printer gets it from a browser in dark mode."""
    opened(driver, page, width=WIDTH)
    dark = {"name": "prefers-color-scheme", "value": "dark"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": [dark]})
    return driver


def is_visible(driver: Any, selector: str) -> bool:
    found = driver.find_elements("css selector", selector)
    assert found, selector
    return any(driver.execute_script("return arguments[0].checkVisibility()", one) for one in found)


def test_controls_are_not_printed(printed: Any) -> None:
    for selector in ("nav", ".skip", "#filters", "#cases .link", "details.example"):
        assert not is_visible(printed, selector)
    assert len([one for one in printed.find_elements("css selector", ".paper") if one.text]) == 2


def test_paper_is_white(printed: Any) -> None:
    colours = printed.execute_script(
        "const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(27, 36, 48)"]


def test_nothing_is_cut_at_the_edge(printed: Any) -> None:
    printed.execute_script("document.querySelectorAll('details').forEach((e) => (e.open = true))")
    assert is_visible(printed, "#cases table.diff")
    assert printed.execute_script(BEYOND) == []


def test_of_what_was_closed_the_provenance_is_printed_and_programs_are_not(printed: Any) -> None:
    assert element(printed, "details.always").get_attribute("open") is None
    assert is_visible(printed, "details.always pre")
    assert not is_visible(printed, "#cases table.diff")
    element(printed, "#cases > article > details").click()
    assert is_visible(printed, "#cases table.diff")
