"""Which problem a pair of other people was made for."""

import pytest
from builders import a_problem, mbpp_row
from failpairs.curation.pair_problems import ProblemIndex
from failpairs.exchange.pairs import ForeignPair
from failpairs.problems.mbpp import problem_from_mbpp

DOUBLE = problem_from_mbpp(mbpp_row(task_id="1"), "x:1")
TRIPLE = a_problem(
    "t/3",
    prompt='def triple(n):\n    """Return n times three, as a whole number."""\n',
    entry_point="triple",
)
# The same words, for another function.
TRIPLE_TOO = a_problem(
    "t/33",
    prompt='def thrice(n):\n    """Return n times three, as a whole number."""\n',
    entry_point="thrice",
)
LONGER = a_problem(
    "t/4",
    prompt='def halve(n):\n    """Write a function to double a number. Then halve it."""\n',
    entry_point="halve",
)
METHOD = a_problem("t/5", prompt="Solve it for a matrix of numbers.", entry_point="Solution.solve")
SCRIPT = a_problem("t/6", prompt="Read n and print n.", entry_point="main").model_copy(
    update={"kind": "program"}
)
INDEX = ProblemIndex([DOUBLE, TRIPLE, TRIPLE_TOO, LONGER, METHOD, SCRIPT])


def a_pair(prompt: str, task_id: str | None = None, chosen: str = "a") -> ForeignPair:
    return ForeignPair("x", 1, "standard", prompt, chosen, "b", task_id)


@pytest.mark.parametrize(
    ("pair", "task_id"),
    [
        pytest.param(a_pair("whatever", "t/3"), "t/3", id="named"),
        pytest.param(a_pair(DOUBLE.prompt, "t/3"), "t/3", id="named, whatever the prompt says"),
        pytest.param(a_pair("whatever", "Mbpp/1"), "mbpp/1", id="named in another case"),
        pytest.param(a_pair("a total", "1", "def double(n): ..."), "mbpp/1", id="a number"),
        pytest.param(a_pair(TRIPLE.prompt, "1"), "t/3", id="the number of a row"),
        pytest.param(a_pair(DOUBLE.prompt, "7"), "mbpp/1", id="another name"),
        pytest.param(a_pair(DOUBLE.prompt), "mbpp/1", id="the prompt itself"),
        pytest.param(
            a_pair(f"<user>Complete:\n{DOUBLE.prompt.upper()}<end>"), "mbpp/1", id="in a template"
        ),
        pytest.param(
            a_pair("Please write a function\nto double a number!"), "mbpp/1", id="description"
        ),
        pytest.param(a_pair(LONGER.prompt), "t/4", id="the longest text"),
        pytest.param(a_pair(TRIPLE.prompt), "t/3", id="the whole prompt tells"),
        pytest.param(a_pair("Return n times three, as a whole number."), None, id="two of them"),
        pytest.param(
            a_pair("Return n times three, as a whole number.", chosen="def thrice(n): ..."),
            "t/33",
            id="two of them, and a program",
        ),
        pytest.param(a_pair("It must pass: assert double(4) == 8"), "mbpp/1", id="a call"),
        pytest.param(a_pair("Make it double."), None, id="a word is no call"),
        pytest.param(a_pair("double(triple(1)) == 6"), None, id="two calls"),
        pytest.param(a_pair("class Solution:\n    def solve(self):"), "t/5", id="a method"),
        pytest.param(a_pair("def main():"), None, id="a script has no function"),
        pytest.param(a_pair("Read n, and print n"), "t/6", id="a script by its prompt"),
        pytest.param(a_pair("read"), None, id="too short"),
        pytest.param(a_pair("\ud800"), None, id="no words"),
    ],
)
def test_a_pair_finds_its_problem(pair: ForeignPair, task_id: str | None) -> None:
    found = INDEX.find(pair)
    assert (found and found.task_id) == task_id


def test_a_conversation_is_looked_through() -> None:
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Write a function to double a number."},
    ]
    found = INDEX.find(ForeignPair("x", 1, "conversational", turns, "a", "b"))
    assert found is DOUBLE
