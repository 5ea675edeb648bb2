"""Landlock: which files a process may touch, whom it may signal and what it may connect to.

See Documentation/userspace-api/landlock.rst of the kernel.
"""

import ctypes
import os
import struct

from failpairs.execution.sandbox.namespaces import Packages, readable_folders, site_packages
from failpairs.execution.sandbox.syscalls import PR_SET_NO_NEW_PRIVS, call, syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_FS_EXECUTE, _FS_WRITE_FILE, _FS_READ_FILE, _FS_READ_DIR = 1, 2, 4, 8
_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # by ABI: how many rights on files there are
_FS_ON_FILES = _FS_EXECUTE | _FS_WRITE_FILE | _FS_READ_FILE | 1 << 14
_O_PATH = 0o10000000


def enter_landlock(folder: str, packages: Packages, everything: bool) -> None:
    """Allow reading the standard library and the packages (or, in a root of our own, everything)
    and writing to one folder; deny TCP, and signals and abstract sockets to the outside, where the
    kernel can."""
    create = "landlock_create_ruleset"
    abi = syscall(create, _CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    rights = (1 << _FS_BITS[min(abi, 5)]) - 1
    network = 0b11 if abi >= 4 else 0
    scoped = 0b11 if abi >= 6 else 0
    attribute = struct.pack("=QQQ", rights, network, scoped)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = syscall(
        create,
        _CREATE_RULESET,
        attribute,
        ctypes.c_size_t(size),
        ctypes.c_uint32(0),
    )
    reading = _FS_EXECUTE | _FS_READ_FILE | _FS_READ_DIR
    shown = [f"{place}/{name}" for place, names in packages.items() for name in names]
    for path in ["/"] if everything else [*_readable_without_packages(), *shown]:
        _allow(ruleset, path, reading & rights)
    for device in ("/dev/null", "/dev/urandom"):
        _allow(ruleset, device, (_FS_READ_FILE | _FS_WRITE_FILE) & rights)
    _allow(ruleset, folder, rights & ~_FS_EXECUTE)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    syscall("landlock_restrict_self", _RESTRICT_SELF, ruleset, ctypes.c_uint32(0))
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, _O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):
        rights &= _FS_ON_FILES
    rule = struct.pack("=Qi", rights, descriptor)
    syscall("landlock_add_rule", _ADD_RULE, ruleset, 1, rule, ctypes.c_uint32(0))
    os.close(descriptor)


def _readable_without_packages() -> list[str]:
    """The readable folders, or their entries where one of them is a folder of packages."""
    packages = set(map(os.path.realpath, site_packages()))
    paths: list[str] = []
    waiting = readable_folders()
    while waiting:
        path = waiting.pop()
        real = os.path.realpath(path)
        if real in packages:
            continue
        if any(inner.startswith(real + "/") for inner in packages):
            waiting.extend(os.path.join(real, name) for name in os.listdir(real))
        elif os.path.exists(real):
            paths.append(real)
    return sorted(set(paths))
