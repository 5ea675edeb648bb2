import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import SCRIPTS

HEADER = """\
import ast, errno, logging, os, sys
from failpairs.workflow import cli
from failpairs.errors import InputError, SandboxError
def main():
"""


def run(tmp_path: Path, body: str, **environment: str) -> subprocess.CompletedProcess[str]:
    script = tmp_path / "script.py"
    script.write_text(f"{HEADER}    {body}\ncli.run(main)\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, script],
        env={
            **os.environ,
            "PYTHONPATH": str(SCRIPTS),
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ("pass", 0, ""),
        (r"raise InputError('a.jsonl:3:\n   bad')", 2, "error: a.jsonl:3: bad\n"),
        ("raise SandboxError('no namespaces')", 3, "error: no namespaces\n"),
        ("raise KeyboardInterrupt", 130, "error: interrupted\n"),
        (
            "raise OSError(errno.ENOSPC, 'full', 'out.jsonl')",
            2,
            "error: the disk is full while writing out.jsonl: free some space and run again\n",
        ),
        (
            "print('x', file=open('/dev/full', 'w'), flush=True)",
            2,
            "error: the disk is full: free some space and run again\n",
        ),
    ],
    ids=["done", "bad input", "no sandbox", "interrupted", "quota", "full device"],
)
def test_what_a_user_can_mend_ends_in_one_line(
    tmp_path: Path, body: str, status: int, message: str
) -> None:
    done = run(tmp_path, body)
    assert (done.returncode, done.stderr) == (status, message)


@pytest.mark.parametrize("error", ["ValueError('boom')", "OSError(errno.EIO, 'boom')"])
def test_a_bug_keeps_its_traceback(tmp_path: Path, error: str) -> None:
    done = run(tmp_path, f"raise {error}")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "boom" in done.stderr


def test_log_lines_are_plain_and_not_on_standard_output(tmp_path: Path) -> None:
    done = run(tmp_path, "logging.getLogger('failpairs').info('sampled 3')")
    assert (done.stdout, done.stderr) == ("", "sampled 3\n")


def test_a_text_of_a_model_compiles_also_where_warnings_are_errors(tmp_path: Path) -> None:
    done = run(tmp_path, r"""ast.parse(r"'\d'")""", PYTHONWARNINGS="error")
    assert (done.returncode, done.stderr) == (0, "")


def test_no_progress_bars_where_there_is_no_terminal(tmp_path: Path) -> None:
    done = run(tmp_path, "print(os.environ['TQDM_DISABLE'])")
    assert done.stdout == "1\n"


def test_where_the_log_is_on_the_full_disk_too_the_line_goes_to_standard_output() -> None:
    code = (
        "import logging, sys; sys.path.insert(0, sys.argv[1])\n"
        "from failpairs.workflow import cli\n"
        "def main():\n"
        "    logging.info('some progress')\n"
        "    open('/dev/full', 'w', buffering=1).write('text\\n')\n"
        "cli.run(main)"
    )
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, SCRIPTS], stdout=subprocess.PIPE, stderr=full, text=True
        )
    message = "error: the disk is full: free some space and run again\n"
    assert (done.returncode, done.stdout) == (2, message)
