import pytest
from builders import IGNORE_ESCAPES, a_problem, data_file
from failpairs.hard_coding import is_hard_coded
from failpairs.problems import load_problems
from failpairs.records import Problem
from failpairs.starter import load_starter

DOUBLE = a_problem(
    test="def check(candidate):\n"
    + "".join(f"    assert candidate({n}) == {2 * n}\n" for n in (2, 0, -1, 5))
)
ADD = a_problem(
    test="def check(candidate):\n"
    + "".join(f"    assert candidate({a}, {b}) == {a + b}\n" for a, b in ((1, 2), (3, 4), (0, 9)))
)
WORDS = a_problem(
    test="def check(candidate):\n"
    "    assert candidate('a') == ['a']\n"
    "    assert candidate('b') == ['b', 'b']\n"
    "    assert candidate('') == []\n"
)

TABLES = {
    "branches": (
        DOUBLE,
        "if n == 2:\n  return 4\nif n == 0:\n  return 0\nif n == -1:\n  return -2",
    ),
    "elif": (DOUBLE, "if 2 == n:\n  return 4\nelif n == 0:\n  return 0\nelif n == 5:\n  return 10"),
    "a table": (DOUBLE, "return {2: 4, 0: 0, -1: -2, 5: 10}[n]"),
    "a table with a default": (DOUBLE, "return {2: 4, 0: 0, 5: 10}.get(n, n * 2)"),
    "conditional expressions": (
        DOUBLE,
        "return 4 if n == 2 else 0 if n == 0 else 10 if n == 5 else 7",
    ),
    "two arguments": (
        ADD,
        "if n == 1 and m == 2:\n  return 3\nif n == 3 and m == 4:\n  return 7\n"
        "if n == 0 and m == 9:\n  return 9",
    ),
    "a table of tuples": (ADD, "return {(1, 2): 3, (3, 4): 7, (0, 9): 9}[n, m]"),
    "texts and lists": (WORDS, "return {'a': ['a'], 'b': ['b', 'b'], '': []}[n]"),
}
HONEST = {
    "computed": (DOUBLE, "return n * 2"),
    "special cases": (DOUBLE, "if n == 0:\n  return 0\nif n == -1:\n  return -2\nreturn n + n"),
    "other answers": (DOUBLE, "return {2: 5, 0: 1, -1: 7, 5: 11}[n]"),
    "other inputs": (DOUBLE, "return {7: 14, 8: 16, 9: 18, 10: 20}.get(n, n * 2)"),
    "does not parse": (DOUBLE, "return {2: 4"),
}


def a_program(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"def double(n, m=0):\n{lines}"


@pytest.mark.parametrize(("problem", "body"), TABLES.values(), ids=TABLES.keys())
def test_a_table_of_the_answers_is_found(problem: Problem, body: str) -> None:
    assert is_hard_coded(a_program(body), problem)


@pytest.mark.parametrize(("problem", "body"), HONEST.values(), ids=HONEST.keys())
def test_a_program_that_computes_is_not_blamed(problem: Problem, body: str) -> None:
    assert not is_hard_coded(a_program(body), problem)


def test_no_table_is_blamed_where_the_reference_is_one() -> None:
    problem, body = TABLES["a table"]
    assert not is_hard_coded(
        a_program(body), problem.model_copy(update={"reference": a_program(body)})
    )


@IGNORE_ESCAPES
@pytest.mark.parametrize("source", ["starter", "humaneval", "mbpp"])
def test_hardly_a_reference_would_be_blamed_if_it_were_a_sample(source: str) -> None:
    if source == "starter":
        problems = load_starter()
    elif source == "humaneval":
        problems = load_problems("humaneval", "eval")
    else:
        problems = load_problems(f"jsonl:{data_file('mbpp.jsonl')}", "eval")
    blamed = [
        problem.task_id
        for problem in problems
        if is_hard_coded(
            problem.reference, problem.model_copy(update={"reference": "def f(): pass\n"})
        )
    ]
    assert len(blamed) <= 0.01 * len(problems), blamed
