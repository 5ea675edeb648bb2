"""seccomp: which system calls a process may make.

One that is an attack ends the process with SIGSYS; one that no solution has a use for fails with
EPERM. See seccomp(2).
"""

import ctypes
import os
import platform
import struct
from typing import Any

from failpairs.kernel import PR_SET_SECCOMP, SandboxUnavailable, call

SECCOMP_MODE_FILTER = 2

_X86_64 = {
    "architecture": 0xC000003E,
    "attack": (
        # socket connect accept sendto sendmsg bind listen fork vfork execve ptrace
        (41, 42, 43, 44, 46, 49, 50, 57, 58, 59, 101)
        # pivot_root chroot mount umount2 swapon swapoff reboot init_module delete_module
        + (155, 161, 165, 166, 167, 168, 169, 175, 176)
        # kexec_load add_key request_key keyctl unshare accept4 perf_event_open open_by_handle_at
        + (246, 248, 249, 250, 272, 288, 298, 304)
        # setns process_vm_readv process_vm_writev finit_module kexec_file_load bpf execveat
        + (308, 310, 311, 313, 320, 321, 322)
    ),
    "useless": (
        # shmget shmat shmctl semget msgget chmod fchmod chown fchown lchown
        (29, 30, 31, 64, 68, 90, 91, 92, 93, 94)
        # setpgid setsid utime mknod personality setpriority sched_setparam sched_setscheduler
        + (109, 112, 132, 133, 135, 141, 142, 144)
        # adjtimex acct
        + (159, 163)
        # settimeofday sethostname setdomainname quotactl setxattr lsetxattr fsetxattr
        + (164, 170, 171, 179, 188, 189, 190)
        # removexattr lremovexattr fremovexattr sched_setaffinity clock_settime utimes mbind mq_open
        + (197, 198, 199, 203, 227, 235, 237, 240)
        # ioprio_set migrate_pages mknodat fchownat futimesat fchmodat utimensat
        + (251, 256, 259, 260, 261, 268, 280)
        # name_to_handle_at clock_adjtime sched_setattr seccomp memfd_create userfaultfd
        + (303, 305, 314, 317, 319, 323)
    ),
    "clone": 56,
    "kill": (62, 200, 234),  # kill tkill tgkill
    "prlimit64": 302,
}
_AARCH64 = {
    "architecture": 0xC00000B7,
    "attack": (
        (198, 203, 202, 206, 211, 200, 201, 221, 117)
        + (41, 51, 40, 39, 224, 225, 142, 105, 106)
        + (104, 217, 218, 219, 97, 242, 241, 265)
        + (268, 270, 271, 273, 294, 280, 281)
    ),
    "useless": (
        (194, 196, 195, 190, 186, 52, 55)
        + (154, 157, 92, 140, 118, 119)
        + (171, 89)
        + (170, 161, 162, 60, 5, 6, 7)
        + (14, 15, 16, 122, 112, 235, 180)
        + (30, 238, 33, 54, 53, 88)
        + (264, 266, 274, 277, 279, 282)
    ),
    "clone": 220,
    "kill": (129, 130, 131),
    "prlimit64": 261,
}
# The same on both: pidfd_send_signal, io_uring (3), open_tree to fspick (6), pidfd_open,
# pidfd_getfd, mount_setattr; fchmodat2.
_NEW_ATTACK = (424, *range(425, 434), 434, 438, 442)
_NEW_USELESS = (452,)
_CLONE3 = 435
_TABLES: dict[str, dict[str, Any]] = {"x86_64": _X86_64, "aarch64": _AARCH64}

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _JUMP_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_CLONE_THREAD = 0x00010000
_EPERM, _ENOSYS = 1, 38


def enter_seccomp() -> None:
    """Install the filter, for this process and its threads.

    Raises:
        SandboxUnavailable: the kernel refuses, or the machine is of a kind that has no table.
    """
    table = _TABLES.get(platform.machine())
    if table is None:
        raise SandboxUnavailable(_ENOSYS, f"seccomp: no table for {platform.machine()}")
    program = _filter(table, os.getpid())
    code = ctypes.create_string_buffer(program)
    fprog = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, fprog, 0, 0)


def _filter(table: dict[str, Any], own_pid: int) -> bytes:
    """The filter as BPF: signals may go to this very process alone, limits be read and set only on
    it, and clone make only threads."""
    number, low_argument = 0, 16  # offsets in struct seccomp_data; the first argument's low half
    lines: list[tuple[int, int, int, int]] = []

    def statement(code: int, value: int, if_true: int = 0, if_false: int = 0) -> None:
        lines.append((code, if_true, if_false, value))

    def on(wanted: int, action: int) -> None:
        statement(_JUMP_EQUAL, wanted, 0, 1)
        statement(_RETURN, action)

    statement(_LOAD, 4)
    statement(_JUMP_EQUAL, table["architecture"], 1, 0)
    statement(_RETURN, _KILL)
    statement(_LOAD, number)
    statement(_JUMP_SET, 0x40000000, 0, 1)  # the x32 interface of x86-64
    statement(_RETURN, _KILL)
    for attack in (*table["attack"], *_NEW_ATTACK):
        on(attack, _KILL)
    for useless in (*table["useless"], *_NEW_USELESS):
        on(useless, _ERRNO | _EPERM)
    on(_CLONE3, _ERRNO | _ENOSYS)  # the C library then falls back on clone
    statement(_JUMP_EQUAL, table["clone"], 0, 4)
    statement(_LOAD, low_argument)
    statement(_JUMP_SET, _CLONE_THREAD, 0, 1)
    statement(_RETURN, _ALLOW)
    statement(_RETURN, _KILL)
    on_this_process_alone = [(number, _KILL) for number in table["kill"]]
    on_this_process_alone.append((table["prlimit64"], _ERRNO | _EPERM))
    for wanted, action in on_this_process_alone:
        statement(_JUMP_EQUAL, wanted, 0, 5)
        statement(_LOAD, low_argument)
        statement(_JUMP_EQUAL, own_pid, 1, 0)
        # A limit may name the process as 0, a signal may not: 0 is the whole group.
        statement(_JUMP_EQUAL, 0, 1 if action == _KILL else 0, 1)
        statement(_RETURN, _ALLOW)
        statement(_RETURN, action)
    statement(_RETURN, _ALLOW)
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
