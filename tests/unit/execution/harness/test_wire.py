import os
import socket
import struct
from collections.abc import Iterator

import pytest
from failpairs.execution.harness import wire
from failpairs.execution.harness.values import BadFrame


@pytest.fixture
def channel() -> Iterator[tuple[int, int]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours.fileno(), theirs.fileno()


def test_a_frame_goes_through(channel: tuple[int, int]) -> None:
    wire.send(channel[0], {"call": [1, "\ud800", None]})
    assert wire.receive(channel[1]) == {"call": [1, "\ud800", None]}


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (struct.pack("=I", 2**32 - 1), wire.TooLarge),
        (struct.pack("=I", 3) + b"{]x", BadFrame),
        (struct.pack("=I", 200_000) + b"[" * 200_000, BadFrame),
        (struct.pack("=I", 10) + b"12", EOFError),
        (b"", EOFError),
    ],
)
def test_a_hostile_stream_is_told_apart_from_a_frame(sent: bytes, error: type[Exception]) -> None:
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        os.write(writing, sent)
        os._exit(0)
    os.close(writing)
    with pytest.raises(error):
        wire.receive(reading)
    os.close(reading)
    os.waitpid(pid, 0)
