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

import ctypes
import os
import platform
import signal
import struct
import sys

TIERS = ("full", "landlock", "namespaces")

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME = 32, 4096, 16384, 1 << 18, 1 << 21
MNT_DETACH = 2
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, PR_CAPBSET_DROP = 4, 38, 1, 24
NOBODY = 65534
SCRATCH_MB = 16


class SandboxUnavailable(OSError):
    """A layer cannot be put on here; the message names the call that failed."""


def enter(tier: str, folder: str) -> str:
    """Put on namespaces and Landlock, as the tier has them, for good; `seal` is the last layer.

    Where the tier has namespaces the process forks: the caller goes on in the child, and the
    parent only waits, to end in the same way as the child.

    Args:
        folder: an empty folder, which becomes the only one that can be written to.

    Returns:
        the folder that can be written to, under the name that it has inside.

    Raises:
        SandboxUnavailable: the kernel or the surroundings do not allow a layer.
    """
    if tier != "landlock":
        folder = _enter_namespaces(folder)
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if tier != "namespaces":
        _enter_landlock(folder, everything=tier == "full")
    _drop_capabilities()
    _call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
    return folder


def seal() -> None:
    """Put on the seccomp filter; from now on this process can neither fork nor signal another.

    Raises:
        SandboxUnavailable: as `enter`.
    """
    table = _TABLES.get(platform.machine())
    if table is None:
        raise SandboxUnavailable(_ENOSYS, f"seccomp: no table for {platform.machine()}")
    program = _filter(table, os.getpid())
    code = ctypes.create_string_buffer(program)
    fprog = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, fprog, 0, 0)


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that forked it ends."""
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _call(name: str, *args: object) -> int:
    result: int = getattr(_libc, name)(*args)
    if result < 0:
        number = ctypes.get_errno()
        raise SandboxUnavailable(number, f"{name}: {os.strerror(number)}")
    return result


def _syscall(name: str, number: int, *args: object) -> int:
    result: int = _libc.syscall(ctypes.c_long(number), *args)
    if result < 0:
        error = ctypes.get_errno()
        raise SandboxUnavailable(error, f"{name}: {os.strerror(error)}")
    return result


# Namespaces


def _enter_namespaces(folder: str) -> str:
    uid, gid = os.getuid(), os.getgid()
    flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    is_privileged = uid == 0 and _libc.unshare(flags) == 0
    if not is_privileged:
        _call("unshare", CLONE_NEWUSER | flags)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{uid} {uid} 1")
        _write("/proc/self/gid_map", f"{gid} {gid} 1")
    _build_root(folder)
    _fork_into_namespace()
    if is_privileged:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    os.chdir("/tmp")
    return "/tmp"


def _fork_into_namespace() -> None:
    """Go on as the second process of the new process namespace.

    The first one cannot be used: the kernel keeps most signals from it, among them that of the CPU
    limit. It only waits, and takes all that is left in the namespace with it when it ends.
    """
    reading, writing = os.pipe()
    first = os.fork()
    if first:
        os.close(writing)
        os.waitpid(first, 0)
        message = os.read(reading, 4)
        _end_with(struct.unpack("=I", message)[0] if message else signal.SIGKILL)
    die_with_parent()
    second = os.fork()
    if second:
        _, status = os.waitpid(second, 0)
        os.write(writing, struct.pack("=I", status))
        os._exit(0)
    die_with_parent()
    os.close(reading)
    os.close(writing)


def _end_with(status: int) -> None:
    """End this process in the way that a wait status tells, so that the executor sees it."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError as error:
        raise SandboxUnavailable(error.errno, f"write to {path}: {error.strerror}") from None


def _build_root(folder: str) -> None:
    """Make `folder` the root: the standard and shared libraries read-only, an empty /tmp."""
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    _mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    for path in readable_folders():
        _bind(path, folder + path)
    for packages in _site_packages():
        _mount("tmpfs", folder + packages, "tmpfs", MS_RDONLY, "size=4k")
    for device in ("/dev/null", "/dev/urandom"):
        os.makedirs(folder + "/dev", exist_ok=True)
        os.close(os.open(folder + device, os.O_CREAT))
        _mount(device, folder + device, None, MS_BIND)
    os.mkdir(folder + "/tmp")
    _mount("tmpfs", folder + "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"size={SCRATCH_MB}m,mode=1777")
    os.chdir(folder)
    _syscall("pivot_root", _NUMBERS["pivot_root"], b".", b".")
    _call("umount2", b".", MNT_DETACH)
    _mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def readable_folders() -> list[str]:
    """What Python itself needs: its standard library, the shared libraries, the time zones."""
    found = [os.path.dirname(os.__file__)]
    for path in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo"):
        if os.path.isdir(path):
            found.append(path)
    prefix_lib = os.path.join(sys.base_prefix, "lib")
    if prefix_lib not in ("/usr/lib", "/lib") and os.path.isdir(prefix_lib):
        found.append(prefix_lib)
    return sorted(set(found), key=len)


def _site_packages() -> list[str]:
    library = os.path.dirname(os.__file__)
    names = ("site-packages", "dist-packages")
    folders = [os.path.join(library, name) for name in names]
    folders += ["/usr/lib/python3/dist-packages", "/usr/local/lib/python3/dist-packages"]
    return [path for path in folders if os.path.isdir(path)]


def _bind(source: str, target: str) -> None:
    os.makedirs(target, exist_ok=True)
    _mount(source, target, None, MS_BIND)
    # In a user namespace, flags that the mount already has may not be taken away.
    has = os.statvfs(target).f_flag
    kept = has & (MS_NOSUID | MS_NODEV | MS_NOEXEC) | (MS_RELATIME if has & 4096 else 0)
    kept |= has & (1024 | 2048)
    _mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | kept)


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, data: str | None = None
) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, data)]
    if _libc.mount(*encoded[:3], ctypes.c_ulong(flags), encoded[3]) < 0:
        number = ctypes.get_errno()
        raise SandboxUnavailable(number, f"mount {target}: {os.strerror(number)}")


