"""The program `execute.py`, as a user calls it."""

import ctypes
import gzip
import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from builders import a_problem, write_lines
from failpairs.execution.sandbox.syscalls import PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, libc
from failpairs.records import Problem
from failpairs.storage.files import write_jsonl
from places import SCRIPTS
from users import USERS, User

SCRIPT = SCRIPTS / "execute.py"
RIGHT = {"task_id": "t/0", "sample_index": 0, "completion": "    return n * 2\n"}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(
        samples: bytes, *options: str, problem: Problem | None = None, **settings: Any
    ) -> subprocess.CompletedProcess[str]:
        write_jsonl(tmp_path / "problems.jsonl", [problem or a_problem()])
        (tmp_path / "samples.jsonl").write_bytes(samples)
        return subprocess.run(
            [*command(tmp_path), *options],
            capture_output=True,
            text=True,
            check=False,
            **settings,
        )

    return run


def command(folder: Path) -> list[str]:
    return [
        sys.executable,
        str(SCRIPT),
        f"--problems={folder}/problems.jsonl",
        f"--samples={folder}/samples.jsonl",
        f"--output={folder}/labels.jsonl",
        "--workers=2",
        "--timeout=2",
    ]


def lines(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


BAD_SAMPLES = {
    "unknown problem": (lines(RIGHT, {**RIGHT, "task_id": "t/9"}), "task_id 't/9' is not among"),
    "twice": (lines(RIGHT, RIGHT), "task_id 't/0' has sample_index 0 twice"),
    "field missing": (lines(RIGHT, {"task_id": "t/0", "sample_index": 1}), "samples.jsonl:2:"),
    "no UTF-8": (lines(RIGHT) + b'{"task_id": "\xff"}\n', "samples.jsonl:2:"),
    "cut short": (lines(RIGHT) + b'{"task_id": "t/0", "sa', "samples.jsonl:2:"),
    "truncated gzip": (
        gzip.compress(lines(RIGHT, {**RIGHT, "sample_index": 1}))[:-20],
        "samples.jsonl",
    ),
    "nothing": (b"", "no samples"),
}


@pytest.mark.parametrize("name", BAD_SAMPLES)
def test_bad_samples_are_named_in_one_line_before_any_is_run(
    run: Run, tmp_path: Path, name: str
) -> None:
    samples, fault = BAD_SAMPLES[name]
    done = run(samples)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert fault in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["problems.jsonl", "samples.jsonl"]


def test_a_test_that_does_not_compile_is_the_fault_of_its_problem(run: Run, tmp_path: Path) -> None:
    done = run(lines(RIGHT), problem=a_problem(test="def check(candidate:\n"))
    assert done.returncode == 2
    assert "field 'test' of t/0: '(' was never closed" in done.stderr
    assert not (tmp_path / "labels.jsonl").exists()


def test_what_cannot_be_run_is_counted_for_a_problem_that_was_not_tried_too(
    run: Run, tmp_path: Path
) -> None:
    write_lines(tmp_path / "trials.jsonl", {"task_id": "t/9", "timeout": 1.0})
    problem = a_problem(test=f"import no_such_module\n{a_problem().test}")
    done = run(lines(RIGHT), f"--trials={tmp_path}/trials.jsonl", problem=problem)
    assert done.returncode == 2
    assert "1 of 1 samples could not be executed (INFRA_ERROR)" in done.stderr


def test_odd_texts_get_labels(run: Run, tmp_path: Path) -> None:
    texts = [
        "    return n * 2\0\n",
        "    return n * 2  # \ud800\n",
        "    return 2 * n\n#" + "x" * 10_000_000,
        "    x = '\ud800'\n    return 2 * n\n",
        "    return n * 2  # \u2028 \u202e\n",
    ]
    done = run(lines(*({**RIGHT, "sample_index": i, "completion": t} for i, t in enumerate(texts))))
    assert done.returncode == 0, done.stderr
    labels = [row["label"] for row in rows(tmp_path / "labels.jsonl")]
    assert labels == ["SYNTAX_ERROR", "SYNTAX_ERROR", "PASS", "SYNTAX_ERROR", "PASS"]


def test_after_a_kill_the_rows_that_were_written_stand(run: Run, tmp_path: Path) -> None:
    wait = "    import time\n    time.sleep({})\n    return n * 2  # {}"
    # After the first rows there is ample time for the kill, and afterwards several wait at once.
    samples = [
        {**RIGHT, "sample_index": i, "completion": wait.format(0.25 * (i > 8), i)}
        for i in range(30)
    ]
    write_jsonl(tmp_path / "problems.jsonl", [a_problem()])
    (tmp_path / "samples.jsonl").write_bytes(lines(*samples))
    one_by_one = [*command(tmp_path), "--workers=1"]
    with subprocess.Popen(one_by_one, stderr=subprocess.DEVNULL) as process:
        while not (partial := list(tmp_path.glob(".labels.jsonl.*.partial"))) or (
            partial[0].read_bytes().count(b"\n") < 5
        ):
            assert process.poll() is None
            time.sleep(0.05)
        process.kill()
    written = partial[0].read_bytes()
    kept = written[: written.rindex(b"\n") + 1]
    assert not (tmp_path / "labels.jsonl").exists()
    done = run(lines(*samples), "--workers=6")
    assert done.returncode == 0, done.stderr
    whole = (tmp_path / "labels.jsonl").read_bytes()
    assert whole.startswith(kept)
    assert [row["sample_index"] for row in rows(tmp_path / "labels.jsonl")] == [*range(30)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "labels.jsonl",
        "labels.meta.json",
        "problems.jsonl",
        "samples.jsonl",
    ]


def deny(*calls: int) -> Callable[[], None]:
    """For a child: have the kernel refuse system calls, as other hosts do (x86-64)."""

    def install() -> None:
        filters = [(0x20, 0, 0, 0)]
        for number in calls:
            filters += [(0x15, 0, 1, number), (0x06, 0, 0, 0x00050001)]
        filters.append((0x06, 0, 0, 0x7FFF0000))
        code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *f) for f in filters))
        pointer = struct.pack("@HP", len(filters), ctypes.addressof(code))
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        assert libc.prctl(PR_SET_SECCOMP, 2, pointer, 0, 0) == 0

    return install


