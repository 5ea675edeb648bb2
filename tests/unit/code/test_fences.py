import pytest
from failpairs.code.fences import Piece, find_closing_fence, split_at_fences
from hypothesis import given, settings
from hypothesis import strategies as st

texts = st.lists(st.sampled_from(["```", "~~~", "'", '"""', "#", "\\", " ", "\n", "x"]))


def outside(text: str) -> Piece:
    return Piece(text, is_fenced=False, is_complete=True)


def block(text: str, is_complete: bool = True) -> Piece:
    return Piece(text, is_fenced=True, is_complete=is_complete)


@pytest.mark.parametrize(
    ("code", "closes"),
    [
        ("return 1\n```\nSo.", True),
        ("return 1```", True),
        ("return 1  # so```", True),
        ("    ```", True),
        ("x = 'it'\n```", True),
        ("x = 'open\n```", True),
        ('"""A\n```\n"""\n```', True),
        ("return 1\n``", False),
        ("x = '```'", False),
        ("x = '```", False),
        (r"x = '\'```'", False),
        ("'''A\n\n    ```\n    f(1)\n    ```\n", False),
        ('"""A \\""" ``` """', False),
        ("# ```\n# f(1)\n", False),
    ],
)
def test_a_fence_closes_a_block_unless_it_is_quoted(code: str, closes: bool) -> None:
    place = code.rfind("```") if closes else -1
    assert find_closing_fence(code) == place


@settings(deadline=None, derandomize=True, max_examples=300)
@given(texts.map("".join), texts.map("".join))
def test_more_code_does_not_move_a_closing_fence(code: str, more: str) -> None:
    place = find_closing_fence(code)
    if place >= 0:
        assert find_closing_fence(code + more) == place


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a\nb", [outside("a\nb")]),
        ("a\n```py\nb\n```\nc", [outside("a"), block("b"), outside("c")]),
        ("~~~\na\n```\n~~~~", [outside(""), block("a\n```"), outside("")]),
        ("```\na", [outside(""), block("a", is_complete=False)]),
        ("```\n'''\n```\n'''\n```", [outside(""), block("'''\n```\n'''"), outside("")]),
        ("```\na```\nb", [outside(""), block("a"), outside("b")]),
        ("a```\nb", [outside("a"), outside("b")]),
        ("```\na\n```py\nb\n```", [outside(""), block("a"), block("b"), outside("")]),
        ("  ```\n  a\n   b\nc\n  ```", [outside(""), block("a\n b\nc"), outside("")]),
        ("1. ```\n   a\n   ```", [outside(""), block("a"), outside("")]),
        ("```\n    a\n```", [outside(""), block("    a"), outside("")]),
        ("```\r\na\r\n```\r\n", [outside(""), block("a\r"), outside("")]),
        (
            "````\na\n```\nb\n```\n````",
            [outside(""), outside("a"), block("b"), outside(""), outside("")],
        ),
    ],
)
def test_fences_divide_a_text(text: str, pieces: list[Piece]) -> None:
    assert list(split_at_fences(text)) == pieces
