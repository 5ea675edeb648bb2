"""Proves that a tier of the sandbox holds here, by attacks that must fail.

    python -B -P -s -S self_test.py TIER ATTACK TARGET

enters the sandbox in the current folder, does what every program may do and then tries one attack.
The exit status is a `Result`; an end by SIGSYS after "inside" was printed means that it held.
"""

import importlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple


class Result(IntEnum):
    """How an attack ended, as an exit status; Python itself ends with none of these."""

    HELD = 10
    LEAKED = 11
    UNAVAILABLE = 12
    BROKEN = 13


class Choice(NamedTuple):
    """A tier, and for each stronger one why it was not chosen."""

    tier: str
    reasons: list[str]


def read_file(target: str) -> None:
    os.close(os.open(target, os.O_RDONLY))


def write_file(target: str) -> None:
    os.close(os.open(f"{target}.leak", os.O_WRONLY | os.O_CREAT))


def connect(target: str) -> None:
    socket.create_connection(("127.0.0.1", int(target)), timeout=2).close()


def signal_process(target: str) -> None:
    os.kill(int(target), 0)


ATTACKS: dict[str, Callable[[str], None]] = {
    "read": read_file,
    "write": write_file,
    "connect": connect,
    "signal": signal_process,
}


def find_tier(unsafe: bool = False) -> str:
    """The tier that `choose_tier` chooses.

    Raises:
        SandboxError: as `choose_tier`.
    """
    return choose_tier(unsafe).tier


def choose_tier(unsafe: bool = False) -> Choice:
    """The strongest tier that holds here, or none if that is what the user wants.

    Raises:
        SandboxError: none holds; the message names what failed in each, and the remedy.
    """
    from failpairs.errors import SandboxError
    from failpairs.execution.sandbox.layers import NO_SANDBOX, TIERS

    if sys.platform != "linux":
        raise SandboxError(f"programs can be executed on Linux only, not on {sys.platform}")
    if unsafe:
        return Choice(NO_SANDBOX, [])
    reasons: list[str] = []
    for tier in TIERS:
        reason = why_not(tier)
        if reason is None:
            return Choice(tier, reasons)
        reasons.append(f"{tier}: {reason}")
    raise SandboxError(f"no sandbox can be made safe here ({'; '.join(reasons)}); {REMEDY}")


REMEDY = (
    "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1) or use a kernel with "
    "Landlock (5.13 or later); to run without protection all the same, for models that you trust, "
    "pass --unsafe-no-sandbox (execution.unsafe_no_sandbox)"
)


def why_not(tier: str) -> str | None:
    """None if every attack fails in a tier, else what is wrong with it."""
    with (
        tempfile.TemporaryDirectory(prefix="failpairs-") as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        secret = Path(folder) / "secret"
        secret.write_text("secret", encoding="utf-8")
        targets = {
            "read": str(secret),
            "write": str(secret),
            "connect": str(server.getsockname()[1]),
            "signal": str(os.getpid()),
        }
        for attack, target in targets.items():
            inside = Path(folder) / attack
            inside.mkdir()
            result, said = _try_attack(inside, tier, attack, target)
            if result == Result.LEAKED or Path(f"{secret}.leak").exists():
                return f"the attack {attack!r} was not stopped"
            if result == Result.BROKEN:
                return f"the self-test broke before the attack {attack!r} had a result: {said}"
            if result == Result.UNAVAILABLE:
                return said
    return None


def _try_attack(folder: Path, *words: str) -> tuple[Result, str]:
    """How one attack ended, and the last line that it wrote to standard error."""
    done = subprocess.run(
        [sys.executable, "-B", "-P", "-s", "-S", __file__, *words],
        cwd=folder,
        env={},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return result_of(done.returncode, done.stdout, done.stderr)


def result_of(status: int, output: str, errors: str) -> tuple[Result, str]:
    """What the end of an attack's process means, and the cause where there is one.

    Example:
        >>> result_of(1, "inside", "Traceback ...\\nPermissionError: /dev/null")
        (<Result.BROKEN: 13>, 'PermissionError: /dev/null')
    """
    if status == -signal.SIGSYS and output:
        return Result.HELD, ""
    last_line = errors.strip().rpartition("\n")[2]
    if status in (Result.HELD, Result.LEAKED, Result.UNAVAILABLE):
        return Result(status), last_line
    return Result.BROKEN, last_line or f"it ended with status {status}"


def work() -> None:
    """Do what every program may do, so that a sandbox in which nothing works does not pass for a
    safe one."""
    importlib.import_module("colorsys")
    with open(os.devnull, "wb"), tempfile.TemporaryFile(dir=os.curdir):
        pass


def main() -> None:
    sys.path.insert(0, os.path.abspath(os.path.join(__file__, *[os.pardir] * 4)))
    from failpairs.execution.sandbox import layers

    tier, attack, target = sys.argv[1:]
    try:
        layers.enter(tier, os.getcwd())
        layers.seal()
    except layers.SandboxUnavailable as error:
        print(error.strerror, file=sys.stderr)
        sys.exit(Result.UNAVAILABLE)
    work()
    print("inside", flush=True)
    try:
        ATTACKS[attack](target)
    except OSError:
        sys.exit(Result.HELD)
    sys.exit(Result.LEAKED)


if __name__ == "__main__":
    main()
