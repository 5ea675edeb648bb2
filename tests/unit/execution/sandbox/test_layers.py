import subprocess
import sys
from pathlib import Path

import pytest
from failpairs.errors import SandboxError
from failpairs.execution.sandbox import self_test
from failpairs.execution.sandbox.layers import TIERS
from failpairs.execution.sandbox.self_test import find_tier, why_not
from places import SCRIPTS

PROBE = """
import os, sys
sys.path.insert(0, {scripts!r})
from failpairs.execution.sandbox import layers
folder = layers.enter({tier!r}, os.getcwd())
layers.seal()
{attack}
"""


def attempt(tier: str, attack: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROBE.format(scripts=str(SCRIPTS), tier=tier, attack=attack)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("tier", TIERS)
def test_every_canary_attack_fails_in_every_tier_that_can_be_had(tier: str) -> None:
    assert why_not(tier) is None


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    "attack",
    [
        "import socket; socket.socket().connect(('127.0.0.1', 1))",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(1, 9) if os.getpid() != 1 else os.kill(2, 9)",
        "import ctypes; ctypes.CDLL(None).unshare(0x10000000) and os.abort()",
        "import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)",
    ],
)
def test_an_attack_on_the_kernel_ends_the_process(tmp_path: Path, tier: str, attack: str) -> None:
    done = attempt(tier, attack, tmp_path)
    assert done.returncode == -31  # SIGSYS


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    "attack",
    [
        "os.listdir('/etc')",
        "open(os.path.join({secret!r}))",
        "open({secret!r}, 'a')",
        "os.unlink({secret!r})",
        "os.symlink({secret!r}, folder + '/link'); open(folder + '/link')",
        "os.chmod(folder, 0o777)",
        "os.setpriority(os.PRIO_PROCESS, 0, 5)",
        "import resource; resource.prlimit(os.getppid() or 7, resource.RLIMIT_CPU)",
    ],
)
def test_an_attack_on_what_is_outside_fails(tmp_path: Path, tier: str, attack: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    (tmp_path / "inside").mkdir()
    code = f"try:\n    {attack.format(secret=str(secret))}\nexcept OSError:\n    os._exit(7)"
    done = attempt(tier, code, tmp_path / "inside")
    assert done.returncode == 7, done.stderr
    assert secret.read_text(encoding="utf-8") == "secret"


@pytest.mark.parametrize("tier", TIERS)
def test_ordinary_programs_still_work(tmp_path: Path, tier: str) -> None:
    work = (
        "import decimal, heapq, json, random, re, threading, zoneinfo\n"
        "open(folder + '/notes', 'w').write('x'); assert open(folder + '/notes').read() == 'x'\n"
        "thread = threading.Thread(target=lambda: None); thread.start(); thread.join()\n"
        "assert os.urandom(4)\n"
        "os._exit(5)"
    )
    done = attempt(tier, work, tmp_path)
    assert done.returncode == 5, done.stderr


def test_without_any_tier_the_reasons_and_the_remedy_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(self_test, "why_not", lambda tier: f"unshare: no {tier}")
    with pytest.raises(SandboxError, match=r"full: unshare: no full.*--unsafe-no-sandbox"):
        find_tier()


def test_the_strongest_tier_that_holds_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "why_not", lambda tier: "no" if tier == "full" else None)
    assert find_tier() == "landlock"


@pytest.mark.parametrize("unsafe", [False, True])
def test_elsewhere_than_on_linux_nothing_is_executed(
    monkeypatch: pytest.MonkeyPatch, unsafe: bool
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="on Linux only, not on darwin"):
        find_tier(unsafe)
