"""Tells from its text that a program only computes, so that nothing of it outlasts it.

Such a program can share a process with others of its kind, one after another, which saves a fork
for each. All must be known for that: every kind of syntax, every built-in function and every
attribute is refused that is not listed here. There are no classes, decorators, `with` blocks,
assignments to attributes and private names, and the only modules are some that keep no state, of
which only some functions. What is left can change its arguments and its own variables.

This is for speed alone: the verdict is found in another process in either case.
"""

import ast
import bisect
import builtins
import collections
import heapq
import importlib
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
FUNCTIONS = frozenset(
    """abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter
    float frozenset hash hex int isinstance issubclass iter len list map max min next oct ord pow
    range repr reversed round set slice sorted str sum tuple zip Ellipsis NotImplemented""".split()
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
    "re": frozenset("escape findall finditer fullmatch match search split sub subn".split()),
    "string": frozenset(
        """ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable
        punctuation whitespace""".split()
    ),
    "typing": frozenset(
        """Any Callable Collection DefaultDict Deque Dict FrozenSet Generator Iterable Iterator List
        Mapping MutableMapping Optional Sequence Set Tuple Union""".split()
    ),
}
DATA = (bool, bytearray, bytes, complex, dict, float, frozenset, int, list, set, str, tuple)
COLLECTIONS = (collections.Counter, collections.OrderedDict, collections.defaultdict)
ATTRIBUTES = frozenset({"args"}).union(
    *map(_public, (*DATA, *COLLECTIONS, collections.deque, re.Match))
) - {"re"}


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
    refused = REFUSED.union(*map(_refused_by_star, nodes))
    return all(_is_known(node, modules, refused) for node in nodes)


def _is_known(node: ast.AST, modules: dict[str, str], refused: frozenset[str]) -> bool:
    match node:
        case ast.Name(id="__name__", ctx=ast.Load()):
            return True
        case ast.Name(id=name) | ast.arg(arg=name):
            return name not in refused and not _is_private(name)
        case ast.FunctionDef(name=name, decorator_list=decorators):
            return not decorators and not _is_private(name)
        case ast.ExceptHandler(name=name):
            return not _is_private(name)
        case ast.Attribute(value=ast.Name(id=name), ctx=ast.Load(), attr=attribute):
            return attribute in ATTRIBUTES or attribute in MEMBERS.get(modules.get(name, ""), ())
        case ast.Attribute(ctx=ast.Load(), attr=attribute):
            return attribute in ATTRIBUTES
        case ast.Attribute():
            return False
        case ast.Import(names=aliases):
            return all(a.name in MEMBERS and not _is_private(a.asname) for a in aliases)
        case ast.ImportFrom(module=module, names=aliases, level=0):
            members = MEMBERS.get(module or "", frozenset())
            names = [alias for alias in aliases if alias.name != "*"]
            known = all(a.name in members and not _is_private(a.asname) for a in names)
            return known and bool(members)
        case ast.ImportFrom():
            return False
    return True


def _is_private(name: str | None) -> bool:
    return name is not None and name.startswith("__")


def _refused_by_star(node: ast.AST) -> frozenset[str]:
    """The names that `from module import *` brings and that may not be used."""
    match node:
        case ast.ImportFrom(module=str(module), names=[ast.alias(name="*")]) if module in MEMBERS:
            return _public(importlib.import_module(module)) - MEMBERS[module]
    return frozenset()
