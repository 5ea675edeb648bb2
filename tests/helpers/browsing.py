"""The report in a browser: opening it, and what stands there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 120  # turns a hang into a failure, on however busy a machine


def opened(driver: Any, path: Path, anchor: str = "", width: int = 1200) -> Any:
    """The browser with a page in a window of this width, rid of what earlier pages said and set."""
    driver.get("about:blank")
    for log in ("browser", "performance"):
        driver.get_log(log)
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    driver.get(f"{path.as_uri()}{anchor}")
    return driver


def element(driver: Any, selector: str) -> Any:
    """The first element that a CSS selector names."""
    return driver.find_element("css selector", selector)


def shown(driver: Any) -> list[str]:
    """The problems that the filters leave."""
    articles = driver.find_elements("css selector", "#cases > article")
    return [one.get_attribute("id") for one in articles if one.is_displayed()]


def expect(driver: Any, seen: Callable[[], object], wanted: object) -> None:
    """Wait until the browser, which handles events when it can, shows what is wanted."""
    from selenium.common.exceptions import TimeoutException
    from selenium.webdriver.support.wait import WebDriverWait

    try:
        WebDriverWait(driver, PATIENCE_S, poll_frequency=0.05).until(lambda _: seen() == wanted)
    except TimeoutException:
        assert seen() == wanted


def serious_violations(driver: Any) -> list[tuple[str, list[str]]]:
    """What axe-core finds serious or critical on the page, with the first places of each; skips the
    test where axe-core is not installed."""
    axe = pytest.importorskip("axe_core_python")
    source = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    driver.execute_cdp_cmd("Runtime.evaluate", {"expression": source})
    found = driver.execute_async_script(
        "const done = arguments[0]; axe.run().then((r) => done(r.violations))"
    )
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"][:3]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
