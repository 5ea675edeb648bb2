"""The program `runs.py`."""

import json
import subprocess
from pathlib import Path

import pytest
from execution_builders import passes
from run_builders import write_run
from warm_python import run_program


def runs(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_program("runs", folder, *arguments)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder in which two runs are finished and one is not."""
    write_run(tmp_path / "results/a", passes(4, 20), passes(8, 20))
    write_run(tmp_path / "results/b", passes(4, 20), passes(16, 20))
    (tmp_path / "results/unfinished").mkdir()
    return tmp_path


def test_finished_runs_become_a_page_and_its_numbers(results: Path) -> None:
    folders = ("results/b", "results/a", "results/unfinished", "results/b")
    done = runs(results, *folders, "--output", "out/page.html")
    assert done.returncode == 0, done.stderr
    unfinished = "results/unfinished: no finished run: stats.json is missing; left out\n"
    assert done.stderr.count(unfinished) == 1
    assert "a against b, pass@1: worsened, −40.00 points" in done.stderr
    numbers = json.loads((results / "out/page.json").read_text(encoding="utf-8"))
    assert [run["name"] for run in numbers["groups"][0]["runs"]] == ["b", "a"]
    page = (results / "out/page.html").read_bytes()
    assert b"How do the runs compare?" in page
    assert str(results).encode() not in page
    written = [page, (results / "out/page.json").read_bytes()]
    runs(results, *folders, "--output", "out/page.html")
    assert [(results / f"out/page.{end}").read_bytes() for end in ("html", "json")] == written


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["results/unfinished"], "no finished run, which has stats.json and eval/base.json, in r"),
        (["results/a", "results/typo"], "results/typo: no such folder"),
        (["results/a", "--output", "page.json"], "page.json: its numbers get this name"),
        (["results/a", "--output", "results"], "results: is a folder"),
        (["results/a", "--output", "results/a/stats.html"], "results/a/stats.json: is read as w"),
        (["results/a", "--output", "results/a/eval/base.htm"], "results/a/eval/base.json: is r"),
    ],
)
def test_bad_arguments_are_one_line(results: Path, arguments: list[str], told: str) -> None:
    output = () if "--output" in arguments else ("--output", "page.html")
    before = (results / "results/a/stats.json").read_bytes()
    done = runs(results, *arguments, *output)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"error: {told}")
    assert "Traceback" not in done.stderr
    assert (results / "results/a/stats.json").read_bytes() == before
    assert not (results / "page.html").exists()


def test_the_report_of_a_run_is_not_replaced(results: Path) -> None:
    (results / "results/a/report.html").write_text("the report", encoding="utf-8")
    done = runs(results, "results/a", "--output", "results/a/report.html")
    assert done.returncode == 2
    assert "results/a/report.html: " in done.stderr
