"""Tells from its text that a program only computes, so that nothing of it outlasts it.

Such a program can share a process with others of its kind, one after another, which saves a fork
for each. All must be known for that: every kind of syntax, every built-in function and every
attribute is refused that is not listed here. There are no classes, decorators, `with` blocks,
assignments to attributes and private names, and the only modules are some that keep no state, of
which only some functions. What is left can change its arguments and its own variables.

Some things that seem only to compute are missing, or held to one use, for what else they do:

- `format` of a text reads any attribute, down to the frames of whoever called;
- text becomes bytes by way of a codec, a module that is looked for once: where memory ran out just
  then, it is remembered that there is none;
- `bytes(n)` takes memory that does not show until it is written to;
- a flag of `re` makes it print;
- `typing` remembers what it made, for anything equal to what it was made of: `List[int | str]` is
  then also `List[str | int]`, and a function in there is kept with all that it refers to;
- an exception that is kept keeps the frames that it came through, ours among them.

This is for speed alone: the verdict is found in another process in either case.
"""

import ast
import bisect
import builtins
import collections
import heapq
import itertools
import math
import re
from types import ModuleType

SYNTAX = tuple(
    getattr(ast, name)
    for name in """Module FunctionDef arguments arg Return Delete Assign AugAssign AnnAssign For
    While If Raise Try ExceptHandler Assert Import ImportFrom alias Global Nonlocal Expr Pass Break
    Continue BoolOp NamedExpr BinOp UnaryOp Lambda IfExp Dict Set ListComp SetComp DictComp
    GeneratorExp comprehension Yield YieldFrom Compare Call keyword FormattedValue JoinedStr
    Constant Attribute Subscript Starred Name List Tuple Slice expr_context boolop operator unaryop
    cmpop""".split()
)
HINT_SYNTAX = (ast.Subscript, ast.Tuple, ast.List, ast.expr_context)  # apart from the leaves
FUNCTIONS = frozenset(
    """abs all any ascii bin bool callable chr complex dict divmod enumerate filter float frozenset
    hash hex int isinstance issubclass iter len list map max min next oct ord pow range repr
    reversed round set slice sorted str sum tuple zip Ellipsis NotImplemented""".split()
)
EXCEPTIONS = frozenset(
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception)
)
REFUSED = frozenset(vars(builtins)) - FUNCTIONS - EXCEPTIONS


def _public(owner: ModuleType | type) -> frozenset[str]:
    return frozenset(name for name in dir(owner) if not name.startswith("_"))


MEMBERS: dict[str, frozenset[str]] = {
    "math": _public(math),
    "itertools": _public(itertools),
    "heapq": _public(heapq),
    "bisect": _public(bisect),
    "collections": frozenset({"Counter", "OrderedDict", "defaultdict", "deque"}),
    "copy": frozenset({"copy", "deepcopy"}),
    "functools": frozenset({"cmp_to_key", "reduce"}),
    "operator": frozenset("add and_ floordiv itemgetter mod mul or_ sub truediv xor".split()),
    "string": frozenset(
        """ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable
        punctuation whitespace""".split()
    ),
}
TYPES = frozenset(
    """Any Callable Collection DefaultDict Deque Dict FrozenSet Generator Iterable Iterator List
    Mapping MutableMapping Optional Sequence Set Tuple""".split()
)  # of `typing`, for hints only
SEARCHES = {
    "escape": 1,
    "findall": 2,
    "finditer": 2,
    "fullmatch": 2,
    "match": 2,
    "search": 2,
    "split": 3,
    "sub": 4,
    "subn": 4,
}  # functions of `re`, and how many arguments each has before its flags
DATA = (bool, complex, dict, float, frozenset, int, list, set, str, tuple)
COLLECTIONS = (collections.Counter, collections.OrderedDict, collections.defaultdict)
ATTRIBUTES = frozenset[str]().union(
    *map(_public, (*DATA, *COLLECTIONS, collections.deque, re.Match))
) - {"encode", "format", "format_map", "re", "to_bytes"}


