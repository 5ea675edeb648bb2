"""Programs that forge a pass, reach outside or use up what there is, and awkward innocent ones.

Each file of `attacks/` is one completion, under a header that says which labels are right for it.
Those of `attacks/numpy/` need that package, and cannot import it where a run does not name it.
"""

import os
import re
import resource
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from failpairs.exec_labels import ExecLabel
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.sandbox.layers import TIERS
from failpairs.execution.sandbox.self_test import why_not
from failpairs.execution.sandbox.syscalls import call
from failpairs.execution.settings import ExecutionSettings
from failpairs.labels import FAILURES, PASS
from failpairs.records import Problem, Sample

HEADER = re.compile(r"# accept: ([A-Z_ ]+)\n# ([^\n]+)\n")
PR_SET_CHILD_SUBREAPER = 36
TOKEN = "the-token-in-our-environment"
SECRET = "the-secret-in-our-file"
PROBLEM = Problem(
    task_id="t/0",
    prompt='def double(n):\n    """Return n times two."""\n',
    entry_point="double",
    test=(
        "def check(candidate):\n"
        "    assert candidate(2) == 4\n"
        "    assert candidate(0) == 0\n"
        "    assert candidate(-1) == -2\n"
        "    assert candidate(5) == 10\n"
    ),
    reference="def double(n):\n    return n * 2\n",
    source="test",
    license="MIT",
)


@dataclass(frozen=True)
class Attack:
    """A completion with placeholders such as `@LOOT@`, and the labels that are right for it; or the
    packages that it needs are not there."""

    name: str
    accepted: frozenset[str]
    completion: str
    packages: frozenset[str]


def read_attack(path: Path) -> Attack:
    # Not as text, since the ends of lines are part of some of them.
    text = path.read_bytes().decode("utf-8")
    header = HEADER.match(text)
    assert header, f"{path}: expected '# accept: LABEL ...' and a line that says what it tries"
    packages = frozenset({"numpy"} if path.parent.name == "numpy" else ())
    return Attack(path.stem, frozenset(header[1].split()), text[header.end() :], packages)


ATTACKS = [read_attack(path) for path in sorted((Path(__file__).parent / "attacks").rglob("*.py"))]
NAMES = [attack.name for attack in ATTACKS]


def test_there_are_many_attacks_and_each_accepts_few_labels() -> None:
    assert len(ATTACKS) >= 40
    for attack in ATTACKS:
        assert attack.accepted <= {*FAILURES, PASS}, attack.name
        assert 1 <= len(attack.accepted) <= 5, attack.name


class Outside:
    """What attacks aim at: a secret, a process, and sockets that nobody may reach."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.secret = folder / "secret"
        self.secret.write_text(SECRET, encoding="utf-8")
        self.secret.chmod(0o640)
        self.tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.udp.bind(("127.0.0.1", 0))
        self.unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        self.unix.bind(str(folder / "socket"))
        self.abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        self.abstract.bind(f"\0failpairs-attack-{os.getpid()}")
        for server in (self.unix, self.abstract):
            server.listen()
        self.victim = stack.enter_context(subprocess.Popen(["sleep", "1000"]))
        stack.callback(self.victim.kill)

    def fill_in(self, completion: str) -> str:
        """The completion with its placeholders replaced."""
        values = {
            "SECRET_FILE": self.secret,
            "LOOT": self.folder / "loot",
            "TCP_PORT": self.tcp.getsockname()[1],
            "UDP_PORT": self.udp.getsockname()[1],
            "SOCKET_FILE": self.folder / "socket",
            "ABSTRACT": self.abstract.getsockname()[1:].decode(),
            "VICTIM_PID": self.victim.pid,
        }
        return re.sub(r"@([A-Z_]+)@", lambda found: str(values[found[1]]), completion)

    def state(self) -> dict[str, Any]:
        """All that an attack could have changed."""
        status = self.secret.stat()
        pid = self.victim.pid
        limits = (getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_"))
        return {
            "folder": sorted(self.folder.iterdir()),
            "secret": self.secret.read_bytes(),
            "owner, mode and times": (*status[0:6], status.st_mtime_ns, status.st_ctime_ns),
            "attributes": os.listxattr(self.secret),
            "victim ended": self.victim.poll(),
            "affinity": os.sched_getaffinity(pid),
            "priority": os.getpriority(os.PRIO_PROCESS, pid),
            "scheduler": os.sched_getscheduler(pid),
            "limits": [resource.prlimit(pid, limit) for limit in limits],
            "host name": socket.gethostname(),
        }

    def reached(self) -> list[str]:
        """The sockets that something connected or sent to."""
        names = ["tcp", "unix", "abstract"]
        return [n for n in names if _accepts(getattr(self, n))] + ["udp"] * _receives(self.udp)


def _accepts(server: socket.socket) -> bool:
    server.setblocking(False)
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _receives(receiver: socket.socket) -> bool:
    receiver.setblocking(False)
    try:
        receiver.recv(1)
    except BlockingIOError:
        return False
    return True


def children() -> set[int]:
    """The processes, other than ended ones, whose parent is this process."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == os.getpid() and state != "Z":
            found.add(int(path.parent.name))
    return found


