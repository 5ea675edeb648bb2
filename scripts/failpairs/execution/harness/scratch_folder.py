"""The folder that a program may write to, emptied after each."""

import errno
import os
import stat


def empty(folder: str) -> None:
    """Remove all that is in a folder, however deeply it is nested, and follow no links.

    Raises:
        OSError: something in it cannot be removed.
    """
    number, prefix = 0, ""
    while names := os.listdir(folder):
        prefix = prefix or os.urandom(8).hex()
        for name in names:
            path = os.path.join(folder, name)
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                os.unlink(path)
                continue
            os.chmod(path, stat.S_IRWXU)
            try:
                for inner in os.listdir(path):
                    number += 1
                    os.rename(os.path.join(path, inner), os.path.join(folder, f"{prefix}-{number}"))
                os.rmdir(path)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                _remove(path)


def _remove(folder: str) -> None:
    """Remove a folder where Landlock allows no renaming from one to another (Linux before 5.19)."""
    before = os.open(".", os.O_RDONLY)
    os.chdir(folder)
    inside: list[str] = []  # the names of the folders that this is in
    while True:
        inner = None
        for name in os.listdir("."):
            if stat.S_ISDIR(os.lstat(name).st_mode):
                inner = name
            else:
                os.unlink(name)
        if inner is not None:
            os.chmod(inner, stat.S_IRWXU)
            os.chdir(inner)
            inside.append(inner)
        elif inside:
            os.chdir("..")
            os.rmdir(inside.pop())
        else:
            break
    os.fchdir(before)
    os.close(before)
    os.rmdir(folder)
