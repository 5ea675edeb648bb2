"""The report in a real browser: what it does, what it asks for, and who can use it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from execution_builders import a_failure_pair, a_sample, a_verdict, an_evaluation
from failpairs.cases import cases
from failpairs.comparison import Statistics, compare
from failpairs.evaluation import Evaluation
from failpairs.figures import all_figures
from failpairs.pair_browser import examples
from failpairs.records import Problem
from failpairs.report import Material, render_report
from failpairs.verdicts import Criteria

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
selenium = pytest.importorskip("selenium")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium, chromedriver")

HOSTILE = (
    "</script><script>document.title = 'owned'</script>\n"
    "<img src=x onerror=\"document.title = 'owned'\">\n"
    "{{ 7 * 191 }} {% raw %} ]]> <!-- </style></td></table></details></article></main>\n"
    "\x00\x1b[31m\x7f if admin\u202e \u2066begin\u2069 \u200b \ud800\n"
)
BASE = ["PASS", "NAME_ERROR", "ASSERTION_FAIL", "TIMEOUT", "PASS", "ASSERTION_FAIL"]
SEEDS = {
    "seed0": ["TIMEOUT", "PASS", "PASS", "TIMEOUT", "PASS", "ASSERTION_FAIL"],
    "seed1": ["PASS", "PASS", "ASSERTION_FAIL", "TIMEOUT", "PASS", "ASSERTION_FAIL"],
}
MOVED = ["HumanEval/1", "HumanEval/2", "HumanEval/0"]  # fixed in all, in some, broken


def renamed(labels: list[str]) -> Evaluation:
    found = an_evaluation(labels)
    problems = [
        one.model_copy(update={"task_id": f"HumanEval/{i}"}) for i, one in enumerate(found.problems)
    ]
    return found.model_copy(update={"problems": problems})


def a_problem(task_id: str) -> Problem:
    return Problem(
        task_id=task_id,
        prompt="def f(x):\n    '''</script><img src=x>'''\n",
        entry_point="f",
        test="def check(candidate):\n    assert candidate(1) == 2\n",
        reference="",
        source="test",
        license="",
    )


def a_page(text: str) -> str:
    """A report with everything in it; `text` is what models wrote and what errors said."""
    evaluations = {name: renamed(labels) for name, labels in {"base": BASE, **SEEDS}.items()}
    base = evaluations.pop("base")
    pairs = [
        a_failure_pair(label).model_copy(update={"rejected": text, "prompt": text})
        for label in ("TIMEOUT", "NAME_ERROR")
    ]
    curves: dict[str, Any] = {
        name: [{"step": i, "loss": 0.5, "reward_margin": i} for i in range(3)] for name in SEEDS
    }
    statistics = compare(
        base,
        evaluations,
        Criteria(confidence=0.95, equivalence_margin=0.02),
        99,
        seed=0,
        pairs=pairs,
        arms={"sft": {"seed0": base}},
        curves=curves,
    )
    material = Material(
        figures=all_figures(base, evaluations, statistics, pairs, curves),
        curves=curves,
        cases=_cases(statistics, {"base": base, **evaluations}, text),
        examples=examples(pairs, 5),
        config={"model": {"id": text.encode("ascii", "replace").decode()}},
    )
    return render_report(base, evaluations, statistics, material)


def _cases(statistics: Statistics, evaluations: dict[str, Evaluation], text: str) -> Any:
    programs = {}
    for name, one in evaluations.items():
        programs[name] = {}
        for i, result in enumerate(one.problems):
            verdict = a_verdict(result.labels[0]).model_copy(
                update={"exception": "NameError", "message": text, "line": 2}
            )
            completion = f"def f(x):\n    return {i}  # {name}\n{text}"
            programs[name][result.task_id] = (a_sample(completion), verdict)
    problems = {name: a_problem(name) for name in programs["base"]}
    return cases(statistics.movements, problems, programs)


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium refuses its own sandbox to root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield found
    found.quit()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    paths = {}
    for name, text in {"plain": "print('plain')", "hostile": HOSTILE}.items():
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(a_page(text), encoding="utf-8")
    return paths


@pytest.fixture
def plain(driver: Any, pages: dict[str, Path]) -> Any:
    return opened(driver, pages["plain"])


def opened(driver: Any, path: Path, anchor: str = "", width: int = 1200) -> Any:
    driver.get("about:blank")
    for log in ("browser", "performance"):
        driver.get_log(log)  # what earlier pages said
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get(f"{path.as_uri()}{anchor}")
    return driver


def element(driver: Any, selector: str) -> Any:
    return driver.find_element("css selector", selector)


def shown(driver: Any) -> list[str]:
    articles = driver.find_elements("css selector", "#cases > article")
    return [one.get_attribute("id") for one in articles if one.is_displayed()]


def expect(driver: Any, seen: Callable[[], object], wanted: object) -> None:
    """Wait until the browser, which handles events when it can, shows what is wanted."""
    from selenium.common.exceptions import TimeoutException
    from selenium.webdriver.support.wait import WebDriverWait

    try:
        WebDriverWait(driver, 10, poll_frequency=0.05).until(lambda _: seen() == wanted)
    except TimeoutException:
        assert seen() == wanted


def expect_shown(driver: Any, *task_ids: str) -> None:
    expect(driver, lambda: shown(driver), [*task_ids])


def choose(driver: Any, name: str, value: str) -> None:
    from selenium.webdriver.support.select import Select

    Select(element(driver, f"#filters [name={name}]")).select_by_visible_text(value)


@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_the_page_asks_for_nothing_and_has_no_error(
    driver: Any, pages: dict[str, Path], name: str
) -> None:
    opened(driver, pages[name])
    requests = [
        entry["message"]
        for entry in driver.get_log("performance")
        if '"Network.requestWillBeSent"' in entry["message"]
    ]
    assert len([message for message in requests if pages[name].as_uri() not in message]) == 0
    assert driver.get_log("browser") == []


def test_hostile_completions_change_nothing(driver: Any, pages: dict[str, Path]) -> None:
    shapes = {}
    for name, path in pages.items():
        opened(driver, path)
        assert driver.title == "failpairs: some/model"
        assert driver.execute_script("return document.scripts.length") == 1
        assert driver.execute_script("return document.images.length") == 0
        shapes[name] = driver.execute_script(
            "return [...document.querySelectorAll('main > section, main article, table.diff')]"
            ".map((e) => `${e.parentElement.localName} ${e.localName} ${e.id}`)"
        )
    assert shapes["plain"] == shapes["hostile"]
    text = driver.execute_script("return document.body.textContent")
    assert "{{ 7 * 191 }}" in text
    assert "1337" not in text
    assert "⟨U+202E⟩" in text
    assert "⟨U+0000⟩⟨U+001B⟩[31m⟨U+007F⟩" in text
    assert "\u202e" not in text


def test_filters_work_by_mouse(plain: Any) -> None:
    expect_shown(plain, *MOVED)
    choose(plain, "direction", "broken")
    expect_shown(plain, "HumanEval/0")
    choose(plain, "direction", "all")
    choose(plain, "modes", "NAME_ERROR")
    expect_shown(plain, "HumanEval/1")
    element(plain, "#filters button").click()
    expect_shown(plain, *MOVED)
    choose(plain, "seeds", "seed1")
    expect_shown(plain, "HumanEval/1")
    assert element(plain, "#filters [role=status]").text == "1 of 3 problems"


def test_filters_work_by_keyboard(plain: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    plain.execute_script("document.querySelector('#filters [name=direction]').focus()")
    plain.switch_to.active_element.send_keys("b")
    expect_shown(plain, "HumanEval/0")
    for _ in range(3):
        plain.switch_to.active_element.send_keys(Keys.TAB)
    assert plain.switch_to.active_element.get_attribute("name") == "text"
    plain.switch_to.active_element.send_keys("return 2")
    expect_shown(plain)
    plain.switch_to.active_element.send_keys(Keys.TAB)
    plain.switch_to.active_element.send_keys(Keys.ENTER)
    expect_shown(plain, *MOVED)
    element(plain, "#filters [name=text]").send_keys("return 2")
    expect_shown(plain, "HumanEval/2")
    assert plain.current_url.endswith("plain.html")


def test_the_first_tab_leads_past_the_navigation(plain: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    element(plain, "body").send_keys(Keys.TAB)
    assert plain.switch_to.active_element.text == "Skip to the answer"
    plain.switch_to.active_element.send_keys(Keys.ENTER)
    assert plain.current_url.endswith("#answer")


def test_a_link_opens_its_problem_even_when_a_filter_hides_it(
    driver: Any, pages: dict[str, Path]
) -> None:
    opened(driver, pages["plain"], "#HumanEval/1")
    assert element(driver, "[id='HumanEval/1'] table.diff").is_displayed()
    assert not element(driver, "[id='HumanEval/0'] table.diff").is_displayed()
    choose(driver, "direction", "fixed")
    driver.execute_script("location.hash = '#HumanEval/0'")
    table = element(driver, "[id='HumanEval/0'] table.diff")
    expect(driver, table.is_displayed, True)


@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_a_phone_needs_no_sideways_scrolling(
    driver: Any, pages: dict[str, Path], name: str
) -> None:
    opened(driver, pages[name], width=390)
    driver.execute_script("document.querySelectorAll('details').forEach((e) => (e.open = true))")
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_axe_finds_no_serious_violation(
    driver: Any, pages: dict[str, Path], scheme: str, width: int
) -> None:
    axe = pytest.importorskip("axe_core_python")
    opened(driver, pages["plain"], width=width)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    driver.execute_script("document.querySelectorAll('details').forEach((e) => (e.open = true))")
    source = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    driver.execute_cdp_cmd("Runtime.evaluate", {"expression": source})
    found = driver.execute_async_script(
        "const done = arguments[0]; axe.run().then((r) => done(r.violations))"
    )
    serious = [
        (rule["id"], [node["html"][:200] for node in rule["nodes"][:3]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    assert serious == []
