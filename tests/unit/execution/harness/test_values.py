import array
import datetime
import enum
import json
import math
import operator
import pathlib
import re
import time
import types
import uuid
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

import numpy
import pytest
from failpairs.execution.harness.oracles import NotPlain
from failpairs.execution.harness.values import (
    BadFrame,
    Decoder,
    Encoder,
    Opaque,
    Unjudgeable,
)
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
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.datetimes()
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


def sent(value: Any) -> Any:
    """What arrives at the other side, by way of JSON."""
    table = Encoder()
    ref = table.encode(value)
    nodes, ref = json.loads(json.dumps([table.nodes, ref]))
    return Decoder(nodes).value(ref)


def given_back(value: Any) -> Any:
    """The same from the candidate, which keeps iterators and values of its own kinds."""
    kept: list[Any] = []

    def keep(iterator: Any) -> int:
        kept.append(iterator)
        return len(kept) - 1

    table = Encoder(handle_of=keep)
    ref = table.encode(value)
    return Decoder(table.nodes, iterator=lambda handle: iter(kept[handle])).value(ref)


def shape(value: Any) -> Any:
    """A value with the type of everything in it, so that 1, 1.0 and True are told apart."""
    if isinstance(value, dict):
        return dict, [(shape(k), shape(v)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [shape(item) for item in value]
    if isinstance(value, set | frozenset):
        return type(value), sorted(repr(shape(item)) for item in value)
    return type(value), repr(value)


@settings(deadline=None)
@given(PLAIN)
def test_plain_data_comes_back_with_every_type(value: Any) -> None:
    assert shape(sent(value)) == shape(value)


@pytest.mark.parametrize(
    "value", [math.nan, -math.inf, 2**80, -(2**63), pytest.param(10**5000, id="huge"), -0.0]
)
def test_numbers_that_json_lacks_come_back(value: float) -> None:
    for back in (sent(value), sent([value])[0], sent([value, "x"])[0]):
        assert type(back) is type(value)
        assert back == value or (math.isnan(value) and math.isnan(back))
        assert isinstance(value, int) or math.copysign(1, back) == math.copysign(1, value)


Point = namedtuple("Point", "x y")
STANDARD = {
    "deque": deque([1, 2], maxlen=3),
    "Counter": Counter("abca"),
    "OrderedDict": OrderedDict([("b", 1), ("a", [2])]),
    "defaultdict": defaultdict(list, {1: [2]}),
    "array": array.array("d", [1.5, 2.5]),
    "namespace": types.SimpleNamespace(x=1, y=[2]),
    "bytearray": bytearray(b"\0x"),
    "range": range(3, 9, 2),
    "slice": slice(1, None),
    "ellipsis": ...,
    "not implemented": NotImplemented,
    "memory": memoryview(b"abc"),
    "proxy": types.MappingProxyType({1: 2}),
    "decimal": Decimal("-1.50"),
    "fraction": Fraction(-2, 6),
    "date": datetime.date(2024, 2, 29),
    "time": datetime.time(1, 2, 3, 4, fold=1),
    "datetime": datetime.datetime(2024, 2, 29, 1, tzinfo=datetime.UTC, fold=1),
    "zone": datetime.timezone(datetime.timedelta(hours=5), "X"),
    "duration": datetime.timedelta(days=-1, microseconds=5),
    "moment": time.gmtime(0),
    "uuid": uuid.UUID(int=5),
    "path": pathlib.PurePosixPath("a/b"),
    "pattern": re.compile("a+", re.IGNORECASE),
    "class": dict,
    "key view": {1: 2}.keys(),
    "item view": {1: [2]}.items(),
}


@pytest.mark.parametrize("value", STANDARD.values(), ids=STANDARD.keys())
def test_a_value_of_the_standard_library_arrives_as_what_it_is(value: Any) -> None:
    for back in (sent(value), given_back([value])[0]):
        assert type(back) is type(value)
        assert back == value


def test_what_is_special_about_a_container_arrives() -> None:
    assert sent(deque([1], maxlen=3)).maxlen == 3
    assert sent(defaultdict(list))["new"] == []
    assert sent(defaultdict(None)).default_factory is None
    moved = OrderedDict.fromkeys("abc")
    moved.move_to_end("a")
    assert [*sent(moved)] == ["b", "c", "a"]
    assert [*sent({1: 2, 3: 4}.values())] == [2, 4]
    with pytest.raises(Unjudgeable, match="defaultdict"):
        sent(defaultdict(lambda: 0))["new"]


@pytest.mark.parametrize("find", [re.match, re.fullmatch, re.search])
def test_a_match_arrives_with_its_groups(find: Callable[..., Any]) -> None:
    match = find("(a)(b)?c*", "acc")
    back = sent(match)
    assert (back.span(), back.groups(), bool(back)) == (match.span(), match.groups(), True)
    later = list(re.finditer("a.", "a1 a2"))[1]
    assert sent(later).group() == "a2"


class Colour(enum.Enum):
    RED = 1
    BLUE = (2, [3])


class Size(enum.IntEnum):
    SMALL = 1


class Word(str, enum.Enum):  # noqa: UP042 — programs write it so
    YES = "yes"


class Rights(enum.Flag):
    READ = 1
    WRITE = 2


def test_members_of_an_enumeration_arrive_and_are_the_same_each_time() -> None:
    red, same, blue = sent([Colour.RED, Colour.RED, Colour.BLUE])
    assert (red.name, red.value, blue.value) == ("RED", 1, (2, [3]))
    assert red is same and red is not blue
    assert [member.name for member in type(red)] == ["RED", "BLUE"]
    assert sent(Size.SMALL) == 1
    assert sent(Word.YES) == "yes"
    assert sent(Rights.READ | Rights.WRITE).value == 3


def test_a_named_tuple_arrives_with_its_fields() -> None:
    back = sent(Point(1, [2]))
    assert (back.x, back.y, back) == (1, [2], (1, [2]))
    assert type(back).__name__ == "Point"


class OwnError(KeyError):
    def __init__(self, a: int, b: int) -> None:
        super().__init__(a, b)


@pytest.mark.parametrize(
    "value",
    [
        numpy.array([[1, 2], [3, 4]], dtype="int16"),
        numpy.zeros((0, 3)),
        numpy.array(1.5),
        numpy.array(["a", "bc"]),
        numpy.array([1 + 2j, numpy.nan]),
        numpy.int64(5),
        numpy.float64(0.1),
        numpy.float32(0.1),
        numpy.bool_(True),
        numpy.datetime64("2024-02-29"),
    ],
    ids=repr,
)
def test_arrays_and_scalars_of_numpy_arrive_as_what_they_are(value: Any) -> None:
    for back in (sent(value), given_back([value])[0]):
        assert type(back) is type(value)
        assert (back.dtype, back.shape) == (value.dtype, value.shape)
        assert repr(back) == repr(value)


def test_an_exception_arrives_as_the_nearest_built_in_one() -> None:
    back = sent(OwnError(1, 2))
    assert (type(back), back.args) == (KeyError, (1, 2))


def test_aliases_and_values_that_hold_themselves_arrive() -> None:
    inner = [1]
    back = sent([inner, inner, {"a": inner}])
    assert back[0] is back[1] is back[2]["a"]
    loop: list[Any] = [1]
    loop.append((loop,))
    back = sent(loop)
    assert back[1][0] is back


def test_depth_is_no_limit() -> None:
    deep: Any = []
    for _ in range(20_000):
        deep = [deep] if type(deep) is tuple else (deep,)
    back, levels = sent(deep), 0
    while back:
        back, levels = back[0], levels + 1
    assert levels == 20_000


class Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __add__(self, other: int) -> int:
        return 42

    def __hash__(self) -> int:
        return 0


class Words(list):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        return iter(["lie"])


def test_an_object_of_a_subclass_counts_as_what_it_holds() -> None:
    back = given_back([Liar(7)])
    assert type(back[0]) is int
    assert back == [7]
    assert back != [42]
    assert type(given_back(Words(["x"]))) is list
    assert given_back(Words(["x"])) == ["x"]


class Own:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("value", [Own(), len, lambda: 0, Own, json])
def test_a_value_of_the_programs_own_kind_can_only_be_refused(value: Any) -> None:
    back = given_back([value])[0]
    assert type(back) is Opaque
    assert not isinstance(back, int)
    assert back is not None
    for use in (
        lambda: back == 5,
        lambda: operator.eq(5, back),
        lambda: bool(back),
        lambda: back.x,
        lambda: back(),
        lambda: len(back),
        lambda: back[0],
        lambda: [*back],
        lambda: {back},
        lambda: sent([back]),
        lambda: 5 in back,
        lambda: [back].index(5),
    ):
        with pytest.raises(Unjudgeable, match="not plain data"):
            use()
    with pytest.raises(NotPlain):
        sent(value)


def test_an_iterator_is_asked_for_one_item_at_a_time_and_only_once() -> None:
    back = given_back(count(1))
    assert [next(back) for _ in range(3)] == [1, 2, 3]
    items = given_back(x for x in "ab")
    assert ([*items], [*items]) == (["a", "b"], [])
    assert [*sent(zip("ab", [1, 2], strict=True))] == [("a", 1), ("b", 2)]
    with pytest.raises(NotPlain, match="many items"):
        sent(count())


def test_an_object_of_the_other_side_is_the_very_object() -> None:
    ours = [1, [2]]
    table = Encoder()
    table.encode(ours)
    theirs = Decoder(json.loads(json.dumps(table.nodes)))
    answer = Encoder(theirs.objects)
    ref = answer.encode((theirs.objects[0], theirs.objects[0][1], [2]))
    back = Decoder(answer.nodes, table.objects).value(ref)
    assert back[0] is ours and back[1] is ours[1] and back[2] is not ours[1]


LIE = ["enum", "Enum", None, "E", ["A", "__eq__"], [1, [1], 1]]


@pytest.mark.parametrize(
    "nodes",
    [
        {},
        [[]],
        [["?", [1]]],
        [["dict", [], [1]]],
        [["set", [], [[1]]], ["list", [], []]],
        [["int", ["z"]]],
        [["list", []]],
        [["list", [], [[7]]]],
        [["list", [], [[-1]]]],
        [["tuple", [[0]]]],
        [["tuple", [{}]]],
        [["exception", "len", []]],
        [["class", "len"]],
        [["iterator", 0]],
        [["fractions.Fraction", [1, 0]]],
        [["re.Match", [[1], "a", 0, 1, 5, 6]], ["re.Pattern", ["a", 32]]],
        [["re.Pattern", ["(", 0]]],
        [["namedtuple", "P", ["_x"], [1]]],
        [LIE, ["class", "bool"]],
        [[["list"], [], []]],
    ],
)
def test_what_an_encoder_never_makes_is_refused(nodes: Any) -> None:
    with pytest.raises(BadFrame):
        Decoder(nodes)


@pytest.mark.parametrize("ref", [{}, [], [0], ["x"], [-1], [True], [0, 0], [[0]]])
def test_a_reference_to_nothing_is_refused(ref: Any) -> None:
    with pytest.raises(BadFrame):
        Decoder([]).value(ref)
