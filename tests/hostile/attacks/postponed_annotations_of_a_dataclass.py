# accept: PASS
# Innocent: a data class whose annotations are text.
from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Pair:
    n: int
    factor: int = 2


def double(n: int) -> int:
    pair = Pair(n)
    return pair.n * pair.factor
