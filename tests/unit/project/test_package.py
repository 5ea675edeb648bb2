"""The package that `pip install` makes of the project."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from failpairs.commands.__main__ import verbs
from places import ROOT, SCRIPTS


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the project is installed, without the packages that it needs."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*command, "--no-build-isolation", "--target", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


def failpairs(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(installed / "bin" / "failpairs"), *words]
    return subprocess.run(
        command,
        cwd=installed,
        env={"PATH": "", "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )


def test_there_is_a_command_for_every_program() -> None:
    programs = {path.stem for path in SCRIPTS.glob("*.py")} - {"document_config"}
    assert {verb.replace("-", "_") for verb in verbs()} == programs
    assert all(verbs().values())


def test_the_command_names_its_verbs(installed: Path) -> None:
    done = failpairs(installed, "--help")
    assert done.returncode == 0
    assert all(f"  {verb} " in done.stdout for verb in verbs())
    wrong = failpairs(installed, "eexecute")
    assert wrong.returncode == 2
    assert "'eexecute' is no command" in wrong.stderr


def test_the_package_holds_the_problems_that_ship_with_it(installed: Path) -> None:
    done = failpairs(
        installed,
        *("prepare-problems", "--source", "starter:1", "--limit", "2", "--output", "p.jsonl"),
    )
    assert done.returncode == 0, done.stderr
    assert len((installed / "p.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_the_package_holds_the_templates_of_the_report(installed: Path) -> None:
    there = SCRIPTS / "failpairs/report/templates"
    here = installed / "failpairs/report/templates"
    names = {path.relative_to(there) for path in there.rglob("*") if path.is_file()}
    assert names == {path.relative_to(here) for path in here.rglob("*") if path.is_file()}


def test_the_package_needs_what_the_lock_pins() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "envs" / "requirements.txt").read_text(encoding="utf-8").lower()
    pinned = set(lock.replace("_", "-").splitlines())
    assert set(project["dependencies"]) <= pinned


def test_the_citation_names_this_version() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["version"], citation["license"]) == (package["version"], package["license"])
