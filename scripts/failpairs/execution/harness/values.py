"""Values of the standard library as JSON: with their types, their aliases and their identity.

A scalar (None, a bool, an int of 64 bits, a float, a str) stands for itself. Any other value is a
node of a table and is written as `[place]`, so that neither depth nor a value that holds itself is
a problem. A negative place, `[-1 - place]`, is that of a node which the other side has sent: the
very object. A node is one of

    [tag, header, contents]   a mutable container of `CONTAINERS`
    [tag, parts]              an immutable value of `MAKERS`
    ["iterator", handle]      an iterator, which stays where it is and is asked for each item
    ["opaque", name]          anything else, of which only the name of its type is known

Nothing in a node can run: a table from the untrusted side can at worst be refused. An object of a
program's own subclass counts as the value of the standard class, whatever its own methods say.

>>> table = Encoder()
>>> table.encode([1, (2,)]), table.nodes
([0], [['list', [], [1, [1]]], ['tuple', [2]]])
>>> Decoder(table.nodes).value([0])
[1, (2,)]
"""

import builtins
import gc
import importlib
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, cast

from failpairs.execution.harness.oracles import NotPlain

LARGEST_JSON_INT = 2**63
MAX_ITEMS_OF_ITERATOR = 10_000  # that are sent ahead, where a test passes an iterator
FEW = 8  # items, of which it is not worth while to look at the types of all at once
ENUM_BASES = ("IntEnum", "StrEnum", "IntFlag", "Flag", "Enum")

Node = list[Any]
Ref = Any  # a scalar, or a list with the place of a node


class BadFrame(Exception):
    """The other side sent what this module never makes."""


class NoCollection:
    """Stops the garbage collector for as long as a table is made: none of its nodes is garbage, and
    to look at them all again and again takes longer than to make them."""

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *error: object) -> None:
        if self._was_enabled:
            gc.enable()


class Container(NamedTuple):
    """How a mutable container crosses: it is made empty, and filled when all values are there.

    Attributes:
        header: the scalars that `empty` needs.
        contents: its items, and of a mapping all keys and then all values.
        fill: replaces what is in a container.
    """

    header: Callable[[Any], list[Any]]
    contents: Callable[[Any], list[Any]]
    empty: Callable[..., Any]
    fill: Callable[[Any, list[Any]], None]


class Maker(NamedTuple):
    """How an immutable value crosses: the values that it is made of, and how it is made of them."""

    parts: Callable[[Any], Iterable[Any]]
    make: Callable[..., Any]


def _fill_list(target: Any, items: list[Any]) -> None:
    target[:] = items


def _fill_set(target: Any, items: list[Any]) -> None:
    target.clear()
    target.update(items)


def _fill_mapping(target: Any, items: list[Any]) -> None:
    half = len(items) // 2
    target.clear()
    for key, value in zip(items[:half], items[half:], strict=True):
        target[key] = value


def _fill_attributes(target: Any, items: list[Any]) -> None:
    half = len(items) // 2
    vars(target).clear()
    vars(target).update(zip(items[:half], items[half:], strict=True))


def _fill_sequence(target: Any, items: list[Any]) -> None:
    while len(target):
        target.pop()
    target.extend(items)


def _fill_bytes(target: bytearray, items: list[Any]) -> None:
    target[:] = bytes.fromhex(items[0])


def _no_header(value: Any) -> list[Any]:
    return []


def _keys_and_values(value: Any) -> list[Any]:
    return [*dict.keys(value), *dict.values(value)]


def _ordered_keys_and_values(value: Any) -> list[Any]:
    items = [*_class("collections.OrderedDict").items(value)]
    return [key for key, _ in items] + [item for _, item in items]


def _factory_name(value: Any) -> list[Any]:
    factory = value.default_factory
    return [None if factory is None else _name_of_builtin_class(factory) or ""]


def _default_dict(factory: str | None) -> Any:
    if factory == "":
        return _class("collections.defaultdict")(_unknown_factory)
    return _class("collections.defaultdict")(factory and _builtin_class(factory))


