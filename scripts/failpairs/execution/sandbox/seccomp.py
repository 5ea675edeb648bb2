"""seccomp: which system calls a process may make.

One that is an attack ends the process with SIGSYS; one that no solution has a use for fails with
EPERM. See seccomp(2).
"""

import ctypes
import functools
import os
import platform
import struct
from typing import Any

from failpairs.execution.sandbox.syscalls import PR_SET_SECCOMP, SandboxUnavailable, call

SECCOMP_MODE_FILTER = 2

_X86_64 = {
    "architecture": 0xC000003E,
    "attack": (
        # socket connect accept sendto bind listen fork vfork execve ptrace
        (41, 42, 43, 44, 49, 50, 57, 58, 59, 101)
        # pivot_root chroot mount umount2 swapon swapoff reboot init_module delete_module
        + (155, 161, 165, 166, 167, 168, 169, 175, 176)
        # kexec_load add_key request_key keyctl unshare accept4 perf_event_open open_by_handle_at
        + (246, 248, 249, 250, 272, 288, 298, 304)
        # setns process_vm_readv process_vm_writev finit_module kexec_file_load bpf execveat
        + (308, 310, 311, 313, 320, 321, 322)
        # rt_sigqueueinfo rt_tgsigqueueinfo
        + (129, 297)
    ),
    "useless": (
        # shmget shmat shmctl semget msgget chown fchown lchown
        (29, 30, 31, 64, 68, 92, 93, 94)
        # setpgid setsid utime mknod personality setpriority sched_setparam sched_setscheduler
        + (109, 112, 132, 133, 135, 141, 142, 144)
        # adjtimex acct
        + (159, 163)
        # settimeofday sethostname setdomainname quotactl setxattr lsetxattr fsetxattr
        + (164, 170, 171, 179, 188, 189, 190)
        # removexattr lremovexattr fremovexattr sched_setaffinity clock_settime utimes mbind mq_open
        + (197, 198, 199, 203, 227, 235, 237, 240)
        # ioprio_set migrate_pages mknodat fchownat futimesat utimensat
        + (251, 256, 259, 260, 261, 280)
        # name_to_handle_at clock_adjtime sched_setattr seccomp userfaultfd
        + (303, 305, 314, 317, 323)
    ),
    "chmod": (90, 91, 268),  # chmod fchmod fchmodat
    "fcntl": 72,
    "ioctl": 16,
    "sendmsg": 46,
    "memfd_create": 319,
    "clone": 56,
    "kill": (62, 200, 234),  # kill tkill tgkill
    "prlimit64": 302,
}
_AARCH64 = {
    "architecture": 0xC00000B7,
    "attack": (
        (198, 203, 202, 206, 200, 201, 221, 117)
        + (41, 51, 40, 39, 224, 225, 142, 105, 106)
        + (104, 217, 218, 219, 97, 242, 241, 265)
        + (268, 270, 271, 273, 294, 280, 281)
        + (138, 240)
    ),
    "useless": (
        (194, 196, 195, 190, 186, 55)
        + (154, 157, 92, 140, 118, 119)
        + (171, 89)
        + (170, 161, 162, 60, 5, 6, 7)
        + (14, 15, 16, 122, 112, 235, 180)
        + (30, 238, 33, 54, 88)
        + (264, 266, 274, 277, 282)
    ),
    "chmod": (52, 53),
    "fcntl": 25,
    "ioctl": 29,
    "sendmsg": 211,
    "memfd_create": 279,
    "clone": 220,
    "kill": (129, 130, 131),
    "prlimit64": 261,
}
# The same on both: pidfd_send_signal, io_uring (3), open_tree to fspick (6), pidfd_open,
# pidfd_getfd, mount_setattr.
_NEW_ATTACK = (424, *range(425, 434), 434, 438, 442)
_FCHMODAT2 = 452
_CLONE3 = 435
# By these a process has the kernel signal another: F_SETOWN, F_SETOWN_EX; FIOSETOWN, SIOCSPGRP.
_FCNTL_ATTACKS, _IOCTL_ATTACKS = (8, 15), (0x8901, 0x8902)
_TABLES: dict[str, dict[str, Any]] = {"x86_64": _X86_64, "aarch64": _AARCH64}

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _JUMP_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_CLONE_THREAD = 0x00010000
_EPERM, _ENOSYS = 1, 38


