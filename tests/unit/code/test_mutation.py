import ast
import difflib
import re
import warnings
from collections.abc import Iterator

import pytest
from failpairs.code.mutation import ARITHMETIC, CONFUSED, RELATIONS, mutants
from failpairs.problems.starter_bank import load_starter
from hypothesis import given, settings
from hypothesis import strategies as st

REFERENCES = {problem.entry_point: problem.reference for problem in load_starter()}
HAND_MADE = {
    "decorated, nested, in a class": (
        "class Box(Base, size=2):\n    limit: int = 3\n\n    @cache(size=4)\n"
        "    @property\n    def inner(self, *rest: int, top: int = 5) -> 'int':\n"
        '        """Return 1 + 1."""\n\n        def deeper(n):  # n < 2\n'
        "            return -n if not n else self.limit // n\n\n        return deeper(top) + 6\n"
    ),
    "over several lines": (
        "def f(\n    a,\n    b=2,\n):\n    total = (\n        a  # + a\n        + (b)  # - b\n"
        "        - min(\n            a,\n            b,\n        )\n    )\n"
        "    return (\n        not (total < a)\n        or \\\n        total in b\n    )\n"
    ),
    "all kinds of statements": (
        "import math\nasync def f(x, /, *, k=0.5):\n    global g; g = x; g **= 2\n"
        "    with open(x) as file, x: pass\n    try:\n        assert x > 1, 'no'\n"
        "    except ValueError as error:\n        raise KeyError(1) from error\n"
        "    finally:\n        del x[1:-1]\n    while (y := x - 1) and x.items():\n"
        "        if x: break\n        elif not x: continue\n        else: await x\n"
        "    else:\n        g @= x\n    lambda a=1: {a: -a, **x, 'k': [*x, b'', ...]}\n"
        "    return sum(i for i in range(-x) if i % 2 == 0 != i), f'{x!r:>{k + 1}}' f''\n"
    ),
    "a match": (
        "match x:\n    case -1 | 'a':\n        y = 1\n    case {'k': [1, *_]} if y:\n"
        "        y = 2\n    case Point(x=0, y=None):\n        pass\n"
    ),
    "hardly a space": (
        "def f(a,b):\n if(a)<(b):return[a]\n return-a if a is not-b else.5if 1in b else''\n"
    ),
    "wide characters": (
        "def größe(ä, 漢='漢字'):  # 😀 < 1\n    '''😀'''\n"
        "    return '😀ä' + ä * 2 if ä<漢 else ä.lower()  # ß + 1\n"
    ),
    "form feeds": "\x0cdef f(a):\n\x0c    b = a\x0c+ 1\n    return b  \x0c< 2\n\x0c",
    "numbers": "x = [0, 10_000, 0xFF, 0b1, 1e16, 1e999, 0.0, 1_0.5e-3, 2j, True, 10**20]\n",
    "texts": "x = ['', \"a\", 'a' \"b\", r'\\n', b'a', '''a\n  b''', 'ä'\n'b']\n",
}
PROGRAMS = {
    **REFERENCES,
    **HAND_MADE,
    **{f"{name}, Windows line ends": s.replace("\n", "\r\n") for name, s in HAND_MADE.items()},
    **{f"{name}, old Mac line ends": s.replace("\n", "\r") for name, s in HAND_MADE.items()},
}

# Python tolerates a number next to a word, as yet.
IGNORE_DECIMALS = pytest.mark.filterwarnings("ignore:invalid decimal literal")
OPERATORS = [*RELATIONS.values(), *ARITHMETIC.values(), ("and", "or"), ("or", "and")]


def changed(source: str) -> set[str]:
    return {mutant.source for mutant in mutants(source)}


@pytest.mark.parametrize(("old", "new"), OPERATORS, ids=[old for old, _ in OPERATORS])
def test_an_operator_between_two_operands_is_replaced(old: str, new: str) -> None:
    assert changed(f"a {old} b") == {f"a {new} b"}


@pytest.mark.parametrize(
    ("old", "new"), ARITHMETIC.values(), ids=[o for o, _ in ARITHMETIC.values()]
)
def test_an_update_is_changed_or_left_out(old: str, new: str) -> None:
    assert changed(f"x {old}= y") == {f"x {new}= y", "pass"}


@pytest.mark.parametrize(("old", "new"), CONFUSED.items())
def test_a_name_is_taken_for_a_like_one(old: str, new: str) -> None:
    assert changed(f"x = {old}(a)") == {f"x = {new}(a)"}
    assert changed(f"x = a.{old}") == {f"x = a.{new}"}


