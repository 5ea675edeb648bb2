"""Namespaces: a root, processes, users and a network of the process's own.

See user_namespaces(7), mount_namespaces(7) and pivot_root(2).
"""

import ctypes
import os
import signal
import sys

from failpairs.execution.sandbox.syscalls import (
    PIVOT_ROOT,
    PR_SET_PDEATHSIG,
    call,
    failed,
    libc,
    syscall,
)

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME = 32, 4096, 16384, 1 << 18, 1 << 21
MNT_DETACH = 2
NOBODY = 65534
SCRATCH_MB = 16
# For each folder of installed packages, what programs may see of it: paths relative to the folder.
Packages = dict[str, list[str]]
NO_PACKAGES: Packages = {}
PACKAGES = "/packages"  # holds these folders inside, since outside they may be in /tmp


def enter_namespaces(folder: str, packages: Packages) -> str:
    """Make `folder` the root of a new world and go on there as an ordinary user; see
    `layers.enter`.

    Returns:
        the folder that can be written to.

    Raises:
        SandboxUnavailable: the kernel does not allow namespaces here.
    """
    uid, gid = os.getuid(), os.getgid()
    flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    is_privileged = uid == 0 and libc.unshare(flags) == 0
    if not is_privileged:
        call("unshare", CLONE_NEWUSER | flags)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{uid} {uid} 1")
        _write("/proc/self/gid_map", f"{gid} {gid} 1")
    _build_root(folder, packages)
    _fork_into_namespace()
    if is_privileged:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    os.chdir("/tmp")
    return "/tmp"


def _fork_into_namespace() -> None:
    """Go on as the first process of the new process namespace, whose end ends all others in it."""
    first = os.fork()
    if first:
        die_with_parent()
        _end_with(os.waitpid(first, 0)[1])


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
        raise failed(f"write to {path}", error.errno or 0) from None


def _build_root(folder: str, packages: Packages) -> None:
    """Make `folder` the root: the standard and shared libraries and the packages read-only, an
    empty /tmp.

    Outside, the folder was only a place to mount on and is removed: whoever made it may be killed.
    """
    parent = os.open(os.path.dirname(folder), os.O_PATH)
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    _mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    for path in readable_folders():
        _bind(path, folder + path)
    for hidden in site_packages():
        _mount("tmpfs", folder + hidden, "tmpfs", MS_RDONLY, "size=4k")
    for place, names in packages.items():
        for name in names:
            _bind(f"{place}/{name}", f"{folder}{PACKAGES}{place}/{name}")
    for device in ("/dev/null", "/dev/urandom"):
        _make_mount_point(device, folder + device)
        _mount(device, folder + device, None, MS_BIND)
    os.mkdir(folder + "/tmp")
    _mount("tmpfs", folder + "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"size={SCRATCH_MB}m,mode=1777")
    os.chdir(folder)
    syscall("pivot_root", PIVOT_ROOT, b".", b".")
    os.rmdir(os.path.basename(folder), dir_fd=parent)
    os.close(parent)
    call("umount2", b".", MNT_DETACH)
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


def site_packages() -> list[str]:
    """Folders of installed packages inside the readable ones, which are to stay out of sight."""
    library = os.path.dirname(os.__file__)
    names = ("site-packages", "dist-packages")
    folders = [os.path.join(library, name) for name in names]
    folders += ["/usr/lib/python3/dist-packages", "/usr/local/lib/python3/dist-packages"]
    return [path for path in folders if os.path.isdir(path)]


def _bind(source: str, target: str) -> None:
    _make_mount_point(source, target)
    _mount(source, target, None, MS_BIND)
    # In a user namespace, flags that the mount already has may not be taken away.
    has = os.statvfs(target).f_flag
    kept = has & (MS_NOSUID | MS_NODEV | MS_NOEXEC) | (MS_RELATIME if has & 4096 else 0)
    kept |= has & (1024 | 2048)
    _mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | kept)


def _make_mount_point(source: str, target: str) -> None:
    """Make what `source` can be mounted on: a folder on a folder, a file on a file."""
    is_folder = os.path.isdir(source)
    os.makedirs(target if is_folder else os.path.dirname(target), exist_ok=True)
    if not is_folder:
        os.close(os.open(target, os.O_CREAT, 0o644))


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, data: str | None = None
) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, data)]
    if libc.mount(*encoded[:3], ctypes.c_ulong(flags), encoded[3]) < 0:
        raise failed(f"mount {target}", ctypes.get_errno())


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that forked it ends."""
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
