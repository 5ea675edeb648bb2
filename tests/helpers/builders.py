"""Small inputs for the unit tests."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from failpairs.code.syntax import preamble
from failpairs.exchange.pairs import ForeignPair
from failpairs.execution.harness import oracles
from failpairs.records import Problem

# A few programs of MBPP have a backslash that Python tolerates.
IGNORE_ESCAPES = pytest.mark.filterwarnings("ignore:invalid escape sequence")


def a_problem(task_id: str = "t/0", **changes: str) -> Problem:
    """A problem that is whole and right, but for the changes."""
    prompt = 'def double(n: int) -> int:\n    """Return n times two."""\n'
    values = {
        "task_id": task_id,
        "prompt": prompt,
        "entry_point": "double",
        "test": "def check(candidate):\n    assert candidate(2) == 4\n",
        "reference": f"{prompt}    return n * 2\n",
        "source": "test",
        "license": "MIT",
    }
    return Problem(**{**values, **changes})


def humaneval_row(**changes: Any) -> dict[str, Any]:
    """A row as in HumanEval; a change to `...` leaves the field out."""
    row = {
        "task_id": "Own/0",
        "prompt": 'def double(n):\n    """Return n times two."""\n',
        "entry_point": "double",
        "canonical_solution": "    return n * 2\n",
        "test": "def check(candidate):\n    assert candidate(2) == 4\n",
    }
    return _changed(row, changes)


def mbpp_row(**changes: Any) -> dict[str, Any]:
    """A row as in MBPP; a change to `...` leaves the field out."""
    row = {
        "task_id": 1,
        "text": "Write a function to double a number.",
        "code": "def double(n):\r\n  return n * 2",
        "test_list": ["assert double(2) == 4", "assert double(0) == 0"],
        "test_setup_code": "",
        "challenge_test_list": [],
    }
    return _changed(row, changes)


def evalplus_row(**changes: Any) -> dict[str, Any]:
    """A row as in EvalPlus's releases; a change to `...` leaves the field out."""
    inputs = {"base_input": [[2], [0]], "plus_input": [[-3], [0.5]], "atol": 0, "contract": ""}
    return _changed({**humaneval_row(), **inputs}, changes)


def bigcodebench_row(**changes: Any) -> dict[str, Any]:
    """A row as in BigCodeBench; a change to `...` leaves the field out."""
    prompt = 'import math\ndef task_func(x):\n    """Return the root of x."""\n'
    row = {
        "task_id": "BigCodeBench/0",
        "complete_prompt": prompt,
        "instruct_prompt": "Return the root of x.",
        "code_prompt": "import math\ndef task_func(x):\n",
        "canonical_solution": "    return math.sqrt(x)\n",
        "test": "import unittest\nclass TestCases(unittest.TestCase):\n"
        "    def test_root(self):\n        self.assertEqual(task_func(4), math.sqrt(4))\n",
        "entry_point": "task_func",
        "libs": "['math']",
    }
    return _changed(row, changes)


def _changed(row: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**row, **changes}.items() if value is not ...}


def a_foreign_pair(
    prompt: str = "Do it.", chosen: str = "c", rejected: str = "r", form: str = "standard"
) -> ForeignPair:
    """A preference pair of other people."""
    return ForeignPair("x", 1, form, prompt, chosen, rejected)


def a_config(**sections: Any) -> dict[str, Any]:
    """A configuration with only what has no default, and these sections."""
    needed = {
        "model": {"id": "some/model"},
        "problems": {"train": "starter", "eval": "humaneval"},
        "seeds": {"values": [0]},
    }
    return {**needed, **sections}


def write_lines(path: Path, *values: Any) -> Path:
    """Write a JSONL file."""
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def data_file(name: str) -> Path:
    """A file of the folder that FAILPAIRS_DATA names; skips the test where there is none."""
    path = Path(os.environ.get("FAILPAIRS_DATA", "no-data-folder")) / name
    if not path.is_file():
        pytest.skip(f"{path}: set FAILPAIRS_DATA to a folder that holds it")
    return path


def run_check(problem: Problem, program: str) -> None:
    """Run a trusted program against a problem's tests; raises what either of them raises."""
    candidate_names: dict[str, Any] = {}
    exec(program, candidate_names)
    candidate = candidate_names[problem.entry_point]
    for test in filter(None, (problem.test, problem.plus_test)):
        test_names: dict[str, Any] = {"oracles": oracles, problem.entry_point: candidate}
        exec(preamble(problem.prompt, problem.entry_point), test_names)
        exec(test, test_names)
        test_names["check"](candidate)