def is_harmless(tree: ast.Module) -> bool:
    """Whether a program can do nothing but compute."""
    nodes = list(ast.walk(tree))
    kinds = {type(node) for node in nodes}
    if not all(issubclass(kind, SYNTAX) for kind in kinds):
        return False
    if kinds & {ast.Yield, ast.YieldFrom} and ast.Try in kinds:
        return False  # what a generator does when it is thrown away, it does to the next program
    imported = [a for node in nodes if isinstance(node, ast.Import) for a in node.names]
    modules = {alias.asname or alias.name: alias.name for alias in imported}
    searches = {part for node in nodes for part in _search_in(node)}
    hints = {part for node in nodes for hint in _hints_of(node) for part in ast.walk(hint)}
    types = {name for node in nodes for name in _types_from(node)}
    in_hints = (types | FUNCTIONS) - {name for node in nodes for name in _bound_by(node)}
    refused = REFUSED | types | {"re"}
    return all(
        _is_known_in_hint(node, in_hints) if node in hints else _is_known(node, modules, refused)
        for node in nodes
        if node not in searches
    )


def _search_in(node: ast.AST) -> list[ast.AST]:
    """The nodes `re` and `re.search` of a call that leaves the flags alone."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="re") as module, attr=name) as function,
            args=args,
            keywords=[],
        ) if len(args) <= SEARCHES.get(name, -1):
            if not any(isinstance(argument, ast.Starred) for argument in args):
                return [module, function]
    return []


def _hints_of(node: ast.AST) -> list[ast.expr]:
    match node:
        case (
            ast.arg(annotation=ast.expr() as hint)
            | ast.FunctionDef(returns=ast.expr() as hint)
            | ast.AnnAssign(annotation=hint)
        ):
            return [hint]
    return []


def _types_from(node: ast.AST) -> list[str]:
    """The names that come from `typing`."""
    match node:
        case ast.ImportFrom(module="typing", names=aliases):
            return [alias.asname or alias.name for alias in aliases]
    return []


def _bound_by(node: ast.AST) -> list[str]:
    """The names that become something else here, imports apart."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.FunctionDef(name=name):
            return [name]
    return []


def _is_known_in_hint(node: ast.AST, names: set[str]) -> bool:
    """Whether what is made of a hint is the same for all programs that have the same one."""
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.Constant(value=value):
            return value is None or value is ...
    return isinstance(node, HINT_SYNTAX)


def _is_known(node: ast.AST, modules: dict[str, str], refused: frozenset[str]) -> bool:
    match node:
        case ast.Name(id="__name__", ctx=ast.Load()):
            return True
        case ast.Name(id=name, ctx=ast.Load()):
            return name not in refused and not _is_private(name)
        case ast.Name(id=name) | ast.arg(arg=name):
            return name not in refused and _may_be_bound(name)
        case ast.FunctionDef(name=name, decorator_list=decorators):
            return not decorators and _may_be_bound(name)
        case ast.ExceptHandler(name=name):
            return name is None
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return name in EXCEPTIONS
        case ast.Raise(exc=exception):
            return exception is None
        case ast.Constant(value=value):
            return not isinstance(value, bytes)
        case ast.Attribute(value=ast.Name(id=name), ctx=ast.Load(), attr=attribute):
            return attribute in ATTRIBUTES or attribute in MEMBERS.get(modules.get(name, ""), ())
        case ast.Attribute(ctx=ast.Load(), attr=attribute):
            return attribute in ATTRIBUTES
        case ast.Attribute():
            return False
        case ast.Import(names=[ast.alias(name="re", asname=None)]):
            return True
        case ast.Import(names=aliases):
            return all(a.name in MEMBERS and _may_be_bound(a.asname) for a in aliases)
        case ast.ImportFrom(module=module, names=aliases, level=0):
            members = TYPES if module == "typing" else MEMBERS.get(module or "", frozenset())
            return all(a.name in members and _may_be_bound(a.asname) for a in aliases)
        case ast.ImportFrom():
            return False
    return True


def _is_private(name: str) -> bool:
    return name.startswith("__")


def _may_be_bound(name: str | None) -> bool:
    """Whether a program may have a name of its own for something: not that of an exception, so that
    what it raises is a new one."""
    return name is None or not (_is_private(name) or name in EXCEPTIONS)
