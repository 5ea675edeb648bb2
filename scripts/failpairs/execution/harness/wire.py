"""How judge and candidate talk: frames of four bytes of length and so much JSON."""

import json
import os
import struct
from typing import Any

from failpairs.execution.harness.values import BadFrame, NoCollection

MAX_FRAME = 64 * 2**20  # bytes


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
        BadFrame: what came is no frame.
    """
    (size,) = struct.unpack("=I", _read_exactly(descriptor, 4))
    if size > MAX_FRAME:
        raise TooLarge(f"{size} bytes announced")
    try:
        data = _read_exactly(descriptor, size)
        with NoCollection():
            return json.loads(data)
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
