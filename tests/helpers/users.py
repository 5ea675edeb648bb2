"""Users of several kinds, as whom the programs are started."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from failpairs.execution.sandbox.namespaces import CLONE_NEWUSER
from failpairs.execution.sandbox.syscalls import call

ORDINARY = 1000
# What no verdict may depend on, though Python looks at it.
ODD_SHELL = {
    "LC_ALL": "C",
    "PYTHONHASHSEED": "7",
    "PYTHONOPTIMIZE": "2",
    "PYTHONSAFEPATH": "1",
    "PYTHONUTF8": "0",
    "PYTHONWARNINGS": "error",
}


@dataclass(frozen=True)
class User:
    """Somebody who starts a program.

    Attributes:
        become: what the process does before the program starts, to be of that user.
    """

    name: str
    umask: int = 0o022
    environment: Mapping[str, str] = field(default_factory=dict)
    become: Callable[[], None] | None = None

    def __str__(self) -> str:
        return self.name


def become_ordinary() -> None:
    """Be no longer root: of a number that stands for root's files in a namespace of its own."""
    uid, gid = os.getuid(), os.getgid()
    call("unshare", CLONE_NEWUSER)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{ORDINARY} {uid} 1"),
        ("gid_map", f"{ORDINARY} {gid} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(text, encoding="ascii")


USERS = [
    User("usual"),
    User("careful", 0o077, ODD_SHELL),
    User("ordinary", become=become_ordinary),
    User("ordinary and careful", 0o077, ODD_SHELL, become_ordinary),
]
