"""Proves that a tier of the sandbox holds here, by attacks that must fail.

    python -B -P -s -S self_test.py TIER ATTACK TARGET

enters the sandbox in the current folder and tries one attack. Exit status 0: it failed, as it must
(so does an end by SIGSYS); 1: it succeeded; 3: the sandbox could not be entered, and why.
"""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

LEAKED, UNAVAILABLE = 1, 3


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
    """The strongest tier that holds here, or none if that is what the user wants.

    Raises:
        SandboxError: none holds; the message names what failed in each, and the remedy.
    """
    from failpairs.errors import SandboxError
    from failpairs.execution.sandbox.layers import NO_SANDBOX, TIERS

    if sys.platform != "linux":
        raise SandboxError(f"programs can be executed on Linux only, not on {sys.platform}")
    if unsafe:
        return NO_SANDBOX
    reasons = []
    for tier in TIERS:
        reason = why_not(tier)
        if reason is None:
            return tier
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
            done = subprocess.run(
                [sys.executable, "-B", "-P", "-s", "-S", __file__, tier, attack, target],
                cwd=inside,
                env={},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode == UNAVAILABLE:
                return done.stderr.strip()
            if done.returncode > 0 or Path(f"{secret}.leak").exists():
                return f"the attack {attack!r} was not stopped"
    return None


def main() -> None:
    sys.path.insert(0, os.path.abspath(os.path.join(__file__, *[os.pardir] * 4)))
    from failpairs.execution.sandbox import layers

    tier, attack, target = sys.argv[1:]
    try:
        layers.enter(tier, os.getcwd())
        layers.seal()
    except layers.SandboxUnavailable as error:
        print(error.strerror, file=sys.stderr)
        sys.exit(UNAVAILABLE)
    try:
        ATTACKS[attack](target)
    except OSError:
        sys.exit(0)
    sys.exit(LEAKED)


if __name__ == "__main__":
    main()
