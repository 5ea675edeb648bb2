# accept: PASS
# Innocent: annotations of all kinds.
from __future__ import annotations

from typing import TypeVar

Number = TypeVar("Number", int, float)


def double(n: Number, /, *, factor: int = 2) -> Undefined:  # noqa: F821
    result: list[Number] = [n * factor]
    return result[0]
