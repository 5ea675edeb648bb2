import html
import re

import pytest
from failpairs.report.code_diff import MAX_CHARACTERS, MAX_LINES, highlighted, side_by_side, visible
from hypothesis import given
from hypothesis import strategies as st

RIGHT_TO_LEFT = "\u202e"


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("naïve 日本 ✓", "naïve 日本 ✓"),
        ("a\x00b\x1b[31m\r", "a⟨U+0000⟩b⟨U+001B⟩[31m⟨U+000D⟩"),
        (f"if admin{RIGHT_TO_LEFT}", "if admin⟨U+202E⟩"),
        ("zero\u200bwidth \u2066x\u2069", "zero⟨U+200B⟩width ⟨U+2066⟩x⟨U+2069⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\u2028", "⟨U+2028⟩"),
    ],
)
def test_what_would_not_show_is_named(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_a_visible_text_can_be_written_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert visible(shown) == shown


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_highlighting_changes_no_text_and_leaves_no_markup(text: str) -> None:
    lines = highlighted(text)
    assert [plain(line) for line in lines] == text.split("\n")
    for line in lines:
        rest = re.sub(r'<span class="\w+">|</span>', "", line)
        assert "<" not in rest and ">" not in rest and '"' not in rest


def test_keywords_strings_and_comments_have_their_classes() -> None:
    (line,) = highlighted("return 'x'  # why")
    assert '<span class="k">return</span>' in line
    assert '<span class="s1">&#39;x&#39;</span>' in line
    assert '<span class="c1"># why</span>' in line


def test_a_diff_pairs_equal_lines_and_marks_the_others() -> None:
    rows = side_by_side("a\nb\nc", "a\nx\ny\nc", failing=(2, None))
    seen = [
        tuple(
            (line.number, plain(line.code), line.changed, line.failing) if line else None
            for line in row
        )
        for row in rows
    ]
    assert seen == [
        ((1, "a", False, False), (1, "a", False, False)),
        ((2, "b", True, True), (2, "x", True, False)),
        (None, (3, "y", True, False)),
        ((3, "c", False, False), (4, "c", False, False)),
    ]


def test_a_program_without_end_is_cut_and_says_so() -> None:
    rows = side_by_side("x\n" * 1000 + "y" * 5000, "z" * 1000)
    left = [plain(one.code) for one, _ in rows if one]
    assert len(left) == MAX_LINES + 1
    assert left[-1] == f"# … {1001 - MAX_LINES} more lines"
    right = [plain(other.code) for _, other in rows if other]
    assert right == [f"{'z' * MAX_CHARACTERS} … {1000 - MAX_CHARACTERS} more"]


def test_an_empty_program_is_one_empty_line() -> None:
    ((left, right),) = side_by_side("", "")
    assert left is not None and right is not None
    assert (left.code, right.code) == ("", "")
