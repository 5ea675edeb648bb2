"""BigCodeBench (Zhuo et al. 2024, arXiv 2406.15877): functions that are tested by unittest classes.

The prompt is the one to complete (`complete_prompt`), not the instruction.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.problems.rows import whole_program
from failpairs.records import Problem
from failpairs.storage.files import parse_row

BIGCODEBENCH_MARKS = {"complete_prompt", "instruct_prompt"}


class _BigCodeBenchRow(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    task_id: str
    complete_prompt: str
    canonical_solution: str = ""
    test: str
    entry_point: str


def problem_from_bigcodebench(row: dict[str, Any], where: str, source: str) -> Problem:
    """A row as a problem; its test calls the function by its own name.

    Raises:
        InputError: a field is missing or of another type, or the test has no class TestCases.
    """
    given = parse_row(_BigCodeBenchRow, row, where)
    if "class TestCases" not in given.test:
        raise InputError(f"{where}: the test of {given.task_id} does not define a class TestCases")
    prompt, solution = given.complete_prompt, given.canonical_solution
    value = {
        "task_id": given.task_id,
        "prompt": prompt,
        "entry_point": given.entry_point,
        "test": f"{given.test}\n\n\ndef check(candidate):\n    oracles.run_unittest(TestCases)\n",
        "reference": whole_program(prompt, solution, given.entry_point),
        "source": source,
        "license": "Apache-2.0",
    }
    return parse_row(Problem, value, where)
