import ast
import difflib

import pytest
from failpairs.mutation import mutants
from failpairs.starter import load_starter

BANK = load_starter()


def changed(source: str) -> set[str]:
    """The mutants of a program without what is the same in all of them."""
    return {mutant.source for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", {"a <= b"}),
        ("a <= b", {"a < b"}),
        ("a > b", {"a >= b"}),
        ("a == b", {"a != b"}),
        ("a in b", {"a not in b"}),
        ("a not in b", {"a in b"}),
        ("a is b", {"a is not b"}),
        ("a is not b", {"a is b"}),
        ("a < b < c", {"a <= b < c", "a < b <= c"}),
        ("a + b", {"a - b"}),
        ("a // b", {"a * b"}),
        ("a ** b", {"a * b"}),
        ("a % b", {"a // b"}),
        ("a and b", {"a or b"}),
        ("a or b or c", {"a and b or c", "a or b and c"}),
        ("not a", {"a"}),
        ("-a", {"a"}),
        ("x = True", {"x = False"}),
        ("x = 5", {"x = 6", "x = 4"}),
        ("x = 0", {"x = 1"}),
        ("x = 1.5", {"x = 2.5"}),
        ("x = 'text'", {"x = ''"}),
        ("x = ''", {"x = ' '"}),
        ("x = None", set()),
        ("x += y", {"x -= y", "pass"}),
        ("f(a)", {"pass"}),
        ("x = f(a) if a else b", {"x = f(a) if not a else b"}),
        ("x = range(n)", {"x = range(n + 1)", "x = range(n - 1)"}),
        ("x = range(a, n)", {"x = range(a, n + 1)", "x = range(a, n - 1)"}),
        ("x = range(a, n, s)", {"x = range(a, n + 1, s)", "x = range(a, n - 1, s)"}),
        ("x = min(a, b)", {"x = max(a, b)"}),
        ("x = a.upper()", {"x = a.lower()"}),
        ("x = a[b]", set()),
    ],
)
def test_an_operator_changes_one_thing(source: str, expected: set[str]) -> None:
    assert changed(source) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("return a", {"return None"}),
        ("return", set()),
        ("return None", set()),
    ],
)
def test_a_result_is_lost(statement: str, expected: set[str]) -> None:
    before = "def f(a):\n    "
    assert changed(before + statement) == {before + text for text in expected}


def test_a_loop_goes_on_or_ends() -> None:
    loop = "for i in x:\n    if i:\n        {}\n"
    found = changed(loop.format("break"))
    assert loop.format("continue") in found
    assert loop.format("break").replace("if i", "if not i") in found
    assert loop.format("break") in changed(loop.format("continue"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 'ä漢😀'; y = a < b", "x = 'ä漢😀'; y = a <= b"),
        ("x = (a)  <  (b)  # less", "x = (a)  <=  (b)  # less"),
        ("x = (a +  # first\n     b)", "x = (a -  # first\n     b)"),
        ("\tx = a < b".replace("\t", "if a:\n\t"), "if a:\n\tx = a <= b"),
    ],
    ids=["wide characters before it", "parentheses and spaces", "two lines", "tabs"],
)
def test_the_change_stands_in_its_place(source: str, expected: str) -> None:
    assert expected in changed(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""Return 3."""\n',
        'def f(x: "int | 3") -> "3":\n    """Return 3."""\n',
        "x = f'{a + 1} {b < c!r:>5}'\n",
    ],
    ids=["docstring", "annotations", "f-string"],
)
def test_what_says_nothing_to_the_machine_is_left_alone(source: str) -> None:
    assert changed(source) == set()


def test_a_remark_between_the_operands_is_not_mistaken_for_the_operator() -> None:
    for source in ("x = (a  # a + b\n     + b)\n", "x = (a  # < or >\n     < b)\n"):
        for mutant in mutants(source):
            assert mutant.source.split("\n")[0] == source.split("\n")[0], mutant


@pytest.mark.parametrize("number", range(0, len(BANK), 4), ids=lambda n: BANK[n].entry_point)
def test_every_mutant_compiles_and_differs_from_the_program_in_one_place(number: int) -> None:
    source = BANK[number].reference
    found = mutants(source)
    assert found == mutants(source)
    assert len({mutant.source for mutant in found}) == len(found)
    for mutant in found:
        assert ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(source))
        blocks = difflib.SequenceMatcher(
            None, source.split("\n"), mutant.source.split("\n"), autojunk=False
        ).get_opcodes()
        (change,) = [block for block in blocks if block[0] != "equal"]
        assert change[1] < mutant.line + 3 and mutant.line <= change[2] + 3


def test_a_program_that_does_not_parse_is_refused() -> None:
    with pytest.raises(SyntaxError):
        mutants("def f(:\n")