def _unknown_factory() -> Any:
    raise Unjudgeable("a defaultdict with a function of the program's own")


CONTAINERS: dict[str, Container] = {
    "list": Container(_no_header, lambda v: [*list.__iter__(v)], list, _fill_list),
    "dict": Container(_no_header, _keys_and_values, dict, _fill_mapping),
    "set": Container(_no_header, lambda v: [*set.__iter__(v)], set, _fill_set),
    "bytearray": Container(_no_header, lambda v: [v.hex()], bytearray, _fill_bytes),
    "collections.OrderedDict": Container(
        _no_header,
        _ordered_keys_and_values,
        lambda: _class("collections.OrderedDict")(),
        _fill_mapping,
    ),
    "collections.Counter": Container(
        _no_header, _keys_and_values, lambda: _class("collections.Counter")(), _fill_mapping
    ),
    "collections.defaultdict": Container(
        _factory_name, _keys_and_values, _default_dict, _fill_mapping
    ),
    "collections.deque": Container(
        lambda v: [v.maxlen],
        lambda v: [*v],
        lambda maxlen: _class("collections.deque")((), maxlen),
        _fill_sequence,
    ),
    "array.array": Container(
        lambda v: [v.typecode],
        lambda v: [*v],
        lambda typecode: _class("array.array")(typecode),
        _fill_sequence,
    ),
    "types.SimpleNamespace": Container(
        _no_header, lambda v: [*vars(v), *vars(v).values()], types.SimpleNamespace, _fill_attributes
    ),
}


def _made_by_class(name: str, *attributes: str) -> Maker:
    """Of a class that takes these attributes as its arguments."""

    def make(*parts: Any) -> Any:
        return _class(name)(*parts)

    return Maker(lambda v: [getattr(v, attribute) for attribute in attributes], make)


def _made_of_text(name: str) -> Maker:
    def make(text: str) -> Any:
        return _class(name)(text)

    return Maker(lambda v: [str(v)], make)


def _made_with_fold(name: str, *attributes: str) -> Maker:
    def make(*parts: Any) -> Any:
        return _class(name)(*parts[:-1], fold=parts[-1])

    return Maker(lambda v: [getattr(v, attribute) for attribute in (*attributes, "fold")], make)


def _pairs(*items: Any) -> Any:
    half = len(items) // 2
    return dict(zip(items[:half], items[half:], strict=True)).items()


def _match(pattern: Any, text: Any, start: int, end: int, *spans: int) -> Any:
    """The match of a pattern that has these spans, found again by the pattern itself."""
    wanted = tuple(zip(spans[::2], spans[1::2], strict=True))
    for way in (pattern.match, pattern.fullmatch, pattern.search):
        found = way(text, start, end)
        if found is not None and found.regs == wanted:
            return found
    for found in pattern.finditer(text, start, end):
        if found.regs == wanted:
            return found
    raise BadFrame("a match that the pattern does not give")


