"""Values as Python source, the same text for the same value whatever the order of its sets."""

from collections.abc import Iterable
from typing import Any


def literal(value: Any) -> str:
    """A value as Python source, sets in the same order everywhere.

    Example:
        >>> literal(({"b", "a"}, [frozenset({2})], {1: ()}))
        "({'a', 'b'}, [frozenset({2})], {1: ()})"
    """
    if isinstance(value, set | frozenset) and value:
        text = f"{{{', '.join(map(literal, in_order(value)))}}}"
        return text if isinstance(value, set) else f"frozenset({text})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    return repr(value)


def in_order(values: Iterable[Any]) -> list[Any]:
    """The items of a set in the same order everywhere."""
    return sorted(values, key=literal)
