"""What the shards of a sampling run are called: `1-of-N.jsonl` to `N-of-N.jsonl`.

A command line has no room for thousands of names, so programs take `*-of-N.jsonl` for all of them.
"""

import re
from collections.abc import Sequence
from pathlib import Path


def shard_pattern(shards: Sequence[str]) -> str:
    """The pattern that stands for all shards, the first of which is given first."""
    first = Path(shards[0])
    return str(first.with_name(first.name.replace("1-of-", "*-of-", 1)))


def shard_files(path: Path) -> list[Path]:
    """The files that a pattern stands for; any other path stands for itself."""
    pattern = re.fullmatch(r"\*(-of-(\d+)\D.*)", path.name)
    if pattern is None:
        return [path]
    return [path.with_name(f"{i}{pattern[1]}") for i in range(1, int(pattern[2]) + 1)]
