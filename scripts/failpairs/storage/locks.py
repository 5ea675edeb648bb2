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
        raise InputError(f"{path}: locked by another process; wait for it to finish, or stop it")
    return file


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
