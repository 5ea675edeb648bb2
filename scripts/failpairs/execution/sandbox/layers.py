"""Shuts the calling process in, with what the Linux kernel offers and nothing to install.

Three layers, put on from inside before untrusted code runs:

- namespaces: a root of its own that holds the standard library and an empty /tmp, no network, no
  other process, no other user (user_namespaces(7), pivot_root(2));
- Landlock: no file outside the standard library and the scratch folder, no signal to a process
  outside (Documentation/userspace-api/landlock.rst);
- seccomp: no system call that a solution has no use for (seccomp(2)); one that is an attack ends
  the process with SIGSYS, one that is merely useless fails with EPERM.

It is imported by the harness, which runs without site packages: the standard library only.
"""

import os
import struct

from failpairs.execution.sandbox.landlock import enter_landlock
from failpairs.execution.sandbox.namespaces import (
    NO_PACKAGES,
    PACKAGES,
    Packages,
    die_with_parent,
    enter_namespaces,
)
from failpairs.execution.sandbox.seccomp import enter_seccomp, keep_alone, prepare_to_be_alone
from failpairs.execution.sandbox.syscalls import (
    PR_CAPBSET_DROP,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    SandboxUnavailable,
    call,
    libc,
)

__all__ = [
    "NO_SANDBOX",
    "TIERS",
    "SandboxUnavailable",
    "die_with_parent",
    "enter",
    "packages_inside",
    "seal",
]

TIERS = ("full", "landlock", "namespaces")
NO_SANDBOX = "none"
UMASK = 0o022  # the usual umask, whatever that of the user is


def enter(tier: str, folder: str, packages: Packages = NO_PACKAGES) -> str:
    """Put on the layers that the tier has, for good; `seal` adds what would keep one from forking.

    Where the tier has namespaces the process forks: the caller goes on in the child, as the first
    process of its namespace, and the parent only waits, to end in the same way as the child.

    Args:
        folder: an empty folder, which becomes the only one that can be written to.
        packages: installed packages that can be read; `packages_inside` says where.

    Returns:
        the folder that can be written to, under the name that it has inside.

    Raises:
        SandboxUnavailable: the kernel or the surroundings do not allow a layer.
    """
    os.umask(UMASK)
    if tier == NO_SANDBOX:
        return folder
    if tier != "landlock":
        folder = enter_namespaces(folder, packages)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if tier != "namespaces":
        enter_landlock(folder, packages, everything=tier == "full")
    _drop_capabilities()
    call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
    enter_seccomp()
    prepare_to_be_alone()
    die_with_parent()
    return folder


def packages_inside(tier: str, packages: Packages) -> Packages:
    """The packages, under the names that their folders have inside the tier."""
    if tier in ("landlock", NO_SANDBOX):
        return packages
    return {PACKAGES + folder: names for folder, names in packages.items()}


def seal() -> None:
    """From now on this process can neither fork nor signal another.

    Raises:
        SandboxUnavailable: as `enter`.
    """
    keep_alone()


def _drop_capabilities() -> None:
    capability = 0
    while libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    header = struct.pack("=Ii", 0x20080522, 0)
    call("capset", header, bytes(24))
