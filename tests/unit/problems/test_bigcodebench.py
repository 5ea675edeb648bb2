import pytest
from failpairs.errors import InputError
from failpairs.problems.bigcodebench import problem_from_bigcodebench

ROW = {
    "task_id": "BigCodeBench/0",
    "complete_prompt": "def task_func():\n    '''Return 1.'''\n",
    "canonical_solution": "    return 1\n",
    "test": "import unittest\nclass TestCases(unittest.TestCase):\n    pass\n",
    "entry_point": "task_func",
}


def test_the_class_of_tests_is_run_by_the_check() -> None:
    problem = problem_from_bigcodebench(ROW, "f:1", "own")
    assert problem.test == (
        "import unittest\nclass TestCases(unittest.TestCase):\n    pass\n\n\n\n"
        "def check(candidate):\n    oracles.run_unittest(TestCases)\n"
    )
    assert problem.reference == "def task_func():\n    '''Return 1.'''\n    return 1\n"
    assert (problem.license, problem.source) == ("Apache-2.0", "own")


def test_a_test_without_the_class_is_refused() -> None:
    with pytest.raises(InputError, match="f:1: the test of BigCodeBench/0 does not define"):
        problem_from_bigcodebench({**ROW, "test": "def test(): pass"}, "f:1", "own")
