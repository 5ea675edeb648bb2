"""seccomp: which system calls a process may make.

One that is an attack ends the process with SIGSYS; one that no solution has a use for fails with
EPERM; one that only changes the mode or the times of a file seems to succeed and does nothing,
since copying a file makes it. See seccomp(2).
"""

import ctypes
import functools
import os
import struct
from typing import Any

from failpairs.execution.sandbox.syscalls import MACHINE, PR_SET_SECCOMP, SandboxUnavailable, call

SECCOMP_MODE_FILTER = 2

# The kinds of machine, and the numbers by which the kernel names them to a filter.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# The number of each system call on x86_64 and on aarch64; None where there is no such call.
Table = dict[str, tuple[int | None, int | None]]
ATTACKS: Table = {
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "sendto": (44, 206),
    "bind": (49, 200),
    "listen": (50, 201),
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "ptrace": (101, 117),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "mount": (165, 40),
    "umount2": (166, 39),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "init_module": (175, 105),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "accept4": (288, 242),
    "perf_event_open": (298, 241),
    "open_by_handle_at": (304, 265),
    "setns": (308, 268),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "finit_module": (313, 273),
    "kexec_file_load": (320, 294),
    "bpf": (321, 280),
    "execveat": (322, 281),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "mount_setattr": (442, 442),
}
USELESS: Table = {
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "setpgid": (109, 154),
    "setsid": (112, 157),
    "mknod": (133, None),
    "personality": (135, 92),
    "setpriority": (141, 140),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "adjtimex": (159, 171),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "quotactl": (179, 60),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "sched_setaffinity": (203, 122),
    "clock_settime": (227, 112),
    "mbind": (237, 235),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "mknodat": (259, 33),
    "fchownat": (260, 54),
    "name_to_handle_at": (303, 264),
    "clock_adjtime": (305, 266),
    "sched_setattr": (314, 274),
    "seccomp": (317, 277),
    "userfaultfd": (323, 282),
}
TIMES: Table = {
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
}
MODES = ("chmod", "fchmod", "fchmodat", "fchmodat2")  # of LIMITED, since the zygote cleans up
# Allowed, but not with all arguments or not in every process.
LIMITED: Table = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
    "sendmsg": (46, 211),
    "memfd_create": (319, 279),
    "clone": (56, 220),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "prlimit64": (302, 261),
    "clone3": (435, 435),
    "fchmodat2": (452, 452),
}
# By these a process has the kernel signal another: F_SETOWN, F_SETOWN_EX; FIOSETOWN, SIOCSPGRP.
_FCNTL_ATTACKS, _IOCTL_ATTACKS = (8, 15), (0x8901, 0x8902)

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
    code = _assemble(first_filter(MACHINE))
    _install(_pointer(code))


def prepare_to_be_alone() -> None:
    """Build what `keep_alone` needs, before any fork, since a byte that a new process writes costs
    it a page."""
    _alone_code()


def keep_alone() -> None:
    """Let clone make only threads, signals reach this very process alone, limits be read and set
    only on it, and no rights of files be changed.

    Raises:
        SandboxUnavailable: as `enter_seccomp`.
    """
    code, places, pointer = _alone_code()
    for place in places:
        struct.pack_into("=I", code, place, os.getpid())
    _install(pointer)


@functools.cache
def _alone_code() -> tuple[Any, list[int], bytes]:
    """The filter of `keep_alone`, where in it the process is named, and the pointer to it."""
    lines = alone_filter(MACHINE)
    places = [8 * number + 4 for number, line in enumerate(lines) if line[3] == _PID]
    code = _assemble(lines)
    return code, places, _pointer(code)


def numbers(table: Table, machine: str) -> dict[str, int]:
    """The numbers of the system calls that a kind of machine has.

    Raises:
        SandboxUnavailable: the table does not know this kind.
    """
    if machine not in ARCHITECTURES:
        raise SandboxUnavailable(_ENOSYS, f"seccomp: no table for {machine}")
    column = list(ARCHITECTURES).index(machine)
    return {name: n for name, row in table.items() if (n := row[column]) is not None}


def first_filter(machine: str) -> list[Line]:
    """The filter of `enter_seccomp`."""
    limited = numbers(LIMITED, machine)
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_SET, 0, 1, 0x40000000),  # the x32 interface of x86-64
        (_RETURN, 0, 0, _KILL),
    ]
    for attack in numbers(ATTACKS, machine).values():
        lines += _on(attack, _KILL)
    for useless in numbers(USELESS, machine).values():
        lines += _on(useless, _ERRNO | _EPERM)
    for idle in numbers(TIMES, machine).values():
        lines += _on(idle, _ERRNO)
    lines += _on_command(limited["fcntl"], _FCNTL_ATTACKS)
    lines += _on_command(limited["ioctl"], _IOCTL_ATTACKS)
    lines += _on(limited["clone3"], _ERRNO | _ENOSYS)  # the C library then falls back on clone
    return lines


def alone_filter(machine: str) -> list[Line]:
    """The filter of `keep_alone`, with _PID in place of the process."""
    limited = numbers(LIMITED, machine)
    lines = [
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_EQUAL, 0, 4, limited["clone"]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_SET, 0, 1, _CLONE_THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _KILL),
    ]
    on_this_process_alone = [(limited[name], _KILL) for name in ("kill", "tkill", "tgkill")]
    on_this_process_alone.append((limited["prlimit64"], _ERRNO | _EPERM))
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
    lines += _on(limited["sendmsg"], _KILL)
    lines += _on(limited["memfd_create"], _ERRNO | _EPERM)
    for name in MODES:
        if name in limited:
            lines += _on(limited[name], _ERRNO)
    return lines


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