def _drop_capabilities() -> None:
    capability = 0
    while _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    header = struct.pack("=Ii", 0x20080522, 0)
    _call("capset", header, bytes(24))


# Landlock

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_FS_EXECUTE, _FS_WRITE_FILE, _FS_READ_FILE, _FS_READ_DIR = 1, 2, 4, 8
_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # by ABI: how many rights on files there are
_FS_ON_FILES = _FS_EXECUTE | _FS_WRITE_FILE | _FS_READ_FILE | 1 << 14
_O_PATH = 0o10000000


def _enter_landlock(folder: str, everything: bool) -> None:
    """Allow reading the standard library (or, in a root of our own, everything) and writing to one
    folder; deny TCP, and signals and abstract sockets to the outside, where the kernel can."""
    abi = _syscall("landlock", _CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    rights = (1 << _FS_BITS[min(abi, 5)]) - 1
    network = 0b11 if abi >= 4 else 0
    scoped = 0b11 if abi >= 6 else 0
    attribute = struct.pack("=QQQ", rights, network, scoped)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = _syscall(
        "landlock_create_ruleset",
        _CREATE_RULESET,
        attribute,
        ctypes.c_size_t(size),
        ctypes.c_uint32(0),
    )
    reading = _FS_EXECUTE | _FS_READ_FILE | _FS_READ_DIR
    for path in ["/"] if everything else _readable_without_packages():
        _allow(ruleset, path, reading & rights)
    for device in ("/dev/null", "/dev/urandom"):
        _allow(ruleset, device, (_FS_READ_FILE | _FS_WRITE_FILE) & rights)
    _allow(ruleset, folder, rights & ~_FS_EXECUTE)
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _syscall("landlock_restrict_self", _RESTRICT_SELF, ruleset, ctypes.c_uint32(0))
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, _O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):
        rights &= _FS_ON_FILES
    rule = struct.pack("=Qi", rights, descriptor)
    _syscall("landlock_add_rule", _ADD_RULE, ruleset, 1, rule, ctypes.c_uint32(0))
    os.close(descriptor)


def _readable_without_packages() -> list[str]:
    """The readable folders, or their entries where one of them is a folder of packages."""
    packages = set(_site_packages())
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


# seccomp

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
    "pivot_root": 155,
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
    "pivot_root": 41,
}
# The same on both: pidfd_send_signal, io_uring (3), open_tree to fspick (6), pidfd_open,
# pidfd_getfd, mount_setattr; fchmodat2.
_NEW_ATTACK = (424, *range(425, 434), 434, 438, 442)
_NEW_USELESS = (452,)
_CLONE3 = 435
_TABLES = {"x86_64": _X86_64, "aarch64": _AARCH64}
_NUMBERS: dict[str, int] = dict(_TABLES.get(platform.machine(), {}))  # type: ignore[arg-type]

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _JUMP_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_CLONE_THREAD = 0x00010000
_EPERM, _ENOSYS = 1, 38


def _filter(table: dict, own_pid: int) -> bytes:  # type: ignore[type-arg]
    """The filter as BPF: signals may go to this very process alone, limits be read and set only on
    it, and clone make only threads."""
    number, low_argument = 0, 16  # offsets in struct seccomp_data; the first argument's low half
    lines: list[tuple[int, int, int, int]] = []

    def statement(code: int, value: int, if_true: int = 0, if_false: int = 0) -> None:
        lines.append((code, if_true, if_false, value))

    def on(call: int, action: int) -> None:
        statement(_JUMP_EQUAL, call, 0, 1)
        statement(_RETURN, action)

    statement(_LOAD, 4)
    statement(_JUMP_EQUAL, table["architecture"], 1, 0)
    statement(_RETURN, _KILL)
    statement(_LOAD, number)
    statement(_JUMP_SET, 0x40000000, 0, 1)  # the x32 interface of x86-64
    statement(_RETURN, _KILL)
    for call in (*table["attack"], *_NEW_ATTACK):
        on(call, _KILL)
    for call in (*table["useless"], *_NEW_USELESS):
        on(call, _ERRNO | _EPERM)
    on(_CLONE3, _ERRNO | _ENOSYS)  # the C library then falls back on clone
    statement(_JUMP_EQUAL, table["clone"], 0, 4)
    statement(_LOAD, low_argument)
    statement(_JUMP_SET, _CLONE_THREAD, 0, 1)
    statement(_RETURN, _ALLOW)
    statement(_RETURN, _KILL)
    for call, action in [(c, _KILL) for c in table["kill"]] + [(table["prlimit64"], 0)]:
        statement(_JUMP_EQUAL, call, 0, 5)
        statement(_LOAD, low_argument)
        statement(_JUMP_EQUAL, own_pid, 1, 0)
        statement(_JUMP_EQUAL, 0, 0 if not action else 1, 1)
        statement(_RETURN, _ALLOW)
        statement(_RETURN, action or _ERRNO | _EPERM)
    statement(_RETURN, _ALLOW)
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