@dataclass(frozen=True)
class Run:
    """All attacks, run one after the other in one tier, each followed by an innocent sample."""

    packages: frozenset[str]
    verdicts: list[ExecLabel]
    before: dict[str, Any]
    after: dict[str, Any]
    reached: list[str]
    new_children: set[int]
    left_over: list[Path]


def innocent(number: int) -> str:
    """A sample that passes if its number is even; no two are the same."""
    return f"# innocent sample number {number}\ndef double(n):\n    return n * {2 + number % 2}\n"


@dataclass(frozen=True)
class Circumstances:
    """Where attacks are run: the tier, the packages that are there, and the umask of the user."""

    tier: str
    packages: frozenset[str]
    umask: int

    def __str__(self) -> str:
        return "-".join([self.tier, *self.packages, f"{self.umask:03o}"])


CIRCUMSTANCES = [Circumstances(tier, frozenset({"numpy"}), 0o077) for tier in TIERS]
CIRCUMSTANCES.append(Circumstances("full", frozenset(), 0o022))


@pytest.fixture(scope="module", params=CIRCUMSTANCES, ids=str)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    tier, packages = request.param.tier, request.param.packages
    reason = why_not(tier)
    if reason is not None:
        pytest.skip(reason)
    temporary = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("SECRET_TOKEN", TOKEN)
        patch.setattr(tempfile, "tempdir", str(temporary))
        # What the run leaves behind without a parent becomes a child of ours.
        call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        stack.callback(call, "prctl", PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        outside = Outside(tmp_path_factory.mktemp("outside"), stack)
        texts = [
            text
            for number, attack in enumerate(ATTACKS)
            for text in (outside.fill_in(attack.completion), innocent(number))
        ]
        samples = [
            Sample(task_id="t/0", sample_index=index, completion=text, finish_reason="eos")
            for index, text in enumerate(texts)
        ]
        # The zygotes import what the test imports.
        imports = "".join(f"import {name}\n" for name in packages)
        problem = PROBLEM.model_copy(update={"test": imports + PROBLEM.test})
        settings = ExecutionSettings(
            timeout=1, memory_mb=256, output_kb=64, runs=1, packages=[*packages]
        )
        before, old_children = outside.state(), children()
        verdicts = list(execute_samples([problem], samples, settings, tier, 2))
        yield Run(
            packages=packages,
            verdicts=verdicts,
            before=before,
            after=outside.state(),
            reached=outside.reached(),
            new_children=children() - old_children,
            left_over=list(temporary.iterdir()),
        )


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=NAMES)
def test_an_attack_gets_its_label(run: Run, number: int) -> None:
    verdict, attack = run.verdicts[2 * number], ATTACKS[number]
    can_import = attack.packages <= run.packages
    assert verdict.label in (attack.accepted if can_import else {"IMPORT_ERROR"}), verdict


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=NAMES)
def test_the_sample_after_an_attack_is_judged_as_if_there_had_been_none(
    run: Run, number: int
) -> None:
    verdict = run.verdicts[2 * number + 1]
    assert verdict.label == ("ASSERTION_FAIL" if number % 2 else PASS), verdict


def test_nothing_outside_has_changed(run: Run) -> None:
    assert run.after == run.before
    assert run.reached == []


def test_no_secret_is_told(run: Run) -> None:
    told = repr(run.verdicts)
    assert TOKEN not in told
    assert SECRET not in told


def test_nothing_is_left_over(run: Run) -> None:
    assert run.new_children == set()
    assert run.left_over == []
