import base64
import json
import os
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest
from builders import write_lines
from failpairs.errors import InputError
from failpairs.execution.harness import oracles
from failpairs.problems.livecodebench import problem_from_livecodebench
from failpairs.problems.sources import load_problems
from failpairs.problems.standard_input import PROGRAM_REQUEST, SETUP
from failpairs.records import Problem


def packed(value: object) -> str:
    """A value as LiveCodeBench packs its private tests."""
    return base64.b64encode(zlib.compress(pickle.dumps(value))).decode()


def cases_of(*cases: tuple[str, str], kind: str = "stdin") -> str:
    return json.dumps([{"input": a, "output": b, "testtype": kind} for a, b in cases])


def a_row(**changes: Any) -> dict[str, Any]:
    """A row as in LiveCodeBench, of a problem that asks for a program."""
    row = {
        "question_title": "Double",
        "question_content": "Print twice the number.",
        "platform": "atcoder",
        "question_id": "abc1_a",
        "contest_date": "2024-10-05T00:00:00",
        "starter_code": "",
        "public_test_cases": cases_of(("1\n", "2\n")),
        "private_test_cases": packed(cases_of(("3\n", "6\n"))),
        "metadata": "{}",
    }
    return {**row, **changes}


def a_call_row(**changes: Any) -> dict[str, Any]:
    """A row of a problem that asks for a method."""
    starter = "class Solution:\n    def add(self, a: int, b: List[int]) -> int:\n        "
    return a_row(
        starter_code=starter,
        public_test_cases=cases_of(("1\n[2, 3]", "6"), kind="functional"),
        private_test_cases="",
        metadata='{"func_name": "add"}',
        **changes,
    )


def test_a_problem_asks_for_a_program_and_has_a_day() -> None:
    cases = json.dumps([["1\n", "2\n"], ["3\n", "6\n"]])
    assert problem_from_livecodebench(a_row(), "f:1", "own") == Problem(
        task_id="livecodebench/abc1_a",
        prompt=f"Print twice the number.\n\n{PROGRAM_REQUEST}\n",
        entry_point="main",
        test=f"def check(candidate):\n    oracles.check_output(candidate, {cases!r}, 'lines')\n",
        reference="",
        source="own",
        license="CC",
        kind="program",
        setup=SETUP,
        released="2024-10-05",
    )


def test_private_tests_need_not_be_packed() -> None:
    plain = a_row(private_test_cases=cases_of(("3\n", "6\n")))
    assert problem_from_livecodebench(plain, "f", "own") == problem_from_livecodebench(
        a_row(), "f", "own"
    )


def test_a_problem_may_ask_for_a_method() -> None:
    problem = problem_from_livecodebench(a_call_row(), "f:1", "own")
    assert (problem.kind, problem.entry_point) == ("function", "Solution.add")
    assert problem.prompt == (
        "Print twice the number.\n\nWrite the Python function `add` of the class `Solution`, "
        "beginning with this code:\n\n"
        "class Solution:\n    def add(self, a: int, b: List[int]) -> int:\n"
    )
    names: dict[str, Any] = {"oracles": oracles}
    exec(problem.test, names)
    names["check"](lambda a, b: a + sum(b))
    with pytest.raises(AssertionError, match="case 1: got 0, expected 6"):
        names["check"](lambda a, b: 0)


class Hostile:
    """What a pickle may hold: a call that leaves a trace when it is read."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("trace",)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"private_test_cases": packed(Hostile())}, "asks for posix.mkdir"),
        ({"private_test_cases": packed(["x"])}, "the packed value is no text"),
        ({"private_test_cases": packed("x")}, "field 'private_test_cases': not valid JSON"),
        ({"private_test_cases": "!"}, "neither JSON nor a packed text"),
        ({"private_test_cases": "AAAA"}, "neither JSON nor a packed text"),
        ({"private_test_cases": base64.b64encode(zlib.compress(b"x")).decode()}, "neither JSON"),
        ({"public_test_cases": '[{"input": "1"}]'}, "field 'public_test_cases': field required"),
        ({"public_test_cases": "[]", "private_test_cases": ""}, "abc1_a has 0 test inputs"),
        ({"metadata": "{"}, "field 'metadata'"),
        ({"metadata": '{"func_name": "f"}'}, "a test of livecodebench/abc1_a: not valid JSON"),
        ({"contest_date": "yesterday"}, "field 'contest_date'"),
        ({"question_id": None}, "field 'question_id'"),
    ],
)
def test_a_bad_row_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        problem_from_livecodebench(a_row(**change), "f:1", "own")
    assert str(caught.value).startswith("f:1: ")
    assert named in str(caught.value)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("days", "numbers"),
    [
        ("", [1, 2, 3]),
        ("@..", [1, 2, 3]),
        ("@2024-10-01..", [2, 3]),
        ("@..2024-10-01", [1, 2]),
        ("@2024-09-30..2024-10-01", [1, 2]),
        ("@2024-10-02..2025-01-01", [3]),
    ],
)
def test_problems_are_chosen_by_their_days(tmp_path: Path, days: str, numbers: list[int]) -> None:
    rows = [
        a_row(question_id=str(number), contest_date=f"{day}T12:00:00")
        for number, day in enumerate(("2024-09-30", "2024-10-01", "2025-01-01"), start=1)
    ]
    path = write_lines(tmp_path / "lcb.jsonl", *rows)
    found = load_problems(f"livecodebench:{path}{days}", "train")
    assert [p.task_id for p in found] == [f"livecodebench/{number}" for number in numbers]


def test_days_without_problems_are_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "lcb.jsonl", a_row())
    with pytest.raises(InputError, match="no problems in it"):
        load_problems(f"livecodebench:{path}@2025-01-01..", "eval")


@pytest.mark.parametrize("days", ["", "@2024-01-01.."])
@pytest.mark.parametrize("name", ["me@work/lcb.jsonl", "..@work/lcb.jsonl", "lcb@v5.jsonl"])
def test_a_path_may_hold_the_sign_before_the_days(tmp_path: Path, name: str, days: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    path = write_lines(tmp_path / name, a_row())
    assert len(load_problems(f"livecodebench:{path}{days}", "eval")) == 1


@pytest.mark.parametrize("days", ["2024", "2024-10..", "2024-10-01"])
def test_days_are_written_in_full(tmp_path: Path, days: str) -> None:
    path = write_lines(tmp_path / "lcb.jsonl", a_row())
    with pytest.raises(InputError, match=f"days '{days}': expected FROM..TO, each YYYY-MM-DD"):
        load_problems(f"livecodebench:{path}@{days}", "eval")


def test_problems_without_a_day_cannot_be_chosen_by_it(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "lcb.jsonl", a_row(contest_date=""))
    assert len(load_problems(f"livecodebench:{path}", "eval")) == 1
    with pytest.raises(InputError, match="abc1_a has no contest_date"):
        load_problems(f"livecodebench:{path}@2024-10-01..", "eval")


@pytest.mark.parametrize("row", [a_row(), a_call_row()])
def test_rows_are_found_out_in_a_file_of_ones_own(tmp_path: Path, row: dict[str, Any]) -> None:
    (problem,) = load_problems(f"jsonl:{write_lines(tmp_path / 'own.jsonl', row)}", "eval")
    again = write_lines(tmp_path / "again.jsonl", problem.model_dump())
    assert load_problems(f"jsonl:{again}", "eval") == [problem]