@pytest.mark.parametrize("index", ["for index in a: b[index]", "lambda index: b[index]"])
def test_a_variable_is_not_taken_for_a_function(index: str) -> None:
    assert changed(index) == set()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b < c", {"a <= b < c", "a < b <= c"}),
        ("a < b != c in d", {"a <= b != c in d", "a < b == c in d", "a < b != c not in d"}),
        ("a or b or c", {"a and b or c", "a or b and c"}),
        ("a @ b", set()),
        ("a @= b", {"pass"}),
        ("not a", {"a"}),
        ("-a", {"a"}),
        ("+a, ~a", set()),
        ("not not a", {"not a"}),
        ("x = -(a) * b", {"x = (a) * b", "x = -(a) + b"}),
        ("x = not (a) is b", {"x = (a) is b", "x = not (a) is not b"}),
        ("x = True", {"x = False"}),
        ("x = 5", {"x = 6", "x = 4"}),
        ("x = 0", {"x = 1"}),
        ("x = 0x10", {"x = 17", "x = 15"}),
        ("x = 1.5", {"x = 2.5"}),
        ("x = 1e16", {"x = 0.0"}),
        ("x = 1e999", {"x = 0.0"}),
        ("x = 'text'", {"x = ''"}),
        ("x = 'a' \"b\"", {"x = ''"}),
        ("x = ''", {"x = ' '"}),
        ("x = None, ..., b'a', 2j", set()),
        ("f(a)", {"pass"}),
        ("f(a); g", {"pass; g"}),
        ("x = f(a) if a else b", {"x = f(a) if not a else b"}),
        ("if a.b: c\nelif d[e]: f", {"if not a.b: c\nelif d[e]: f", "if a.b: c\nelif not d[e]: f"}),
        ("while a(): b", {"while not a(): b"}),
        ("x = range(n)", {"x = range(n + 1)", "x = range(n - 1)"}),
        ("x = range(a, n)", {"x = range(a, n + 1)", "x = range(a, n - 1)"}),
        ("x = range(a, n, s)", {"x = range(a, n + 1, s)", "x = range(a, n - 1, s)"}),
        ("x = range((n))", {"x = range((n + 1))", "x = range((n - 1))"}),
        ("x = range(*a), range(a, *b)", set()),
        ("x = range(10)", {"x = range(11)", "x = range(9)"}),
        ("x = range(a if b < c else d)", {"x = range(a if b <= c else d)"}),
        ("x = a[b]", set()),
    ],
)
def test_a_mutant_changes_one_thing(source: str, expected: set[str]) -> None:
    assert changed(source) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("return a", {"return None"}),
        ("return a, b", {"return None"}),
        ("return (a)", {"return (None)"}),
        ("return[a]", {"return None"}),
        ("return-a", {"return a", "return None"}),
        ("return-ä", {"return ä", "return None"}),
        ("return", set()),
        ("return None", set()),
    ],
)
def test_a_result_is_lost(statement: str, expected: set[str]) -> None:
    before = "def f(a):\n    "
    assert changed(before + statement) == {before + text for text in expected}


def test_a_loop_goes_on_or_ends() -> None:
    loop = "for i in x:\n    if i < a:\n        {}\n"
    later = loop.replace("<", "<=")
    assert changed(loop.format("break")) == {loop.format("continue"), later.format("break")}
    assert changed(loop.format("continue")) == {loop.format("break"), later.format("continue")}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ä漢.y = '😀', a < b", {"ä漢.y = '😀', a <= b", "ä漢.y = '', a < b"}),
        ("x = (a)  <  (b)  # less", {"x = (a)  <=  (b)  # less"}),
        ("x = (a)<(b)", {"x = (a)<=(b)"}),
        ("x = ((a), ((b)))in(c)", {"x = ((a), ((b)))not in(c)"}),
        ("if a < b:\n\tc\n", {"if a <= b:\n\tc\n"}),
        ("x = (a + b).lower()", {"x = (a - b).lower()", "x = (a + b).upper()"}),
        ("x = a\\\n  < b", {"x = a\\\n  <= b"}),
        ("x = (a\n  .lower  ())", {"x = (a\n  .upper  ())"}),
        ("x = not(a\n  or b)", {"x = (a\n  or b)", "x = not(a\n  and b)"}),
        ("x = not-a", {"x = -a", "x = not a"}),
        ("x = a if b in c else.5", {"x = a if b not in c else.5", "x = a if b in c else 1.5"}),
        ("x = a if[b][c]else d", {"x = a if not [b][c]else d"}),
        ("x = a not  in b, a is  not b", set()),
        ("x = ｍin(a), a.ｍin", set()),
    ],
    ids=[
        "wide characters before it",
        "parentheses and spaces",
        "parentheses and no spaces",
        "parentheses next to a word",
        "tab",
        "method of something in parentheses",
        "continued line",
        "method on the next line",
        "not before parentheses",
        "not before minus",
        "number after a word",
        "bracket after a word",
        "two words far apart are left alone",
        "a name in other letters is left alone",
    ],
)
def test_the_layout_stays_as_it_is(source: str, expected: set[str]) -> None:
    assert changed(source) == expected


