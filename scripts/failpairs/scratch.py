"""The folder that a program may write to, emptied after each."""

import os


def empty(folder: str) -> None:
    """Remove all that is in a folder, however deeply it is nested, and follow no links.

    Raises:
        OSError: something in it cannot be removed.
    """
    number, prefix = 0, os.urandom(8).hex()
    while names := os.listdir(folder):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.islink(path) or not os.path.isdir(path):
                os.unlink(path)
                continue
            for inner in os.listdir(path):
                number += 1
                os.rename(os.path.join(path, inner), os.path.join(folder, f"{prefix}-{number}"))
            os.rmdir(path)
