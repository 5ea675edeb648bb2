"""Names for the files that a user gives."""

from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path


def names_of(paths: Sequence[Path]) -> list[str]:
    """A name for each file, all of them different, and none but the first `base`.

    >>> names_of([Path("a/one.jsonl"), Path("b/one.jsonl.gz"), Path("c/base.jsonl")])
    ['one', 'b-one', 'c-base']
    """
    names: list[str] = []
    for path in paths:
        stem = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
        taken = {*names, "base"} if names else set()
        tries = chain(
            [stem, f"{path.resolve().parent.name}-{stem}"], (f"{stem}-{i}" for i in count(2))
        )
        names.append(next(name for name in tries if name not in taken))
    return names
