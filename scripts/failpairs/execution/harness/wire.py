"""How judge and candidate talk: plain data, in frames, with nothing in them that could run.

A frame is four bytes of length and that much JSON. Plain data is None, bool, int, float, complex,
str, bytes, bytearray, list, tuple, set, frozenset and dict, in any nesting that is not too deep.
JSON has no room for all of these, so that all but the simplest are tagged lists. An object of a
subclass counts as the plain value that it holds, whatever its own methods say.
"""

import json
import math
import os
import struct
from typing import Any

MAX_FRAME = 64 * 2**20  # bytes
MAX_DEPTH = 200
LARGEST_JSON_INT = 2**63


class NotPlain(Exception):
    """A value that is not plain data; the message names its type."""


class BadFrame(Exception):
    """The other side sent something that is no frame of ours."""


class TooLarge(BadFrame):
    """The other side sent, or announced, more than a frame may hold."""


def send(descriptor: int, value: Any) -> None:
    """Write one frame.

    Raises:
        TooLarge: it would be larger than a frame may be.
        OSError: the other side has gone.
    """
    data = json.dumps(value).encode("ascii")
    if len(data) > MAX_FRAME:
        raise TooLarge(f"{len(data)} bytes")
    view = memoryview(struct.pack("=I", len(data)) + data)
    while view:
        view = view[os.write(descriptor, view) :]


def receive(descriptor: int) -> Any:
    """Read one frame.

    Raises:
        EOFError: the other side has closed.
        Broken: what came is no frame.
    """
    (size,) = struct.unpack("=I", _read_exactly(descriptor, 4))
    if size > MAX_FRAME:
        raise TooLarge(f"{size} bytes announced")
    try:
        return json.loads(_read_exactly(descriptor, size))
    except (ValueError, RecursionError) as error:
        raise BadFrame(str(error)[:200]) from None


def _read_exactly(descriptor: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def encode(value: Any, depth: int = 0) -> Any:
    """A plain value as JSON.

    Raises:
        NotPlain: the value, or one inside it, is not plain data, or it is nested too deeply.
    """
    if depth > MAX_DEPTH:
        raise NotPlain("data nested too deeply")
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    if issubclass(kind, int):
        number = int.__add__(value, 0)
        return number if abs(number) < LARGEST_JSON_INT else ["i", hex(number)]
    if issubclass(kind, float):
        real = float.__float__(value)
        return real if math.isfinite(real) else ["f", float.__repr__(real)]
    if issubclass(kind, str):
        return str.__getitem__(value, slice(None))
    if issubclass(kind, complex):
        return ["c", complex.__repr__(value)]
    if issubclass(kind, bytes):
        return ["b", bytes.hex(value)]
    if issubclass(kind, bytearray):
        return ["a", bytearray.hex(value)]
    if issubclass(kind, dict):
        items = dict.items(value)
        return ["d", *([encode(k, depth + 1), encode(v, depth + 1)] for k, v in items)]
    for base, tag in _SEQUENCES:
        if issubclass(kind, base):
            return [tag, *(encode(item, depth + 1) for item in base.__iter__(value))]
    raise NotPlain(f"{kind.__name__}, which is not plain data")


_SEQUENCES: tuple[tuple[Any, str], ...] = ((list, "l"), (tuple, "t"), (set, "s"), (frozenset, "z"))
_FROM_ITEMS: dict[str, Any] = {tag: base for base, tag in _SEQUENCES}
_FROM_TEXT: dict[str, Any] = {
    "i": lambda text: int(text, 16),
    "f": float,
    "c": complex,
    "b": bytes.fromhex,
    "a": bytearray.fromhex,
}


def decode(data: Any, depth: int = 0) -> Any:
    """The plain value that JSON of `encode` stands for.

    Raises:
        Broken: it is not of that form.
    """
    if depth > MAX_DEPTH + 1:
        raise BadFrame("nested too deeply")
    if not isinstance(data, list):
        if isinstance(data, dict):
            raise BadFrame("an untagged object")
        return data
    tag, *items = data or [None]
    try:
        if tag == "d":
            return {decode(k, depth + 1): decode(v, depth + 1) for k, v in items}
        if tag in _FROM_ITEMS:
            return _FROM_ITEMS[tag](decode(item, depth + 1) for item in items)
        (text,) = items
        return _FROM_TEXT[tag](text)
    except (KeyError, TypeError, ValueError) as error:
        raise BadFrame(f"tag {tag!r}: {error}") from None


def mirror(target: Any, source: Any) -> None:
    """Change a mutable value in place to what another holds, and what corresponds inside it."""
    if isinstance(target, list) and isinstance(source, list):
        for old, new in zip(target, source, strict=False):
            mirror(old, new)
        kept = [o if _same(o, n) else n for o, n in zip(target, source, strict=False)]
        target[:] = kept + source[len(kept) :]
    elif isinstance(target, dict) and isinstance(source, dict):
        for key in target.keys() & source.keys():
            mirror(target[key], source[key])
        merged = {
            k: target[k] if k in target and _same(target[k], v) else v for k, v in source.items()
        }
        target.clear()
        target.update(merged)
    elif isinstance(target, set) and isinstance(source, set):
        target.clear()
        target.update(source)
    elif isinstance(target, bytearray) and isinstance(source, bytearray):
        target[:] = source


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
