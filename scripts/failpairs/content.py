"""Hashes of what stands in files, whenever it was written."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from failpairs.storage.files import sha256_file

COMMENT = re.compile(r"(^|\s)#.*")


def content_digest(files: Iterable[Path]) -> str:
    """Hash the paths and contents of files, in any order.

    Returns:
        16 hexadecimal digits.
    """
    return _digest(f"{path}\n{sha256_file(path)}" for path in files)


def lock_digest(locks: Iterable[Path]) -> str:
    """Hash the requirements in some files; comments, blank lines and order do not count.

    Returns:
        16 hexadecimal digits.
    """
    lines = (line for path in locks for line in path.read_text(encoding="utf-8").splitlines())
    return _digest(line for line in (COMMENT.sub("", line).strip() for line in lines) if line)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]
