import subprocess
import sys
from pathlib import Path

import pytest
from failpairs.execution.sandbox.layers import TIERS
from failpairs.execution.sandbox.namespaces import NO_PACKAGES, Packages
from places import SCRIPTS
from users import USERS, User

PROBE = """
import os, sys
sys.path.insert(0, {scripts!r})
from failpairs.execution.sandbox import layers
folder = layers.enter({tier!r}, os.getcwd(), {packages!r})
site = "".join(layers.packages_inside({tier!r}, {packages!r}))
layers.seal()
{attack}
"""


def attempt(
    tier: str,
    attack: str,
    folder: Path,
    user: User = USERS[0],
    packages: Packages = NO_PACKAGES,
) -> subprocess.CompletedProcess[str]:
    values = {"scripts": str(SCRIPTS), "tier": tier, "attack": attack, "packages": packages}
    return subprocess.run(
        [sys.executable, "-c", PROBE.format(**values)],
        cwd=folder,
        umask=user.umask,
        preexec_fn=user.become,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("user", [USERS[0], USERS[-1]], ids=str)
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
def test_an_attack_on_the_kernel_ends_the_process(
    tmp_path: Path, tier: str, user: User, attack: str
) -> None:
    done = attempt(tier, attack, tmp_path, user)
    assert done.returncode == -31  # SIGSYS


@pytest.mark.parametrize("user", [USERS[0], USERS[-1]], ids=str)
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    "attack",
    [
        "os.listdir('/etc')",
        "open(os.path.join({secret!r}))",
        "open({secret!r}, 'a')",
        "os.unlink({secret!r})",
        "os.symlink({secret!r}, folder + '/link'); open(folder + '/link')",
        "os.setpriority(os.PRIO_PROCESS, 0, 5)",
        "import resource; resource.prlimit(os.getppid() or 7, resource.RLIMIT_CPU)",
    ],
)
def test_an_attack_on_what_is_outside_fails(
    tmp_path: Path, tier: str, user: User, attack: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    (tmp_path / "inside").mkdir()
    code = f"try:\n    {attack.format(secret=str(secret))}\nexcept OSError:\n    os._exit(7)"
    done = attempt(tier, code, tmp_path / "inside", user)
    assert done.returncode == 7, done.stderr
    assert secret.read_text(encoding="utf-8") == "secret"


@pytest.mark.parametrize("user", [USERS[0], USERS[-1]], ids=str)
@pytest.mark.parametrize("tier", TIERS)
def test_modes_and_times_of_files_seem_to_change_and_stay(
    tmp_path: Path, tier: str, user: User
) -> None:
    changes = ("os.chmod(path, 0o777)", "os.utime(path, (1, 1))", "os.chmod(folder, 0)")
    code = (
        "path = folder + '/file'; open(path, 'w').close()\n"
        "before = os.stat(path), os.stat(folder).st_mode\n"
        f"{'; '.join(changes)}\n"
        "assert before == (os.stat(path), os.stat(folder).st_mode)\n"
        "os._exit(7)"
    )
    done = attempt(tier, code, tmp_path, user)
    assert done.returncode == 7, done.stderr


@pytest.mark.parametrize("user", USERS, ids=str)
@pytest.mark.parametrize("tier", TIERS)
def test_ordinary_programs_still_work(tmp_path: Path, tier: str, user: User) -> None:
    work = (
        "import decimal, heapq, json, random, re, tempfile, threading, zoneinfo\n"
        "open(folder + '/notes', 'w').write('x'); assert open(folder + '/notes').read() == 'x'\n"
        "thread = threading.Thread(target=lambda: None); thread.start(); thread.join()\n"
        "tempfile.tempdir = folder; tempfile.NamedTemporaryFile().close()\n"
        "tempfile.TemporaryFile().close(); tempfile.TemporaryDirectory().cleanup()\n"
        "open(os.devnull, 'w').write('x')\n"
        "assert os.urandom(4)\n"
        "assert os.umask(0) == 0o022\n"
        "import shutil; shutil.copy2(folder + '/notes', folder + '/copy')\n"
        "assert open(folder + '/copy').read() == 'x'\n"
        "os._exit(5)"
    )
    done = attempt(tier, work, tmp_path, user)
    assert done.returncode == 5, done.stderr


@pytest.mark.parametrize("user", USERS, ids=str)
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("attack", "status"),
    [
        ("assert open(site + '/mine/__init__.py').read() == 'mine'", 5),
        ("assert os.listdir(site + '/mine') == ['__init__.py']", 5),
        ("assert open(site + '/shared/mine.so').read() == 'mine'", 5),
        ("open(site + '/theirs/__init__.py')", 7),
        ("open(site + '/shared/theirs.so')", 7),
        ("os.listdir(site + '/theirs')", 7),
        ("os.listdir(site).index('theirs')", 7),
        ("os.listdir(site + '/shared').index('theirs.so')", 7),
        ("open(site + '/mine/__init__.py', 'a')", 7),
        ("open(site + '/mine/new.py', 'w')", 7),
        ("open(site + '/new.py', 'w')", 7),
        ("os.unlink(site + '/shared/mine.so')", 7),
        ("os.rename(site + '/mine', site + '/theirs')", 7),
    ],
)
def test_of_installed_packages_only_the_named_can_be_read_and_none_be_changed(
    tmp_path: Path, tier: str, user: User, attack: str, status: int
) -> None:
    for name in ("mine/__init__.py", "theirs/__init__.py", "shared/mine.so", "shared/theirs.so"):
        file = tmp_path / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine", encoding="utf-8")
    (tmp_path / "inside").mkdir()
    packages = {str(tmp_path / "site"): ["mine", "shared/mine.so"]}
    code = f"try:\n    {attack}\nexcept (OSError, ValueError):\n    os._exit(7)\nos._exit(5)"
    done = attempt(tier, code, tmp_path / "inside", user, packages)
    assert done.returncode == status, done.stderr
