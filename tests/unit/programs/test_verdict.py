"""The programs `verdict.py` and `plan.py`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from builders import write_lines
from execution_builders import an_evaluation
from failpairs.storage.files import write_json
from places import SCRIPTS


def run(program: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / f"{program}.py"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def ours(folder: Path, passed: list[bool]) -> None:
    evaluation = an_evaluation(["PASS" if each else "STUB" for each in passed])
    write_json(folder / "results.json", evaluation.model_dump())


def of_evalplus(folder: Path, passed: list[bool]) -> None:
    samples = {
        f"T/{i}": [{"base_status": "pass", "plus_status": "pass" if each else "fail"}]
        for i, each in enumerate(passed)
    }
    write_json(folder / "results.json", {"eval": samples})


def rows(folder: Path, *values: dict[str, Any]) -> None:
    write_lines(folder / "results.jsonl", *values)


def of_human_eval(folder: Path, passed: list[bool]) -> None:
    rows(folder, *({"task_id": f"T/{i}", "passed": each} for i, each in enumerate(passed)))


def of_lm_eval(folder: Path, passed: list[bool]) -> None:
    rows(
        folder,
        *({"doc": {"task_id": f"T/{i}"}, "pass@1": float(p)} for i, p in enumerate(passed)),
    )


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (ours, "results.json"),
        (of_evalplus, "results.json"),
        (of_human_eval, "results.jsonl"),
        (of_lm_eval, "results.jsonl"),
    ],
)
def test_results_of_every_tool_are_judged(tmp_path: Path, write: Any, name: str) -> None:
    base, tuned = [False] * 8 + [True] * 2, [True] * 7 + [False] + [True] * 2
    for folder, passed in (("base", base), ("tuned", tuned)):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, passed)
    done = run("verdict", tmp_path, f"base/{name}", f"tuned/{name}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Pass@1: improved, +70.00 points")
    assert "7 fixed, 0 broken, McNemar p = .016" in done.stdout


def test_only_problems_of_all_files_count_and_half_a_pass_is_half_a_pass(tmp_path: Path) -> None:
    one = [{"task_id": f"T/{i}", "passed": False} for i in range(3)]
    two = [{"task_id": f"t/{i}", "passed": each} for i in (0, 1) for each in (True, False)]
    write_lines(tmp_path / "one.jsonl", *one)
    write_lines(tmp_path / "two.jsonl", *two)
    done = run("verdict", tmp_path, "one.jsonl", "two.jsonl")
    assert "1 of 3 problems are left out." in done.stdout
    assert "pass@1 0.00% to 50.00% of 2 problems" in done.stdout


def test_counts_alone_are_judged_for_all_that_may_lie_behind_them(tmp_path: Path) -> None:
    done = run("verdict", tmp_path, "132/164", "137/164", "138/164", "138/164")
    assert done.returncode == 0, done.stderr
    assert "| passes, 132 → 138 | +6 | .031" in done.stdout
    assert "Failures of other modes" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("132/164", "137/165"), "one and the same number of problems"),
        (("165/164", "137/164"), "one and the same number of problems"),
        (("none.json", "none.json"), "none.json"),
        (("list.json", "list.json"), "neither an evaluation of failpairs nor results of EvalPlus"),
        (("odd.jsonl", "odd.jsonl"), "odd.jsonl:1: no result: expected one of label, passed, doc"),
    ],
)
def test_what_is_no_result_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "odd.jsonl").write_text(json.dumps({"task_id": "T/0"}) + "\n", encoding="utf-8")
    done = run("verdict", tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr


def test_a_plan_shows_what_more_samples_and_problems_buy(tmp_path: Path) -> None:
    done = run("plan", tmp_path, "--base", ".8", "--effect", ".035")
    assert done.returncode == 0, done.stderr
    assert "| 1 | 3 | 464 | 38% |" in done.stdout
    for wrong in (("--effect", "0"), ("--effect", ".3"), ("--effect", ".1", "--power", "1.5")):
        done = run("plan", tmp_path, "--base", ".8", *wrong)
        assert done.returncode == 2 and "expected" in done.stderr
