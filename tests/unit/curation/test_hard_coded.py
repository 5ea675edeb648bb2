import ast
import json
from typing import Any

import pytest
from builders import IGNORE_ESCAPES, a_problem, data_file
from failpairs.code.syntax import preamble
from failpairs.curation.hard_coded import is_hard_coded
from failpairs.problems.generated_tests import oracle_test
from failpairs.problems.sources import load_problems
from failpairs.problems.starter_bank import load_starter
from failpairs.records import Problem
from hypothesis import given, settings
from hypothesis import strategies as st


def with_cases(*cases: tuple[Any, ...]) -> Problem:
    """A problem whose test asserts these: each is the arguments and, last, the answer."""
    asserted = (
        f"    assert candidate({', '.join(map(repr, given))}) == {answer!r}\n"
        for *given, answer in cases
    )
    return a_problem(test="def check(candidate):\n" + "".join(asserted))


DOUBLE = with_cases((2, 4), (0, 0), (-1, -2), (5, 10))
ADD = with_cases((1, 2, 3), (3, 4, 7), (0, 9, 9))
WORDS = with_cases(("a", ["a"]), ("b", ["b", "b"]), ("", []))
LISTS = with_cases(([1, 2], (2, 1)), ([], ()), ([7], (7,)), ([-1, 0], (0, -1)))
EVEN = a_problem(
    test="def check(candidate):\n    assert candidate(2)\n    assert not candidate(3), 'odd'\n"
    "    assert candidate(4) is True\n    assert candidate(5) == False\n"
)
ROMAN = with_cases((1, "I"), (4, "IV"), (5, "V"), (10, "X"), (50, "L"), (9, "IX"))
FIBONACCI = with_cases((0, 0), (1, 1), (2, 1), (5, 5), (10, 55), (12, 144), (7, 13))
GRADES = with_cases((90, "A"), (80, "B"), (70, "C"), (95, "A"), (0, "F"))
KNOWN_ROMANS = (
    "table = {1: 'I', 4: 'IV', 5: 'V', 9: 'IX', 10: 'X', 50: 'L'}\nreturn build(n, table)"
)

TABLES = {
    "branches": (
        DOUBLE,
        "if n == 2:\n  return 4\nif n == 0:\n  return 0\nif n == -1:\n  return -2",
    ),
    "elif": (
        DOUBLE,
        "if 2 == n:\n  return 4\nelif n == 0:\n  return 0\nelif -1 == n:\n  return -2",
    ),
    "branches that assign": (
        DOUBLE,
        "if n == 2:\n  x = 4\nelif n == 0:\n  x = 0\nelif n == 5:\n  x = 10\nreturn x",
    ),
    "branches that do more": (
        DOUBLE,
        "if n == 2:\n  f(n)\n  return 4\nif n == 0:\n  'so'\n  return 0\nif n == 5: return 10",
    ),
    "branches before a computation": (
        DOUBLE,
        "if n == 2: return 4\nif n == 0: return 0\nif n == 5: return 10\nreturn n * 2",
    ),
    "branches in a loop in a helper": (
        DOUBLE,
        "def find():\n  for _ in 'a':\n    if n == 2: return 4\n    if n == 0: return 0\n"
        "    if n == 5: return 10\nreturn find()",
    ),
    "other numbers that are equal": (DOUBLE, "return {2.0: 4.0, 0: 0.0, 5: 10.0}[n]"),
    "a table": (DOUBLE, "return {2: 4, 0: 0, -1: -2, 5: 10}[n]"),
    "a table with a default": (DOUBLE, "return {2: 4, 0: 0, 5: 10}.get(n, n * 2)"),
    "a table with a name": (DOUBLE, "table = {**{}, 2: 4, 0: 0, 5: 10, n: 3}\nreturn table[n]"),
    "conditional expressions": (
        DOUBLE,
        "return 4 if n == 2 else 0 if n == 0 else 10 if n == 5 else 7",
    ),
    "conditional expressions in parentheses": (
        DOUBLE,
        "return (4 if n == 2 else (0 if n == 0 else (10 if n == 5 else 7)))",
    ),
    "match": (
        DOUBLE,
        "match n:\n  case 2:\n    return 4\n  case 0:\n    return 0\n  case -1:\n    return -2\n"
        "  case _:\n    return 10",
    ),
    "match of several": (
        ADD,
        "match n, m:\n  case (1, 2): return 3\n  case 3, 4: return 7\n  case [0, 9]: return 9",
    ),
    "two arguments": (
        ADD,
        "if n == 1 and m == 2:\n  return 3\nif n == 3 and m == 4:\n  return 7\n"
        "if n == 0 and m == 9:\n  return 9",
    ),
    "two arguments as a tuple": (
        ADD,
        "if (n, m) == (1, 2): return 3\nif (n, m) == (3, 4): return 7\n"
        "if (0, 9) == (n, m): return 9",
    ),
    "a table of tuples": (ADD, "return {(1, 2): 3, (3, 4): 7, (0, 9): 9}[n, m]"),
    "texts and lists": (WORDS, "return {'a': ['a'], 'b': ['b', 'b'], '': []}[n]"),
    "lists and tuples": (
        LISTS,
        "if n == [1, 2]: return (2, 1)\nif n == []: return ()\nif [7] == n: return 7,",
    ),
    "match of lists": (
        LISTS,
        "match n:\n  case [1, 2]: return (2, 1)\n  case []: return ()\n  case -1, 0: return 0, -1",
    ),
    "true and false": (
        EVEN,
        "if n == 2: return True\nif n == 3: return False\nif n == 4: return True",
    ),
}
HONEST = {
    "computed": (DOUBLE, "return n * 2"),
    "special cases": (DOUBLE, "if n == 0:\n  return 0\nif n == -1:\n  return -2\nreturn n + n"),
    "other answers": (DOUBLE, "return {2: 5, 0: 1, -1: 7, 5: 11}[n]"),
    "other inputs": (DOUBLE, "return {7: 14, 8: 16, 9: 18, 10: 20}.get(n, n * 2)"),
    "answers to other questions": (
        DOUBLE,
        "if n > 2: return 4\nif n != 0: return 0\nif n <= 5: return 10\nif not n == -1: return -2",
    ),
    "answers that are computed": (
        DOUBLE,
        "if n == 2: return n + 2\nif n == 0: return n\nif n == 5: return len('ten')",
    ),
    "does not parse": (DOUBLE, "return {2: 4"),
    "base cases": (
        FIBONACCI,
        "if n == 0: return 0\nif n == 1: return 1\nif n == 2: return 1\n"
        "return double(n - 1) + double(n - 2)",
    ),
    "what is remembered": (
        FIBONACCI,
        "memo = {0: 0, 1: 1, 2: 1}\nfor i in range(3, n + 1): memo[i] = memo[i - 1] + memo[i - 2]\n"
        "return memo[n]",
    ),
    "nothing to do": (
        WORDS,
        "if n == '': return []\nif not n: return []\nreturn [n] * (ord(n) - 96)",
    ),
    "nothing in a list": (LISTS, "if n == []: return ()\nreturn tuple(reversed(n))"),
    "grades": (
        GRADES,
        "if n >= 90: return 'A'\nif n >= 80: return 'B'\nif n >= 70: return 'C'\nreturn 'F'",
    ),
    "another table": (
        ROMAN,
        "table = {'I': 1, 'IV': 4, 'V': 5, 'IX': 9, 'X': 10, 'L': 50}\nreturn build(n, table)",
    ),
}