_TIME = ("hour", "minute", "second", "microsecond", "tzinfo")
MAKERS: dict[str, Maker] = {
    "tuple": Maker(lambda v: tuple.__iter__(v), lambda *parts: parts),
    "frozenset": Maker(lambda v: frozenset.__iter__(v), lambda *parts: frozenset(parts)),
    "int": Maker(lambda v: [hex(v)], lambda text: int(text, 16)),
    "bytes": Maker(lambda v: [bytes.hex(v)], bytes.fromhex),
    "complex": Maker(lambda v: [v.real, v.imag], complex),
    "range": Maker(lambda v: [v.start, v.stop, v.step], range),
    "slice": Maker(lambda v: [v.start, v.stop, v.step], slice),
    "memoryview": Maker(lambda v: [bytes(v)], memoryview),
    "ellipsis": Maker(lambda v: [], lambda: ...),
    "NotImplementedType": Maker(lambda v: [], lambda: NotImplemented),
    "mappingproxy": Maker(lambda v: [dict(v)], types.MappingProxyType),
    "dict_keys": Maker(list, lambda *keys: dict.fromkeys(keys).keys()),
    "dict_values": Maker(list, lambda *values: dict(enumerate(values)).values()),
    "dict_items": Maker(lambda v: [*dict(v), *dict(v).values()], _pairs),
    "decimal.Decimal": _made_of_text("decimal.Decimal"),
    "fractions.Fraction": _made_by_class("fractions.Fraction", "numerator", "denominator"),
    "datetime.date": _made_by_class("datetime.date", "year", "month", "day"),
    "datetime.time": _made_with_fold("datetime.time", *_TIME),
    "datetime.datetime": _made_with_fold("datetime.datetime", "year", "month", "day", *_TIME),
    "datetime.timedelta": _made_by_class("datetime.timedelta", "days", "seconds", "microseconds"),
    "datetime.timezone": Maker(
        lambda v: [v.utcoffset(None), v.tzname(None)],
        lambda *parts: _class("datetime.timezone")(*parts),
    ),
    "zoneinfo.ZoneInfo": _made_by_class("zoneinfo.ZoneInfo", "key"),
    "time.struct_time": Maker(lambda v: [tuple(v)], lambda v: _class("time.struct_time")(v)),
    "uuid.UUID": _made_of_text("uuid.UUID"),
    **{
        f"{module}.{name}": _made_of_text(f"pathlib.{name}")
        for module in ("pathlib", "pathlib._local")  # the latter in Python 3.13
        for name in ("PosixPath", "PurePosixPath")
    },
    "re.Pattern": Maker(
        lambda v: [v.pattern, v.flags], lambda *parts: _class("re.compile")(*parts)
    ),
    "re.Match": Maker(
        lambda v: [v.re, v.string, v.pos, v.endpos, *(place for span in v.regs for place in span)],
        _match,
    ),
    # Where execution.packages has numpy, both processes have it.
    "numpy.ndarray": Maker(
        lambda v: [v.dtype.str, v.shape, *v.ravel().tolist()],
        lambda dtype, shape, *items: _class("numpy.array")(items, dtype).reshape(shape),
    ),
    "numpy.generic": Maker(
        lambda v: [v.dtype.str, v.item()],
        lambda dtype, item: _class("numpy.array")(item, dtype)[()],
    ),
}
# The classes without a module of their own, by which their values are recognised.
_BASIC: tuple[type, ...] = (
    *(list, dict, set, bytearray, tuple, frozenset, int, bytes, complex, range, slice),
    *(memoryview, types.EllipsisType, types.NotImplementedType, types.MappingProxyType),
    *(type({}.keys()), type({}.values()), type({}.items())),
)
_NAMELESS = {kind: kind.__name__ for kind in _BASIC}
_SIMPLE = frozenset({type(None), bool, float, str})
_ancestors_of: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
_name_of: Callable[[type], str] = type.__dict__["__name__"].__get__


class Unjudgeable(NotPlain):
    """A value of the program's own kind was used, of which only the program knows what it is."""


