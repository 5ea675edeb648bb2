import json
from typing import Any

import pytest
from builders import run_check, write_lines
from failpairs.errors import InputError
from failpairs.problems.sources import load_problems
from failpairs.problems.standard_input import (
    PROGRAM_REQUEST,
    SETUP,
    own_words,
    problem_from_apps,
    problem_from_codecontests,
)
from failpairs.records import Problem

SUM = "print(sum(map(int, input().split())))\n"


def apps_row(**changes: Any) -> dict[str, Any]:
    """A row as in APPS, of a problem that asks for the sum of a line."""
    row = {
        "problem_id": 7,
        "question": "Print the sum of a line.\n",
        "solutions": json.dumps(["print input()", SUM]),
        "input_output": json.dumps({"inputs": ["1 2\n", "3\n"], "outputs": ["3\n", "3\n"]}),
        "difficulty": "introductory",
        "starter_code": "",
    }
    return {**row, **changes}


def codecontests_row(**changes: Any) -> dict[str, Any]:
    """A row as in CodeContests on the Hub."""
    row = {
        "name": "1_A. Sum",
        "description": "Print the sum of a line.",
        "public_tests": {"input": ["1 2"], "output": ["3"]},
        "private_tests": {"input": [], "output": []},
        "generated_tests": {"input": ["4"], "output": ["4"]},
        "solutions": {"language": [2, 3, 3], "solution": ["int main() {}", "print 1", SUM]},
    }
    return {**row, **changes}


def call_row(name: str, starter: str, inputs: list[Any], outputs: list[Any]) -> dict[str, Any]:
    tests = {"fn_name": name, "inputs": inputs, "outputs": outputs}
    return apps_row(input_output=tests, starter_code=starter, solutions=[])


def test_a_problem_of_apps_asks_for_a_program() -> None:
    cases = json.dumps([["1 2\n", "3\n"], ["3\n", "3\n"]])
    assert problem_from_apps(apps_row(), "f:1", "own") == Problem(
        task_id="apps/7",
        prompt=f"Print the sum of a line.\n\n{PROGRAM_REQUEST}\n",
        entry_point="main",
        test=f"def check(candidate):\n    oracles.check_output(candidate, {cases!r}, 'numbers')\n",
        reference=SUM,
        source="own",
        license="MIT",
        kind="program",
        setup=SETUP,
    )


def test_a_problem_of_taco_is_told_from_one_of_apps() -> None:
    tests = {"inputs": [["1 2", "3"]], "outputs": [["3"]]}
    row = apps_row(skill_types="[]", solutions=[SUM], input_output=tests)
    del row["problem_id"]
    problem = problem_from_apps(row, "f:12", "own")
    assert (problem.task_id, problem.license, problem.reference) == ("taco/12", "Apache-2.0", SUM)
    assert repr(json.dumps([["1 2\n3", "3"]])) in problem.test


def test_all_tests_of_codecontests_are_used() -> None:
    problem = problem_from_codecontests(codecontests_row(), "f:1", "own")
    assert problem.task_id == "codecontests/1_A. Sum"
    assert (problem.kind, problem.license) == ("program", "CC-BY-4.0")
    assert problem.reference == SUM
    assert f"{json.dumps([['1 2', '3'], ['4', '4']])!r}, 'tokens'" in problem.test


def test_a_call_of_a_function_is_tested_by_its_answers() -> None:
    row = call_row("add", "def add(a, b):\n    ", [[1, 2], [3, 4]], [3, [7]])
    problem = problem_from_apps(row, "f:1", "own")
    assert (problem.kind, problem.entry_point, problem.reference) == ("function", "add", "")
    assert problem.prompt == (
        "Print the sum of a line.\n\nWrite the Python function `add`, beginning with this code:\n\n"
        "def add(a, b):\n"
    )
    run_check(problem, "def add(a, b):\n  return a + b\n")
    with pytest.raises(AssertionError, match=r"case 1: got 0, expected 3"):
        run_check(problem, "def add(a, b):\n  return 0\n")


@pytest.mark.parametrize(
    ("starter", "solutions"),
    [("class Solution:\n    def add(self, a, b):\n        ", ""), ("", '["class Solution: pass"]')],
)
def test_a_method_is_named_with_its_class(starter: str, solutions: str) -> None:
    row = {**call_row("add", starter, [[1, 2]], [3]), "solutions": solutions}
    problem = problem_from_apps(row, "f:1", "own")
    assert problem.entry_point == "Solution.add"
    assert "Write the Python function `add` of the class `Solution`" in problem.prompt


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"input_output": ""}, "field 'input_output'"),
        ({"input_output": {"inputs": [], "outputs": []}}, "apps/7 has 0 test inputs and 0 outputs"),
        ({"input_output": {"inputs": ["1"], "outputs": []}}, "1 test inputs and 0 outputs"),
        ({"input_output": {"inputs": ["1"]}}, "field 'outputs': field required"),
        ({"solutions": "["}, "field 'solutions'"),
        ({"question": None}, "field 'question'"),
    ],
)
def test_a_bad_row_of_apps_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError) as caught:
        problem_from_apps(apps_row(**change), "f:1", "own")
    assert str(caught.value).startswith("f:1: ")
    assert named in str(caught.value)


def test_without_a_program_in_the_python_of_today_there_is_no_reference() -> None:
    row = apps_row(solutions=json.dumps(["print input()"]))
    assert problem_from_apps(row, "f:1", "own").reference == ""


@pytest.mark.parametrize(
    "row", [apps_row(), codecontests_row(), call_row("add", "", [[1, 2]], [3])]
)
def test_problems_of_contests_are_read_from_a_file_of_ones_own(
    tmp_path: Any, row: dict[str, Any]
) -> None:
    (problem,) = load_problems(f"jsonl:{write_lines(tmp_path / 'own.jsonl', row)}", "eval")
    again = write_lines(tmp_path / "again.jsonl", problem.model_dump())
    assert load_problems(f"jsonl:{again}", "eval") == [problem]


@pytest.mark.parametrize(
    "row",
    [
        apps_row(),
        call_row("add", "", [[1, 2]], [3]),
        call_row("add", "def add(a: int,\n        b: int) -> int:\n", [[1, 2]], [3]),
        call_row("add", "class Solution:\n    def add(self, a: int, b: int):\n", [[1, 2]], [3]),
    ],
)
def test_the_words_of_all_problems_are_not_a_problem_s_own(row: dict[str, Any]) -> None:
    prompt = problem_from_apps(row, "f:1", "own").prompt
    assert own_words(prompt).split() == "Print the sum of a line.".split()
