"""The folder that a program may write to, emptied after each."""

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
            for inner in os.listdir(path):
                number += 1
                os.rename(os.path.join(path, inner), os.path.join(folder, f"{prefix}-{number}"))
            os.rmdir(path)
