import ast
import re
from typing import Any

import pytest
from failpairs.code.syntax import binds, bound_names, normalised, preamble, used_names
from failpairs.problems.sources import load_problems
from failpairs.problems.starter_bank import load_starter
from hypothesis import given, settings
from hypothesis import strategies as st

ENTRY = 'def f(n):\n    """Return n."""\n'


def test_a_bare_prompt_has_no_preamble() -> None:
    assert preamble(ENTRY, "f") == ""


def test_imports_and_helpers_stand_in_the_preamble() -> None:
    before = "import math\nfrom os import path\n\nX = 1\n\n\ndef help(n):\n    return n\n\n\n"
    names: dict[str, Any] = {}
    exec(preamble(before + ENTRY, "f"), names)
    assert {"math", "path", "X", "help"} <= names.keys()
    assert "f" not in names


@pytest.mark.parametrize(
    ("before", "expression", "value"),
    [
        (
            "import functools\n\n@functools.cache\ndef h(n):\n    return n\n",
            "h.cache_info().hits",
            0,
        ),
        ("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n", "P(3).x", 3),
        ("a = 1; b = 2\n", "a + b", 3),
        ("if True:\n    a = '''x\n  y'''\n", "a", "x\n  y"),
        ("größe = 'ß'; a = 1\n", "a", 1),
        ("class P:\n    def f(self):\n        return 3\n", "P().f()", 3),
    ],
    ids=["decorated function", "dataclass", "semicolon", "multi-line text", "umlauts", "method"],
)
def test_what_stands_before_the_entry_point_keeps_its_meaning(
    before: str, expression: str, value: object
) -> None:
    names: dict[str, Any] = {}
    exec(preamble(before + ENTRY, "f"), names)
    assert eval(expression, names) == value


def test_every_preamble_of_humaneval_runs() -> None:
    for problem in load_problems("humaneval", "eval"):
        names: dict[str, Any] = {}
        exec(preamble(problem.prompt, problem.entry_point), names)
        assert problem.entry_point not in names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(a):\n    return a", "def g(b):\n\n    return (b)  # b"),
        ("def f(a: int) -> int:\n    return a", "def f(a):\n    return a"),
        ('def f(a):\n    "Doc."\n    return a', "def f(a):\n    return a"),
        ('"""Doc."""\nx = 1', "x = 1"),
        ('class A:\n    "Doc."\n    x = 1', "class A:\n    x = 1"),
        ('async def f():\n    "Doc."\n    return 1', "async def f():\n    return 1"),
        ("async def f():\n    return 1", "async def g():\n    return 1"),
        ("x: int = 1", "x = 1"),
        ("[i for i in y]", "[j for j in y]"),
        ("lambda a, *b, c=1, **d: (a, b, c, d)", "lambda w, *x, y=1, **z: (w, x, y, z)"),
        ("if (n := 1): n", "if (m := 1): m"),
    ],
    ids=[
        "layout and names",
        "annotations",
        "docstring",
        "docstring of a module",
        "docstring of a class",
        "docstring of an async function",
        "name of an async function",
        "annotated variable",
        "comprehension",
        "every kind of argument",
        "walrus",
    ],
)
def test_what_does_not_change_a_program_is_removed(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(a):\n    return a + 1", "def f(a):\n    return a + 2"),
        ("def f(a, b):\n    return a - b", "def f(a, b):\n    return b - a"),
        ("def f(a):\n    return len(a)", "def f(a):\n    return sum(a)"),
        ("x.append(1)", "x.remove(1)"),
        ("def f(a):\n    return 'a'", "def f(a):\n    return 'b'"),
        ("def f(a):\n    return 1", "def f(a):\n    return True"),
        ("def f(a=1):\n    return a", "def f(a=2):\n    return a"),
        (
            "def f(a, b):\n    return a - b\nf(a=1, b=2)",
            "def f(b, a):\n    return b - a\nf(a=1, b=2)",
        ),
    ],
)
def test_what_changes_a_program_stays(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_layout_and_comments_of_the_bank_s_references_do_not_count() -> None:
    for problem in load_starter():
        plain = ast.unparse(ast.parse(problem.reference))
        assert normalised(plain + "\n# end") == normalised(problem.reference)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_renaming_arguments_and_variables_does_not_count(data: st.DataObject) -> None:
    source = "def f(a, b):\n    c = a\n    for d in b:\n        c += d\n    return [c, a, len(b)]\n"
    names = data.draw(
        st.lists(
            st.from_regex(r"[g-km-z][a-z]{0,3}_", fullmatch=True),
            min_size=5,
            max_size=5,
            unique=True,
        )
    )
    new = dict(zip("abcdf", names, strict=True))
    renamed = re.sub(r"\b[abcdf]\b", lambda match: new[match[0]], source)
    assert normalised(renamed) == normalised(source)


@pytest.mark.parametrize("source", ["def f(:", "x = '\0'"])
def test_what_does_not_parse_is_refused(source: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        normalised(source)


@pytest.mark.parametrize(
    ("source", "is_bound"),
    [
        ("def double(n): ...", True),
        ("async def double(n): ...", True),
        ("class double: ...", True),
        ("double = abs", True),
        ("double: int = 1", True),
        ("for double in (): ...", True),
        ("if True:\n    def double(n): ...", True),
        ("import double", True),
        ("from x import y as double", True),
        ("from x import *", True),
        ("double(1)", False),
        ("def twice(double): ...", False),
        ("x.double = 1", False),
        ("'double'", False),
    ],
)
def test_what_binds_a_name(source: str, is_bound: bool) -> None:
    assert binds(ast.parse(source), "double") == is_bound


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("import os.path, sys as system", {"os", "system"}),
        ("from os import path as p", {"p"}),
        ("def f(a):\n    b = a", {"f"}),
        ("class C:\n    x = 1", {"C"}),
        ("a, (b, *c) = x", {"a", "b", "c"}),
        ("a: int = b", {"a"}),
        ("print(a)", set()),
    ],
)
def test_which_names_a_statement_binds(statement: str, names: set[str]) -> None:
    assert bound_names(ast.parse(statement).body[0]) == names


def test_which_names_a_program_reads_and_binds() -> None:
    tree = ast.parse("import a\ndef f(b, *c, d=e):\n    g = a.h(b)\n    return g\n")
    assert used_names(tree, ast.Load) == {"a", "b", "e", "g"}
    assert used_names(tree, ast.Store) == {"a", "b", "c", "d", "f", "g"}