Line = tuple[int, int, int, int]
# Offsets in struct seccomp_data, of arguments that of the lower half.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24
_PID = 0x7FFFFFFF


def enter_seccomp() -> None:
    """Forbid system calls to this process, its threads and its children.

    Raises:
        SandboxUnavailable: the kernel refuses, or the machine is of a kind that has no table.
    """
    table = _table()
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, table["architecture"]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_SET, 0, 1, 0x40000000),  # the x32 interface of x86-64
        (_RETURN, 0, 0, _KILL),
    ]
    for attack in (*table["attack"], *_NEW_ATTACK):
        lines += _on(attack, _KILL)
    for useless in table["useless"]:
        lines += _on(useless, _ERRNO | _EPERM)
    lines += _on_command(table["fcntl"], _FCNTL_ATTACKS)
    lines += _on_command(table["ioctl"], _IOCTL_ATTACKS)
    lines += _on(_CLONE3, _ERRNO | _ENOSYS)  # the C library then falls back on clone
    code = _assemble(lines)
    _install(_pointer(code))


def prepare_to_be_alone() -> None:
    """Build what `keep_alone` needs, before any fork, since a byte that a new process writes costs
    it a page."""
    _alone_filter()


def keep_alone() -> None:
    """Let clone make only threads, signals reach this very process alone, limits be read and set
    only on it, and no rights of files be changed.

    Raises:
        SandboxUnavailable: as `enter_seccomp`.
    """
    code, places, pointer = _alone_filter()
    for place in places:
        struct.pack_into("=I", code, place, os.getpid())
    _install(pointer)


@functools.cache
def _alone_filter() -> tuple[Any, list[int], bytes]:
    """The filter of `keep_alone`, where in it the process is named, and the pointer to it."""
    table = _table()
    lines = [
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_EQUAL, 0, 4, table["clone"]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_SET, 0, 1, _CLONE_THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _KILL),
    ]
    on_this_process_alone = [(number, _KILL) for number in table["kill"]]
    on_this_process_alone.append((table["prlimit64"], _ERRNO | _EPERM))
    for number, action in on_this_process_alone:
        # A limit may name the process as 0, a signal may not: 0 is the whole group.
        on_zero = 1 if action == _KILL else 0
        lines += [
            (_JUMP_EQUAL, 0, 5, number),
            (_LOAD, 0, 0, _FIRST_ARGUMENT),
            (_JUMP_EQUAL, 1, 0, _PID),
            (_JUMP_EQUAL, on_zero, 1, 0),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, action),
        ]
    lines += _on(table["sendmsg"], _KILL)
    for useless in (table["memfd_create"], *table["chmod"], _FCHMODAT2):
        lines += _on(useless, _ERRNO | _EPERM)
    places = [8 * number + 4 for number, line in enumerate(lines) if line[3] == _PID]
    code = _assemble(lines)
    return code, places, _pointer(code)


def _table() -> dict[str, Any]:
    table = _TABLES.get(platform.machine())
    if table is None:
        raise SandboxUnavailable(_ENOSYS, f"seccomp: no table for {platform.machine()}")
    return table


def _on(number: int, action: int) -> list[Line]:
    return [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, action)]


def _on_command(number: int, attacks: tuple[int, ...]) -> list[Line]:
    """Of a system call whose second argument is a command, forbid some."""
    inner = [(_LOAD, 0, 0, _SECOND_ARGUMENT)]
    for attack in attacks:
        inner += _on(attack, _KILL)
    inner.append((_RETURN, 0, 0, _ALLOW))
    return [(_JUMP_EQUAL, 0, len(inner), number), *inner]


def _assemble(lines: list[Line]) -> Any:
    """A filter: (code, jump if true, jump if false, value) a line; it allows the rest."""
    lines = [*lines, (_RETURN, 0, 0, _ALLOW)]
    return ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))


def _pointer(code: Any) -> bytes:
    """The struct sock_fprog of a filter."""
    return struct.pack("@HP", len(code) // 8, ctypes.addressof(code))


def _install(pointer: bytes) -> None:
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, pointer, 0, 0)
