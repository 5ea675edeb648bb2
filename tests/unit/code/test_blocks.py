from dataclasses import replace

import pytest
from builders import a_problem
from failpairs.code.blocks import find_blocks, whole_block
from failpairs.code.fences import Piece

PROBLEM = a_problem()
OUTSIDE = Piece("", is_fenced=False, is_complete=True)


def blocks(text: str) -> list[tuple[str, bool, bool]]:
    """(code, whether it parses, whether it continues the prompt) of each block."""
    found = find_blocks(PROBLEM, replace(OUTSIDE, text=text))
    return [(block.code, block.tree is not None, block.continues) for block in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Twice n.", []),
        ("import the module\n", []),
        ("for example:\n", []),
        ("return the doubled value\n", []),
        ("running_total(n) gives it\n", []),
        ("- one\n- two\n\n1. a\n2. b\n", []),
        ("So:\n\nx = 1\ny = 2\n\nThat is all.\n", [("x = 1\ny = 2\n", True, False)]),
        ("x = 1\nIt is one.\ny = 2\n", [("x = 1\n", True, False), ("y = 2\n", True, False)]),
        ("def f(n):\n    return n\n\n\nSo.\n", [("def f(n):\n    return n\n", True, False)]),
        ("x = '''\nSo it is.\n'''\nSo.\n", [("x = '''\nSo it is.\n'''\n", True, False)]),
        ("x = (1\nIt is one.\n", [("x = (1\nIt is one.\n", False, False)]),
        ("    return n\n\nOr:\n\n    return 2\n", [("    return n\n", True, True)]),
        ("    return n +\n\nSo.\n", [("    return n +\n\nSo.\n", False, True)]),
        ("    # as it is\n", [("    # as it is\n", True, True)]),
        ("print - (\n    1)\n", []),
        ("# a heading\nIt is.\n", []),
        ('{"a": "x = 1", "b": 2}', [("x = 1", True, False)]),
        ("\n  def double(n):\n    return n\n", [("def double(n):\n  return n\n", True, False)]),
        ("so(n):\n    return n\n", [("so(n):\n    return n\n", False, False)]),
    ],
)
def test_code_is_told_from_prose(text: str, expected: list[tuple[str, bool, bool]]) -> None:
    assert blocks(text) == expected


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("x = 1\n", True),
        ("    return n * 2\n", True),
        ("    ...\n", True),
        ("'''Twice.'''\nx = 1\n", True),
        ("Sure\nx = 1\n", False),
        ("x = 1\nDone\n", False),
        ("[1, 2]\n", False),
        ("'a text'\n", False),
        ("x = \n", False),
        ("", False),
    ],
)
def test_a_text_that_is_all_code_is_one_block(text: str, is_whole: bool) -> None:
    block = whole_block(PROBLEM, replace(OUTSIDE, text=text))
    assert (block is not None and block.code == text) == is_whole


@pytest.mark.parametrize(
    ("code", "defines", "binds"),
    [
        ("def double(n):\n    return n\n", True, True),
        ("double = abs\n", True, True),
        ("class Solution:\n    def double(self):\n        return 1\n", False, True),
        ("from solution import double\n", False, True),
        ("print(double(1))\n", False, False),
        ("def double(n):\n    return (\n", True, False),
    ],
)
def test_what_defines_the_entry_point(code: str, defines: bool, binds: bool) -> None:
    (block,) = find_blocks(PROBLEM, replace(OUTSIDE, text=code))
    assert (block.defines("double"), block.binds("double")) == (defines, binds)