def a_program(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"def double(n, m=0):\n{lines}"


@pytest.mark.parametrize(("problem", "body"), TABLES.values(), ids=TABLES.keys())
def test_a_table_of_the_answers_is_found(problem: Problem, body: str) -> None:
    ast.parse(a_program(body))
    assert is_hard_coded(a_program(body), problem)


@pytest.mark.parametrize(("problem", "body"), HONEST.values(), ids=HONEST.keys())
def test_a_program_that_computes_is_not_blamed(problem: Problem, body: str) -> None:
    assert not is_hard_coded(a_program(body), problem)


@pytest.mark.parametrize(
    ("problem", "body"), [TABLES["a table"], (ROMAN, KNOWN_ROMANS)], ids=["answers", "numerals"]
)
def test_no_table_is_blamed_where_the_reference_is_one(problem: Problem, body: str) -> None:
    program = a_program(body)
    assert is_hard_coded(program, problem)
    assert not is_hard_coded(program, problem.model_copy(update={"reference": program}))


@pytest.mark.parametrize(
    ("cases", "known", "blamed"),
    [(3, 2, False), (3, 3, True), (6, 3, True), (7, 3, False), (7, 4, True), (2, 2, False)],
)
def test_three_answers_and_half_of_them_are_too_many(cases: int, known: int, blamed: bool) -> None:
    problem = with_cases(*((n, n * 2) for n in range(cases)))
    body = "\n".join(f"if n == {n}: return {n * 2}" for n in range(known))
    assert is_hard_coded(a_program(body), problem) == blamed


def test_a_case_that_is_asserted_twice_counts_once() -> None:
    problem = with_cases((1, 2), (1, 2), (1, 2), (5, 10))
    assert not is_hard_coded(a_program("return {1: 2, 5: 10}[n]"), problem)


@pytest.mark.parametrize(
    "assertion",
    ["double({n}) == {m}", "candidate(n={n}) == {m}", "candidate({n}) is {m}, 'no {n}'"],
)
def test_an_assertion_may_be_written_in_several_ways(assertion: str) -> None:
    lines = (f"    assert {assertion.format(n=n, m=n * 2)}\n" for n in range(4))
    problem = a_problem(test="def check(candidate):\n    double = candidate\n" + "".join(lines))
    assert is_hard_coded(a_program("return {0: 0, 1: 2, 2: 4, 3: 6}[n]"), problem)


@pytest.mark.parametrize(
    "assertion",
    [
        "abs(candidate(1) - 2) < 1e-6",
        "candidate(*[1]) == 2",
        "candidate() == f'{1}'",
        "candidate(x) == 2",
        "1 < candidate(1) < 3",
        "candidate(1) in (2, 3)",
        "candidate(1).name == 2",
        "other(1) == 2",
        "candidate({[]: 1}) == 2",
        "True",
    ],
)
def test_other_assertions_say_nothing(assertion: str) -> None:
    problem = a_problem(test=f"def check(candidate):\n    assert {assertion}\n" * 3)
    assert not is_hard_coded(a_program("return {1: 2, 2: 4, 3: 6}[n]"), problem)


@pytest.mark.parametrize(
    "program",
    [
        "",
        "\0",
        "x = '\ud800'",
        "(" * 300,
        f"x = {{1: {'-' * 5000}1}}",
        f"x = {{0x{'f' * 5000}: 1}}",
        f"match x:\n  case {'[' * 90}{']' * 90}: return 1",
        "x = {[]: 1, {}: {[]}, **y}",
        "if x == 1: return",
        "if x == y == 1 and z: return 2",
        "match x:\n  case {'a': [*_]} | A(b=1) as c if c: return 3",
    ],
)
def test_no_program_is_too_strange_to_be_judged(program: str) -> None:
    assert not is_hard_coded(program, DOUBLE)


inputs = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)
    | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.tuples(inputs, inputs), min_size=3, max_size=8), st.booleans())
