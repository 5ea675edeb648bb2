"""MultiPL-E (Cassano et al. 2022, arXiv 2208.08227): HumanEval and MBPP in many languages, of which
the rows in Python are read."""

import ast
from typing import Any

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.problems.humaneval import check_language
from failpairs.problems.rows import parse_code
from failpairs.records import Problem
from failpairs.storage.files import parse_row

MULTIPL_E_MARKS = {"tests", "stop_tokens"}


class _MultiplERow(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    name: str
    language: str
    prompt: str
    tests: str


def problem_from_multipl_e(row: dict[str, Any], where: str, source: str) -> Problem:
    """A row as a problem, without a reference; `tests` names the function and is run at its end.

    Raises:
        InputError: a field is missing or of another type, the language is not Python, or the tests
            do not call check with a function.
    """
    given = parse_row(_MultiplERow, row, where)
    check_language(given.language, where)
    for statement in parse_code(given.tests, f"{where}: field 'tests'").body:
        for node in ast.walk(statement):
            match node:
                case ast.Call(func=ast.Name(id="check"), args=[ast.Name(id=name)]):
                    lines = given.tests.split("\n")[: statement.lineno - 1]
                    value = {
                        "task_id": given.name,
                        "prompt": given.prompt,
                        "entry_point": name,
                        "test": "\n".join(lines).rstrip() + "\n",
                        "reference": "",
                        "source": source,
                        "license": "unknown",
                    }
                    return parse_row(Problem, value, where)
    raise InputError(f"{where}: field 'tests': expected check(FUNCTION) at its end")