GAPS = " |\t|\n|\r\n|\r|\\\n|\x0c|# a < b + c\n|# )not in is ä漢😀\r\n|#\\\n".split("|")
BETWEEN = st.lists(st.sampled_from(GAPS), max_size=4).map(lambda parts: " " + "".join(parts))


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.sampled_from(OPERATORS), BETWEEN, BETWEEN, st.sampled_from(["", "(", "(("]))
def test_what_stands_between_the_operands_is_not_mistaken_for_the_operator(
    operators: tuple[str, str], before: str, after: str, left: str
) -> None:
    right = ")" * len(left)
    source, expected = (
        f"漢[({left}a{right}{before}{operator}{after}{left}b{right})]" for operator in operators
    )
    (mutant,) = mutants(source)
    assert mutant.source == expected
    assert mutant.line == 1 + len(re.findall(r"\r\n?|\n", before))


@pytest.mark.parametrize(
    "source",
    [
        '"""Return 3."""\n',
        'class A:\n    """Return 3."""\n',
        'def f(x: "int | 3", *y: -1, **z: not 2) -> "3":\n    """Return 3."""\n    "a"\n    ...\n',
        "x: 'a' + 1\n",
        "x = f'{a + 1} {b < c!r:>5} {f(0)}' 'text'\n",
        "# 1 + 1\n",
        "",
    ],
    ids=["docstring", "class", "function", "annotated name", "f-string", "comment", "nothing"],
)
def test_what_says_nothing_to_the_machine_is_left_alone(source: str) -> None:
    assert changed(source) == set()


@pytest.mark.parametrize(
    "source",
    [
        "@f({})\ndef g(): pass\n",
        "def f(x={}): pass\n",
        "def f():\n    def g():\n        class A:\n            x = {}\n",
        "x = lambda: [y for y in z if {}]\n",
        "x: int = {}\n",
        "x = f'{{y}}', {}\n",
        "x = {{a: {}}}[b:c, d]\n",
        "match x:\n    case {}: pass\n",
        "try: pass\nexcept {}: pass\n",
    ],
)
def test_every_part_of_a_program_is_changed(source: str) -> None:
    assert changed(source.format("7")) == {source.format("8"), source.format("6")}


@IGNORE_DECIMALS
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_mutant_is_another_program_that_differs_in_one_statement(name: str) -> None:
    source = PROGRAMS[name]
    found = mutants(source)
    assert found
    assert found == mutants(source)
    assert len({mutant.source for mutant in found}) == len(found)
    tree = ast.parse(source)
    lines = source.encode().splitlines()
    for mutant in found:
        compile(mutant.source, "<test>", "exec")
        assert ast.dump(ast.parse(mutant.source)) != ast.dump(tree)
        first, last = min(
            (span for span in statements(tree) if span[0] <= mutant.line <= span[1]),
            key=lambda span: span[1] - span[0],
        )
        matcher = difflib.SequenceMatcher(None, lines, mutant.source.encode().splitlines(), False)
        blocks = [block for block in matcher.get_opcodes() if block[0] != "equal"]
        assert blocks, mutant
        assert all(first <= block[1] + 1 and block[2] <= last for block in blocks), mutant


def statements(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """The first and the last line of every statement, and of the head of one that has a body."""
    for node in ast.walk(tree):
        match node:
            case ast.match_case(pattern=ast.pattern(lineno=line)):
                yield line, line
            case ast.stmt(lineno=line, end_lineno=int(last)):
                decorators = [place.lineno for place in getattr(node, "decorator_list", [])]
                body = [place.lineno - 1 for place in getattr(node, "body", [])]
                yield min([line, *decorators]), max(line, body[0]) if body else last


def test_a_mutant_tells_what_was_changed_and_where() -> None:
    found = mutants("def f(a):\n    b = (a\n         < 2)\n    g(b)\n    return not b\n")
    assert [(mutant.operator, mutant.line) for mutant in found] == [
        ("relation", 3),
        ("constant", 3),
        ("constant", 3),
        ("statement", 4),
        ("negation", 5),
        ("result", 5),
    ]


def test_what_python_only_warns_of_is_a_mutant_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert changed("x = 'a' is b") == {"x = '' is b", "x = 'a' is not b"}


@pytest.mark.parametrize("source", ["def f(:\n", "x = '\ud800'\n", "x = '\0'\n", "\ufeffx = 1\n"])
def test_a_program_that_does_not_parse_is_refused(source: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        mutants(source)