class Opaque:
    """Stands for a value that did not cross; whatever is done with it raises Unjudgeable."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def __getattribute__(self, name: str) -> Any:
        return Opaque if name == "__class__" else _refuse(self)

    def __repr__(self) -> str:
        return f"<{object.__getattribute__(self, '_name')}>"


def _refuse(self: Opaque, *args: Any) -> Any:
    raise Unjudgeable(f"{object.__getattribute__(self, '_name')}, which is not plain data")


for _operation in """abs add and bool bytes call complex contains delitem divmod enter eq exit float
    floordiv format ge getitem gt hash index int invert iter le len lshift lt mod mul ne neg next or
    pos pow radd rand rdivmod reversed rfloordiv rlshift rmod rmul ror round rpow rrshift rshift
    rsub rtruediv rxor setattr setitem str sub truediv xor""".split():
    setattr(Opaque, f"__{_operation}__", _refuse)


class Encoder:
    """Writes values into one table of nodes.

    Attributes:
        nodes: the table.
        objects: the value of each node.
    """

    def __init__(
        self,
        theirs: Sequence[Any] = (),
        handle_of: Callable[[Any], int] | None = None,
    ) -> None:
        """
        Args:
            theirs: the objects of the other side's table.
            handle_of: a number for an iterator that stays here; without it iterators are sent as
                their items, and values of unknown types are refused.
        """
        self.nodes: list[Node] = []
        self.objects: list[Any] = []  # also so that no id is used twice
        self._places = {id(value): -1 - place for place, value in enumerate(theirs)}
        self._handle_of = handle_of
        self._waiting: list[int] = []

    def encode(self, value: Any) -> Ref:
        """What a value is written as; its nodes are added to the table.

        Raises:
            NotPlain: it holds something that cannot cross.
        """
        ref = self._ref(value)
        self._finish()
        return ref

    def contents(self, value: Any) -> tuple[list[Any], list[Ref]] | None:
        """The header and the contents of a container as it is now; None if it is none."""
        container = CONTAINERS.get(_tag_of(type(value)))
        if container is None:
            return None
        written = container.header(value), self._refs(container.contents(value))
        self._finish()
        return written

    def _finish(self) -> None:
        nodes, objects, waiting = self.nodes, self.objects, self._waiting
        if not waiting:
            return
        with NoCollection():
            while waiting:
                place = waiting.pop()
                value = objects[place]
                if type(value) is list:  # by far the most frequent
                    nodes[place] = ["list", [], self._refs(value[:])]
                else:
                    nodes[place] = self._node(value)

    def _ref(self, value: Any) -> Ref:
        kind = type(value)
        if kind in _SIMPLE or (kind is int and -LARGEST_JSON_INT < value < LARGEST_JSON_INT):
            return value
        place = self._places.get(id(value))
        if place is None:
            if kind not in _NAMELESS:
                plain = _plain_scalar(value, kind)
                if plain is not value:
                    return self._ref(plain)
            place = self._places[id(value)] = len(self.nodes)
            self.nodes.append([])
            self.objects.append(value)
            self._waiting.append(place)
        return [place]

    def _refs(self, values: list[Any]) -> list[Ref]:
        if len(values) < FEW:
            return [*map(self._ref, values)]
        kinds = set(map(type, values))
        if kinds <= _SIMPLE:
            return values
        if kinds <= _SCALAR_KINDS:
            ints = values if kinds == {int} else [value for value in values if type(value) is int]
            if min(ints) > -LARGEST_JSON_INT and max(ints) < LARGEST_JSON_INT:
                return values
        return [*map(self._ref, values)]

    def _node(self, value: Any) -> Node:
        kind = type(value)
        tag = _NAMELESS.get(kind)
        if tag is None:
            special = self._class_made_here(value, kind)
            if special is not None:
                return special
            tag = _tag_of(kind)
        if tag in CONTAINERS:
            container = CONTAINERS[tag]
            return [tag, container.header(value), self._refs(container.contents(value))]
        if tag in MAKERS:
            return [tag, self._refs([*MAKERS[tag].parts(value)])]
        if kind is Opaque:
            _refuse(value)
        if hasattr(kind, "__next__"):
            if self._handle_of is None:
                return ["items", self._refs(_items(value))]
            return ["iterator", self._handle_of(value)]
        if self._handle_of is None:
            raise NotPlain(f"{_name_of(kind)}, which is not plain data")
        return ["opaque", _name_of(kind)[:100]]

    def _class_made_here(self, value: Any, kind: type) -> Node | None:
        """The node of a built-in class, and of an exception, a named tuple or a member of an
        enumeration, whose classes cross with them."""
        ancestors = _ancestors_of(kind)
        if type in ancestors:
            name = _name_of_builtin_class(value)
            return None if name is None else ["class", name]
        if BaseException in ancestors:
            name = next(n for n in map(_name_of, ancestors) if is_exception(n))
            return ["exception", name, self._refs([*value.args])]
        fields = getattr(kind, "_fields", None) if tuple in ancestors else None
        if isinstance(fields, tuple) and all(type(field) is str for field in fields):
            return ["namedtuple", _name_of(kind), [*fields], self._refs([*tuple.__iter__(value)])]
        enum = sys.modules.get("enum")
        if enum is None or enum.Enum not in ancestors:
            return None
        base = next(name for name in ENUM_BASES if getattr(enum, name) in ancestors)
        members = {name: member._value_ for name, member in vars(kind)["_member_map_"].items()}
        names = [*members]
        written = self._refs([*members.values(), value._value_])
        mixin = next((each.__name__ for each in _MIXINS if each in ancestors), None)
        return ["enum", base, mixin, _name_of(kind), names, written]


class Decoder:
    """Makes the values of a table of nodes.

    Attributes:
        objects: the value of each node.
    """

    def __init__(
        self,
        nodes: Any,
        ours: Sequence[Any] = (),
        classes: dict[Any, Any] | None = None,
        iterator: Callable[[int], Any] | None = None,
    ) -> None:
        """
        Args:
            nodes: the table, which may be anything if it comes from the untrusted side.
            ours: the objects of the table that was sent to the other side.
            classes: enumerations and named tuples that were made before, so that equal ones are the
                same; others are added.
            iterator: gives the iterator of a handle.

        Raises:
            BadFrame: it is no table.
        """
        self._nodes: list[Node] = _list(nodes)
        self._ours = ours
        self._classes = {} if classes is None else classes
        self._iterator = iterator
        self.objects: list[Any] = [_MISSING] * len(self._nodes)
        try:
            with NoCollection():
                self._make_all()
        except (BadFrame, NotPlain):
            raise
        except Exception as error:
            raise BadFrame(f"{type(error).__name__}: {error}"[:200]) from None

    def value(self, ref: Ref) -> Any:
        """The value that a reference stands for.

        Raises:
            BadFrame: it stands for none.
        """
        if not isinstance(ref, list):
            if isinstance(ref, dict):
                raise BadFrame("an object instead of a value")
            return ref
        place = ref[0] if len(ref) == 1 else None
        if type(place) is not int or not -len(self._ours) <= place < len(self.objects):
            raise BadFrame(f"no node {str(ref)[:50]}")
        return self.objects[place] if place >= 0 else self._ours[-1 - place]

    def values(self, refs: Any) -> list[Any]:
        """The values of a list of references.

        Raises:
            BadFrame: it is none.
        """
        listed = _list(refs)
        if set(map(type, listed)) <= _SCALAR_KINDS:
            return listed
        return [self.value(ref) for ref in listed]

    def _make_all(self) -> None:
        filled = []
        for place, (tag, *rest) in enumerate(self._nodes):
            if tag in CONTAINERS:
                header, contents = rest
                self.objects[place] = CONTAINERS[tag].empty(*_list(header))
                filled.append((place, CONTAINERS[tag], contents))
        for place in range(len(self._nodes)):
            self._make(place)
        for place, container, contents in filled:
            container.fill(self.objects[place], self.values(contents))

    def _make(self, place: int) -> None:
        """Make an immutable value, and before it those that it is made of."""
        waiting = [place]
        begun: set[int] = set()
        while waiting:
            place = waiting[-1]
            if self.objects[place] is not _MISSING:
                waiting.pop()
                continue
            node = self._nodes[place]
            missing = [
                ref[0]
                for ref in (node[-1] if isinstance(node[-1], list) else ())
                if isinstance(ref, list) and ref[0] >= 0 and self.objects[ref[0]] is _MISSING
            ]
            if not missing:
                self.objects[place] = self._immutable(*node)
            elif place in begun:
                raise BadFrame("an immutable value that holds itself")
            begun.add(place)
            waiting.extend(missing)

    def _immutable(self, tag: str, *rest: Any) -> Any:
        if tag in MAKERS:
            (parts,) = rest
            return MAKERS[tag].make(*self.values(parts))
        if tag == "exception":
            name, parts = rest
            return exception_class(name)(*self.values(parts))
        if tag == "namedtuple":
            name, fields, parts = rest
            return self._namedtuple(name, tuple(fields))(*self.values(parts))
        if tag == "enum":
            base, mixin, name, names, parts = rest
            *members, value = self.values(parts)
            return self._enum(base, mixin, name, names, members)(value)
        if tag == "class":
            (name,) = rest
            return _builtin_class(name)
        if tag == "iterator" and self._iterator is not None:
            return self._iterator(*rest)
        if tag == "items":
            (parts,) = rest
            return (item for item in self.values(parts))
        if tag == "opaque":
            (name,) = rest
            return Opaque(str(name))
        raise BadFrame(f"tag {str(tag)[:50]!r}")

    def _namedtuple(self, name: str, fields: tuple[str, ...]) -> Any:
        if (name, fields) not in self._classes:
            made = _class("collections.namedtuple")(name, fields, module="candidate")
            self._classes[name, fields] = made
        return self._classes[name, fields]

    def _enum(
        self, base: str, mixin: str | None, name: str, names: list[str], values: list[Any]
    ) -> Any:
        # A name that Python treats in a way of its own could change how members compare.
        if base not in ENUM_BASES or any(n.startswith("_") or not n.isidentifier() for n in names):
            raise BadFrame("no enumeration")
        members = list(zip(names, values, strict=True))
        key = base, mixin, name, repr(members)
        if key not in self._classes:
            kinds = {each.__name__: each for each in _MIXINS}
            more = {"type": kinds[mixin]} if mixin and base in ("Enum", "Flag") else {}
            made = _class(f"enum.{base}")(name, members, module="candidate", **more)
            self._classes[key] = made
        return self._classes[key]


_MIXINS = (int, str, float)
_MISSING = object()
_SCALAR_KINDS = frozenset({type(None), bool, int, float, str})


def exception_class(name: Any) -> type[BaseException]:
    """The built-in class of exceptions of a name.

    Raises:
        BadFrame: there is none.
    """
    if not is_exception(name):
        raise BadFrame(f"no exception {str(name)[:50]!r}")
    return cast(type[BaseException], getattr(builtins, name))


def is_exception(name: Any) -> bool:
    """Whether this is the name of a built-in class of exceptions."""
    found = getattr(builtins, name, None) if isinstance(name, str) else None
    return isinstance(found, type) and issubclass(found, BaseException)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadFrame("no list where one belongs")
    return value


def _plain_scalar(value: Any, kind: type) -> Any:
    """The scalar that an object of a subclass holds; the value itself if it is none."""
    ancestors = _ancestors_of(kind)
    enum, numpy = sys.modules.get("enum"), sys.modules.get("numpy")
    is_special = (enum and enum.Enum in ancestors) or (numpy and numpy.generic in ancestors)
    if kind is int or is_special:
        return value
    if int in ancestors:
        return int.__add__(value, 0)
    if float in ancestors:
        return float.__float__(value)
    if str in ancestors:
        return str.__getitem__(value, slice(None))
    return value


def _tag_of(kind: type) -> str:
    """The tag of a class: that of its first ancestor in the tables, or nothing."""
    tags = (_NAMELESS.get(each) or _known_name(each) for each in _ancestors_of(kind))
    return next((tag for tag in tags if tag in CONTAINERS or tag in MAKERS), "")


def _known_name(kind: type) -> str:
    """The name of a class and its module, if the module is there and has it under this name."""
    module, name = str(kind.__module__), _name_of(kind)
    is_known = getattr(sys.modules.get(module), name, None) is kind
    return f"{module}.{name}" if is_known else ""


def _class(name: str) -> Any:
    module, _, rest = name.rpartition(".")
    return getattr(importlib.import_module(module or "builtins"), rest)


def _name_of_builtin_class(kind: Any) -> str | None:
    if not isinstance(kind, type):
        return None
    name = _name_of(kind)
    return name if getattr(builtins, name, None) is kind else None


def _builtin_class(name: Any) -> type:
    found = getattr(builtins, name, None) if isinstance(name, str) else None
    if not isinstance(found, type):
        raise BadFrame(f"no class {str(name)[:50]!r}")
    return found


def _items(iterator: Iterator[Any]) -> list[Any]:
    items = []
    for item in iterator:
        items.append(item)
        if len(items) > MAX_ITEMS_OF_ITERATOR:
            raise NotPlain("an iterator of many items, which is not plain data")
    return items
