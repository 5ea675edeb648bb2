import math
import os
import socket
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from failpairs.execution.harness import wire
from hypothesis import given, settings
from hypothesis import strategies as st

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters(exclude_categories=()), max_size=8)
    | st.binary(max_size=8)
)
HASHABLE = st.recursive(
    SCALARS, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=5
)
PLAIN = st.recursive(
    HASHABLE,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(HASHABLE, inner, max_size=3)
        | st.sets(HASHABLE, max_size=3)
        | st.tuples(inner)
    ),
    max_leaves=12,
)


def shape(value: Any) -> Any:
    """A value with the type of everything in it, so that 1, 1.0 and True are told apart."""
    if isinstance(value, dict):
        return dict, [(shape(k), shape(v)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [shape(item) for item in value]
    if isinstance(value, set | frozenset):
        return type(value), sorted(repr(shape(item)) for item in value)
    return type(value), repr(value)


@pytest.fixture
def channel() -> Iterator[tuple[int, int]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours.fileno(), theirs.fileno()


@settings(deadline=None)
@given(PLAIN)
def test_plain_data_comes_back_with_every_type(value: Any) -> None:
    assert shape(wire.decode(wire.encode(value))) == shape(value)


@pytest.mark.parametrize(
    "value", [math.nan, -math.inf, 2**80, -(2**63), pytest.param(10**5000, id="huge"), -0.0]
)
def test_numbers_that_json_lacks_come_back(value: float) -> None:
    back = wire.decode(wire.encode(value))
    assert type(back) is type(value)
    assert back == value or math.isnan(value)


def test_a_frame_goes_through(channel: tuple[int, int]) -> None:
    wire.send(channel[0], {"call": wire.encode([1, (2, {"a"})])})
    assert wire.receive(channel[1]) == {"call": ["l", 1, ["t", 2, ["s", "a"]]]}


class Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __add__(self, other: int) -> int:
        return 42

    def __hash__(self) -> int:
        return 0


def test_an_object_of_a_subclass_counts_as_what_it_holds() -> None:
    back = wire.decode(wire.encode([Liar(7)]))
    assert type(back[0]) is int
    assert back == [7]
    assert back != [42]


@pytest.mark.parametrize("value", [object(), print, (x for x in ()), [{1: lambda: 0}], range(3)])
def test_what_is_not_plain_is_refused(value: Any) -> None:
    with pytest.raises(wire.NotPlain, match="not plain data"):
        wire.encode(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(wire.NotPlain, match="nested"):
        wire.encode(loop)


@pytest.mark.parametrize(
    "data", [{}, ["?", 1], ["d", 1], ["s", ["l"]], ["i", "z"], [["l"]], ["f"], ["b", 3]]
)
def test_what_encode_never_makes_is_broken(data: Any) -> None:
    with pytest.raises(wire.BadFrame):
        wire.decode(data)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (struct.pack("=I", 2**32 - 1), wire.TooLarge),
        (struct.pack("=I", 3) + b"{]x", wire.BadFrame),
        (struct.pack("=I", 200_000) + b"[" * 200_000, wire.BadFrame),
        (struct.pack("=I", 10) + b"12", EOFError),
        (b"", EOFError),
    ],
)
def test_a_hostile_stream_is_told_apart_from_a_frame(
    channel: tuple[int, int], sent: bytes, error: type[Exception]
) -> None:
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


def test_a_change_in_place_is_mirrored_and_keeps_the_objects() -> None:
    inner = [1, 2]
    target = {"a": inner, "b": {1}, "c": 3}
    wire.mirror(target, {"a": [2, 1, 0], "b": {5}, "d": 4})
    assert target == {"a": [2, 1, 0], "b": {5}, "d": 4}
    assert target["a"] is inner
