"""Problems in LiveCodeBench's shape, each with programs that end in six ways."""

import base64
import json
import pickle
import zlib
from collections.abc import Callable
from typing import Any

from failpairs.execution.label_samples import execute_samples
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.problems.livecodebench import problem_from_livecodebench
from failpairs.records import ForeignSample, Problem

SETTINGS = ExecutionSettings(timeout=0.5, min_timeout=0.5, memory_mb=256, runs=1)
# What is asked of a list of numbers, as Python.
TASKS = (
    "sum(v)",
    "max(v)",
    "min(v)",
    "len(v)",
    "max(v) - min(v)",
    "sorted(v)",
    "v[::-1]",
    "sorted(set(v))",
    "sum(x * x for x in v)",
    "[x + 1 for x in v]",
    "[x for x in v if x % 2]",
    "sum(x % 2 == 0 for x in v)",
    "[sum(v[: i + 1]) for i in range(len(v))]",
    "max(v.count(x) for x in v)",
    "sum(v) / len(v)",
    "[x / 4 for x in v]",
    "sorted(v)[len(v) // 2] / 8",
    "'YES' if v == sorted(v) else 'NO'",
    "' '.join('x' * x for x in v)",
    "[abs(a - b) for a, b in zip(v, v[1:])] or [0]",
)
# How the numbers stand in the input: what writes them, and what reads them.
LAYOUTS: tuple[tuple[Callable[[list[int]], str], str], ...] = (
    (lambda v: " ".join(map(str, v)) + "\n", "v = [*map(int, input().split())]"),
    (
        lambda v: f"{len(v)}\n" + "".join(f"{x}\n" for x in v),
        "v = [int(input()) for _ in range(int(input()))]",
    ),
    (
        lambda v: f"{len(v)}\n{' '.join(map(str, v))}",
        "import sys\nv = [*map(int, sys.stdin.read().split()[1:])]",
    ),
)
LISTS = ([3, 1, 2], [5], [2, 2, 7, 1, 1], [4, 4, 4, 4])
PRINT = "print(*r) if isinstance(r, list) else print(r)"
FLOATING = (
    "def f(x):\n    return f'{x:.9f}' if isinstance(x, float) else str(x)\n"
    "for x in [r] if not isinstance(r, list) else [' '.join(map(f, r))]:\n"
    "    print(f(x) if not isinstance(x, str) else x, end='  \\n\\n')"
)
ENDINGS: dict[str, tuple[str, str]] = {
    "right": ("{read}\nr = {task}\n{print}", "PASS"),
    "floats and blanks written otherwise": ("{read}\nr = {task}\n{floating}", "PASS"),
    "wrong": ("{read}\nprint('no', {task}, 'no')", "ASSERTION_FAIL"),
    "silent": ("{read}\nr = {task}", "NO_OUTPUT"),
    "does not read": ("print('none')", "NO_INPUT_READ"),
    "loops": ("{read}\nwhile True:\n    v.append(len(v)) if len(v) < 9 else v.pop()", "TIMEOUT"),
}


def answer(task: str, v: list[int]) -> str:
    r: Any = eval(task, {"v": v})
    return " ".join(map(str, r)) if isinstance(r, list) else str(r)


def problems() -> list[tuple[Problem, str, str]]:
    """Sixty problems, with the code that reads the input and the one that gives the answer."""
    found = []
    for number, task in enumerate(TASKS):
        for layout, (write, read) in enumerate(LAYOUTS):
            tests = [
                {"input": write(v), "output": answer(task, v), "testtype": "stdin"} for v in LISTS
            ]
            packed = base64.b64encode(zlib.compress(pickle.dumps(json.dumps(tests[2:]))))
            row = {
                "question_id": f"{number}_{layout}",
                "question_content": f"Read a list and print {task}.",
                "contest_date": "2024-10-05T00:00:00",
                "public_test_cases": json.dumps(tests[:2]),
                "private_test_cases": packed.decode(),
                "metadata": "{}",
            }
            found.append((problem_from_livecodebench(row, "f:1", "own"), read, task))
    return found


def test_programs_of_contest_problems_get_the_label_of_how_they_end() -> None:
    samples, expected = [], []
    for problem, read, task in problems():
        for index, (code, label) in enumerate(ENDINGS.values()):
            values = {"read": read, "task": task, "print": PRINT, "floating": FLOATING}
            for name, value in values.items():
                code = code.replace(f"{{{name}}}", value)
            samples.append(
                ForeignSample(
                    task_id=problem.task_id, sample_index=index, completion=code, form="solution"
                )
            )
            expected.append(label)
    tried = [problem for problem, _, _ in problems()]
    verdicts = [*execute_samples(tried, samples, SETTINGS, find_tier(), workers=2)]
    wrong = [
        (verdict.task_id, verdict.sample_index, verdict.label, label, verdict.message)
        for verdict, label in zip(verdicts, expected, strict=True)
        if verdict.label != label
    ]
    assert len(verdicts) == 360
    assert wrong == []
