"""Files that only one process at a time works on: the kernel drops its lock however it ends."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from failpairs.errors import InputError

# Some network file systems have no locks; work goes on without them there.
NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP)


def open_alone(path: Path) -> TextIOWrapper:
    """Open a text file for appending, and lock it until it is closed or this process has ended.

    Raises:
        InputError: another process has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a", encoding="utf-8", newline="\n")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = os.path.samestat(os.fstat(file.fileno()), path.stat())
    except (BlockingIOError, FileNotFoundError):
        is_ours = False
    except OSError as error:
        if error.errno not in NO_LOCKS:
            file.close()
            raise
        is_ours = True
    if not is_ours:  # or no longer there: its holder has just moved or removed it
        file.close()
        holder = f"another process{holder_of(path)}"
        raise InputError(f"{path}: locked by {holder}; wait for it to finish, or stop it")
    return file


def holder_of(path: Path) -> str:
    """The number of the process that holds the lock of a file, as Linux lists it (`proc(5)`), in
    parentheses; nothing where that is not known, as on a network file system."""
    try:
        found = path.stat()
        device = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}"
        held = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return ""
    numbers = [
        f" ({number})"
        for _, kind, _, _, number, inode, *_ in map(str.split, held)
        if kind == "FLOCK" and inode == f"{device}:{found.st_ino}" and int(number) > 0
    ]
    return numbers[0] if numbers else ""


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Wait for a lock file, and hold it; the file stays."""
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
        yield


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file, which is there only meanwhile.

    Raises:
        InputError: another process holds it.
    """
    with open_alone(path):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