UNSHARE, MOUNT, LANDLOCK = 272, 165, 444


@pytest.mark.parametrize(
    ("denied", "tier"),
    [
        ((), "full"),
        ((UNSHARE,), "landlock"),
        ((MOUNT,), "landlock"),
        ((LANDLOCK,), "namespaces"),
    ],
    ids=["all there", "no namespaces", "no mounts", "no Landlock"],
)
def test_a_host_that_lacks_a_layer_gets_the_next_best_tier(
    run: Run, tmp_path: Path, denied: tuple[int, ...], tier: str
) -> None:
    done = run(lines(RIGHT), preexec_fn=deny(*denied))
    assert done.returncode == 0, done.stderr
    meta = json.loads((tmp_path / "labels.meta.json").read_text("utf-8"))
    assert meta["validator"]["sandbox"] == tier
    assert [row["label"] for row in rows(tmp_path / "labels.jsonl")] == ["PASS"]
    told = f"sandbox: using tier {tier}, since full: "
    assert (told in done.stderr) == bool(denied)


@pytest.mark.parametrize("user", USERS, ids=str)
def test_every_user_gets_the_same_tier_and_verdicts(run: Run, tmp_path: Path, user: User) -> None:
    samples = [
        {**RIGHT, "sample_index": number, "completion": f"    {body}\n"}
        for number, body in enumerate(
            [
                "import numpy as np; return int(np.int64(n) * 2)",
                "assert n == 1; return n * 2",
                "return n * 2 if '\\d' == chr(92) + 'd' else 0",
                "import tempfile; tempfile.NamedTemporaryFile(); return n * 2",
                "return n * 3",
            ]
        )
    ]
    done = run(
        lines(*samples),
        *("--packages", "numpy"),
        problem=a_problem(test="import numpy\n\n" + a_problem().test),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SCRIPTS), **user.environment},
        umask=user.umask,
        preexec_fn=user.become,
    )
    assert done.returncode == 0, done.stderr
    labels = [row["label"] for row in rows(tmp_path / "labels.jsonl")]
    assert labels == ["PASS", "RUNTIME_ERROR", "PASS", "PASS", "ASSERTION_FAIL"]
    validator = json.loads((tmp_path / "labels.meta.json").read_text("utf-8"))["validator"]
    assert validator["sandbox"] == "full"
    assert validator["packages"] == {"numpy": version("numpy")}


def test_a_package_that_is_not_installed_is_named_before_anything_runs(
    run: Run, tmp_path: Path
) -> None:
    done = run(lines(RIGHT), "--packages", "no-such-package")
    assert done.returncode == 2
    assert "execution.packages" in done.stderr
    assert "-m pip install no-such-package" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "labels.jsonl").exists()


def test_a_host_without_any_layer_is_refused_unless_the_user_insists(
    run: Run, tmp_path: Path
) -> None:
    done = run(lines(RIGHT), preexec_fn=deny(UNSHARE, LANDLOCK))
    assert done.returncode == 3
    for part in ("unshare", "landlock_create_ruleset", "EPERM", "--unsafe-no-sandbox"):
        assert part in done.stderr
    assert not (tmp_path / "labels.jsonl").exists()

    done = run(lines(RIGHT), "--unsafe-no-sandbox", preexec_fn=deny(UNSHARE, LANDLOCK))
    assert done.returncode == 0, done.stderr
    meta = json.loads((tmp_path / "labels.meta.json").read_text("utf-8"))
    assert meta["validator"]["sandbox"] == "none"
    assert [row["label"] for row in rows(tmp_path / "labels.jsonl")] == ["PASS"]


FENCED = {"task_id": "t/0", "completion": "Sure:\n```python\ndef double(n):\n    return n * 2\n```"}


@pytest.mark.parametrize(
    ("n_fenced", "n_plain", "options", "warns"),
    [
        (10, 10, [], True),
        (9, 0, [], False),
        (10, 200, [], False),
        (10, 10, ["--extract"], False),
    ],
)
def test_programs_in_fences_of_other_tools_are_extracted_if_asked_for(
    run: Run, tmp_path: Path, n_fenced: int, n_plain: int, options: list[str], warns: bool
) -> None:
    plain = {"task_id": "t/0", "completion": "    return n * 2\n"}
    done = run(lines(*[FENCED] * n_fenced, *[plain] * n_plain), *options)
    assert done.returncode == 0, done.stderr
    labels = [row["label"] for row in rows(tmp_path / "labels.jsonl")]
    label = "PASS" if options else "SYNTAX_ERROR"
    assert labels == [label] * n_fenced + ["PASS"] * n_plain
    warning = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    assert len(warning) == warns
    assert all("--extract" in line for line in warning)
    validator = json.loads((tmp_path / "labels.meta.json").read_text("utf-8"))["validator"]
    assert validator["extract"] == bool(options)
