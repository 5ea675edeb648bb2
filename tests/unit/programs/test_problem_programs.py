"""The programs `prepare_problems.py` and `try_problems.py`, as a user calls them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from builders import a_problem, humaneval_row, write_lines
from failpairs.problems.jsonl import read_problems
from places import SCRIPTS

MALFORMED: dict[str, Any] = {"task_id": "Own/1", "test": "def check("}


def call(folder: Path, script: str, arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPTS / script), *arguments.split()],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_malformed_rows_stop_the_preparation_or_are_left_out(tmp_path: Path) -> None:
    write_lines(tmp_path / "own.jsonl", humaneval_row(), humaneval_row(**MALFORMED))
    arguments = "--source jsonl:own.jsonl --split eval --output out.jsonl"
    fault = "own.jsonl:2: field 'test' of Own/1: '(' was never closed (<unknown>, line 1)"

    done = call(tmp_path, "prepare_problems.py", arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: {fault}. Mend them, or set problems.broken (--broken) to drop to leave them out\n"
    )
    assert not (tmp_path / "out.jsonl").exists()

    done = call(tmp_path, "prepare_problems.py", f"{arguments} --broken drop --limit 3")
    assert (done.returncode, done.stderr) == (
        0,
        f"left out: {fault}\njsonl:own.jsonl: 1 malformed rows are left out\n",
    )
    assert done.stdout == (
        "problems.limit is 3 for each source, but jsonl:own.jsonl gives 1 in all\n"
    )
    assert [problem.task_id for problem in read_problems(tmp_path / "out.jsonl")] == ["Own/0"]


def test_problems_without_a_reference_are_counted_and_kept(tmp_path: Path) -> None:
    broken = a_problem("t/2", reference="def double(n):\n    return n\n")
    problems = [a_problem(), a_problem("t/1", reference=""), broken]
    path = write_lines(tmp_path / "own.jsonl", *(problem.model_dump() for problem in problems))

    done = call(tmp_path, "try_problems.py", "--problems own.jsonl --workers 1")
    assert done.returncode == 2
    assert "1 of 3 problems have no reference and are not tried\n" in done.stderr
    fault = "its reference does not pass its own test: ASSERTION_FAIL"
    assert f"error: own.jsonl: broken problems: t/2: {fault}. Mend them, or set" in done.stderr

    done = call(tmp_path, "try_problems.py", "--problems own.jsonl --workers 1 --broken drop")
    assert (done.returncode, read_problems(path)) == (0, problems[:2])
    assert "1 of 3 problems are broken and left out\n" in done.stderr
