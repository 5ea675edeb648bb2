"""Calls to the Linux kernel that Python has no function for."""

import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)

MACHINE = os.uname().machine
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(MACHINE, -1)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38


class SandboxUnavailable(OSError):
    """A layer cannot be put on here; the message names the call that failed."""


def call(name: str, *args: object) -> int:
    """Call a function of the C library.

    Raises:
        SandboxUnavailable: it failed.
    """
    result: int = getattr(libc, name)(*args)
    return _checked(name, result)


def syscall(name: str, number: int, *args: object) -> int:
    """Make a system call by its number; `name` is for the message.

    Raises:
        SandboxUnavailable: it failed.
    """
    result: int = libc.syscall(ctypes.c_long(number), *args)
    return _checked(name, result)


def _checked(name: str, result: int) -> int:
    if result < 0:
        raise failed(name, ctypes.get_errno())
    return result


def failed(what: str, number: int) -> SandboxUnavailable:
    """The exception for what failed with this errno."""
    name = errno.errorcode.get(number, number)
    return SandboxUnavailable(number, f"{what}: {name} ({os.strerror(number)})")
