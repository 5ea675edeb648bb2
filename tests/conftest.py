"""What several kinds of tests need: copies of the project, and one finished run of the workflow,
and a browser."""

import gc
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from warm_python import warm_python

# torch reads these when it is imported. The models of the tests are too small for several threads,
# and where a program has some, those that wait leave the core to another worker.
os.environ |= {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}

# How long an example takes says nothing on a busy machine. Every run tries the same examples;
# `pytest --hypothesis-profile search` looks for new ones.
PACE: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("search", **PACE)
settings.register_profile("same examples", derandomize=True, **PACE)
settings.load_profile("same examples")

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv*", ".snakemake", "results", "micro-*", "__pycache__", ".*_cache", ".hypothesis"
)


# The first of these, if it is not skipped, makes the finished run, which the others do not need.
FIRST = ("tests/cluster", "tests/hostile", "tests/unit/execution")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have several workers not wait for one finished run at once."""
    items.sort(key=lambda item: [not item.nodeid.startswith(folder) for folder in FIRST])


def pytest_collection_finish() -> None:
    """Spare the garbage collector what has been imported.

    statsmodels and hypothesis call it so often that it would take most of their time."""
    gc.freeze()


# Targets come before these: --configfile would take them for further configuration files.
TEST_RUN = ("--cores", "2", "--configfile", "config/test.yaml")


def job_counts(output: str) -> dict[str, int]:
    """The jobs that a dry run would run, by rule (`all` left out)."""
    table = re.findall(r"^(\w+) +(\d+)$", output, re.MULTILINE)
    return {rule: int(count) for rule, count in table if rule not in {"all", "total"}}


class Project:
    """A copy of the project, with the commands that a user would give there.

    Args:
        python: the folder of the `python` that jobs run with.
    """

    def __init__(self, folder: Path, python: Path = Path(sys.executable).parent) -> None:
        self.folder = folder
        self.results = folder / "results" / "test"
        self._python = python

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment(), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        """The environment of a command."""
        path = f"{self._python}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Snakemake with the test configuration."""
        return self.run("snakemake", *arguments, *TEST_RUN)

    def forked(self, *arguments: str) -> tuple[int, str]:
        """The exit status and all that is said by a Snakemake that had been loaded, but whose jobs
        start as they do for a user."""
        done = subprocess.run(
            [warm_python() / "snakemake", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def planned(self, *arguments: str) -> dict[str, int]:
        """The jobs that Snakemake would run with the test configuration, by rule."""
        status, said = self.forked("--dry-run", *arguments, *TEST_RUN)
        assert status == 0, said
        return job_counts(said)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file of the project."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy of the project without results."""
    return Project(Path(shutil.copytree(ROOT, tmp_path / "project", ignore=NOT_COPIED)))


@pytest.fixture(scope="session")
def _finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which the workflow has run to its end; nobody may change it.

    The first worker that needs it makes it, and the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    project = Project(shared / "finished")
    console = project.folder / "console.txt"
    with FileLock(shared / "finished.lock"):
        if not console.exists():
            shutil.copytree(ROOT, project.folder, ignore=NOT_COPIED)
            made = project.run(sys.executable, "tests/helpers/micro_model.py", "resources")
            assert made.returncode == 0, made.stderr
            done = project.snakemake()
            assert done.returncode == 0, done.stdout + done.stderr
            console.write_text(done.stderr, encoding="utf-8")
    return project


@pytest.fixture
def finished(_finished: Project, tmp_path: Path) -> Project:
    """A copy of a project in which the workflow has run to its end; the jobs that run there from
    then on have the large libraries loaded."""
    copy = shutil.copytree(_finished.folder, tmp_path / "project", symlinks=True)
    return Project(Path(copy), python=warm_python())


@pytest.fixture(scope="session")
def driver() -> Iterator[Any]:
    """A browser, headless Chromium; skips the test where there is none."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and chromedriver):
        pytest.skip("needs chromium and chromedriver")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium refuses its own sandbox to root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    yield found
    found.quit()
