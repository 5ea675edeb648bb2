"""The program `report.py`."""

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from builders import write_lines
from execution_builders import PROTOCOL, a_failure_pair, an_evaluation
from failpairs.storage.files import write_json
from warm_python import run_program

OUTPUT = ("--output", "r.html", "--stats", "stats.json", "--failures", "failures.csv")
RUN = ("--results", ".", "--arms", "sft")


def report(folder: Path, *options: str, **changed: Any) -> subprocess.CompletedProcess[str]:
    """The program on one base model and one seed, in a folder with an arm and a pair; `changed` is
    of the arm."""
    evaluations = {
        "eval/base.json": an_evaluation(["TIMEOUT", "PASS"]),
        "eval/seed0.json": an_evaluation(["PASS", "PASS"]),
        "arms/sft/eval/seed0.json": an_evaluation(["STUB", "TIMEOUT"], **changed),
    }
    for name, evaluation in evaluations.items():
        write_json(folder / name, evaluation.model_dump())
    write_lines(folder / "pairs.jsonl", a_failure_pair("TIMEOUT").model_dump())
    models = ("--base", "eval/base.json", "--eval", "eval/seed0.json")
    return run_program("report", folder, *models, *OUTPUT, *options)


def statistics(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "stats.json").read_text(encoding="utf-8"))
    return value


def test_the_program_names_seeds_and_arms_by_their_files(tmp_path: Path) -> None:
    done = report(tmp_path, *RUN)
    assert done.returncode == 0, done.stderr
    stats = statistics(tmp_path)
    assert (stats["seeds"], [arm["name"] for arm in stats["arms"]]) == (["seed0"], ["sft"])
    assert {dose["label"]: dose["rows"] for dose in stats["doses"]}["TIMEOUT"] == [0]
    with (tmp_path / "failures.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["arm"], row["model"], row["transition"]) for row in csv.DictReader(file)]
    assert rows == [
        ("", "base", "same"),
        ("", "base", "same"),
        ("curated", "seed0", "fixed"),
        ("curated", "seed0", "same"),
        ("sft", "seed0", "fails otherwise"),
        ("sft", "seed0", "broken"),
    ]


def test_the_configuration_is_kept_with_the_statistics(tmp_path: Path) -> None:
    config = {"training": {"loss": "ipo"}, "rounds": 1}
    done = report(tmp_path, "--config", json.dumps(config))
    assert done.returncode == 0, done.stderr
    assert statistics(tmp_path)["config"] == config


def test_an_arm_of_another_protocol_is_refused(tmp_path: Path) -> None:
    done = report(tmp_path, *RUN, protocol={**PROTOCOL, "prompt_format": "completion"})
    assert done.returncode == 2
    assert "base and sft seed0 cannot be compared: prompt_format is 'chat' in one" in done.stderr
    assert not (tmp_path / "stats.json").exists()


def test_evaluations_alone_make_a_report(tmp_path: Path) -> None:
    done = report(tmp_path)
    assert done.returncode == 0, done.stderr
    stats = statistics(tmp_path)
    assert (stats["arms"], stats["funnel"], stats["doses"][0]["n_pairs"]) == ([], None, 0)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert '<section id="programs"' in page
    assert '<section id="controls"' not in page  # nothing was trained here


def test_an_arm_without_the_folder_of_its_run_is_refused(tmp_path: Path) -> None:
    done = report(tmp_path, "--arms", "sft")
    assert done.returncode == 2
    assert "--arms, --benchmarks and --vary=both need files of a run: give --res" in done.stderr


@pytest.mark.parametrize("tuned", ["other/seed0.json", "other/base.json"])
def test_two_files_of_one_name_are_refused(tmp_path: Path, tuned: str) -> None:
    files = ["eval/base.json", "eval/seed0.json", tuned]
    for name in files:
        write_json(tmp_path / name, an_evaluation(["PASS"]).model_dump())
    done = run_program("report", tmp_path, "--base", files[0], "--eval", *files[1:], *OUTPUT)
    assert done.returncode == 2
    first, name = f"eval/{Path(tuned).name}", Path(tuned).stem
    assert f"{first} and {tuned}: the report would call both of them {name!r}" in done.stderr
    assert not (tmp_path / "stats.json").exists()


def test_evaluations_of_samples_that_other_tools_drew_make_a_report(tmp_path: Path) -> None:
    for name, label in (("before", "STUB"), ("after", "PASS")):
        one = an_evaluation([label], protocol={})
        write_json(tmp_path / f"{name}.json", one.model_dump())
    models = ("--base", "before.json", "--eval", "after.json")
    done = run_program("report", tmp_path, *models, *OUTPUT)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<title>failpairs: after against before</title>" in page