def test_every_table_of_literals_is_found_and_no_half_of_a_half(
    cases: list[tuple[Any, Any]], nested: bool
) -> None:
    cases = [case for i, case in enumerate(cases) if case not in cases[:i]]
    problem = with_cases(*cases)
    branches = [f"if n == {given!r}: return {answer!r}" for given, answer in cases]
    body = (
        "return " + " else ".join(f"{a!r} if n == {g!r}" for g, a in cases) + " else 0"
        if nested
        else "\n".join(branches)
    )
    assert is_hard_coded(a_program(body), problem) == (len(cases) >= 3)
    assert not is_hard_coded(a_program("\n".join(branches[: len(cases) // 4])), problem)


@IGNORE_ESCAPES
@pytest.mark.parametrize("source", ["starter", "humaneval", "mbpp"])
def test_no_reference_would_be_blamed_if_it_were_a_sample(source: str) -> None:
    blamed = [
        problem.task_id
        for problem in problems_of(source)
        if is_hard_coded(
            problem.reference, problem.model_copy(update={"reference": "def f(): pass\n"})
        )
    ]
    assert blamed == []


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("pack", [lambda answer: answer, lambda answer: [answer]])
def test_the_answers_of_a_table_of_calls_are_known(wrapped: bool, pack: Any) -> None:
    calls = [[[2], 4], [[0], 0], [[-1], -2], [[5], 10]]
    table = json.dumps([[given, pack(answer)] for given, answer in calls])
    problem = a_problem(test=oracle_test("check_calls", table, wrapped=wrapped))
    program = "def double(n):\n    return {2: 4, 0: 0, 5: 10}[n]\n"
    is_same = wrapped or pack(1) == 1
    assert is_hard_coded(program, problem) is is_same
    assert not is_hard_coded("def double(n):\n    return n * 2\n", problem)


def test_a_table_of_calls_may_have_several_arguments_and_lists() -> None:
    calls = [[[1, 2], 3], [[3, 4], 7], [[0, 9], 9], [[[1], 1], [1, 1]]]
    problem = a_problem(test=oracle_test("check_calls", json.dumps(calls), wrapped=False))
    assert is_hard_coded("t = {(1, 2): 3, (3, 4): 7, (0, 9): 9}", problem)
    lists = oracle_test("check_calls", "[[[[1]], 1], [[[2]], 2], [[[3]], 3]]", wrapped=False)
    assert is_hard_coded("t = {(1,): 1, (2,): 2, (3,): 3}", a_problem(test=lists))


@IGNORE_ESCAPES
@pytest.mark.parametrize(
    ("source", "least"), [("starter", 0.99), ("humaneval", 0.9), ("mbpp", 0.95)]
)
def test_the_answers_of_nearly_every_test_are_found_in_a_table(source: str, least: float) -> None:
    problems = problems_of(source)
    found = sum(is_hard_coded(answers_of(problem), problem) for problem in problems)
    assert found >= least * len(problems), found


def problems_of(source: str) -> list[Problem]:
    if source == "starter":
        return load_starter()
    name = "humaneval" if source == "humaneval" else f"jsonl:{data_file('mbpp.jsonl')}"
    return load_problems(name, "eval")


def answers_of(problem: Problem) -> str:
    """A program of nothing but the answers that a run of the reference gives to the test."""
    names: dict[str, Any] = {}
    exec(problem.reference, names)
    reference = names[problem.entry_point]
    seen: list[str] = []

    def candidate(*arguments: Any) -> Any:
        given = repr(arguments[0] if len(arguments) == 1 else arguments)
        answer = reference(*arguments)
        seen.append(f"    if given == {given}: return {answer!r}\n")
        return answer

    test: dict[str, Any] = {}
    exec(preamble(problem.prompt, problem.entry_point) + problem.test, test)
    check = test["check"]
    test[problem.entry_point] = candidate
    check(candidate)
    return f"def {problem.entry_point}(*given):\n" + "".join(seen[:200])
