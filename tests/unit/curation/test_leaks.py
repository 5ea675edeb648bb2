"""Which evaluation problems pairs of other people leak."""

import pytest
from builders import a_foreign_pair as a_pair
from builders import a_problem
from failpairs.curation.leaks import answers, find_leaks
from failpairs.exchange.pairs import ForeignPair

TASK = a_problem(
    "e/1",
    prompt='def total(values):\n    """Add the first and the last of many given numbers up."""\n',
    entry_point="total",
    reference="def total(values):\n    return values[0] + values[-1]\n",
)
SAME = "def summed(xs):\n    # both ends\n    return xs[0] + xs[-1]\n"


@pytest.mark.parametrize(
    ("pair", "leaks"),
    [
        pytest.param(a_pair(), [], id="none"),
        pytest.param(a_pair(TASK.prompt), ["prompt: e/1 (10 words)"], id="prompt"),
        pytest.param(a_pair(chosen=SAME), ["chosen side: e/1 (reference)"], id="program"),
        pytest.param(
            a_pair(chosen=f"Like this:\n\n```python\n{SAME}```", rejected=SAME),
            ["chosen side: e/1 (reference)", "rejected side: e/1 (reference)"],
            id="both sides",
        ),
        pytest.param(
            a_pair("def f(v):\n", "    return v[0] + v[-1]\n", "    return 1 +\n"),
            ["chosen side: e/1 (reference)"],
            id="continuation",
        ),
        pytest.param(a_pair("\ud800", "\ud800", "def f(:\n"), [], id="no Python"),
        pytest.param(
            ForeignPair("x", 1, "standard", "Do it.", "c", "r", "e/1"), ["task_id: e/1"], id="name"
        ),
        pytest.param(
            ForeignPair("x", 1, "standard", "Do it.", "c", "r", "E/1"),
            ["task_id: e/1"],
            id="name in capitals",
        ),
        pytest.param(
            ForeignPair("x", 1, "standard", "Do it.", "def total(v): 1", "r", "1"),
            ["task_id: e/1"],
            id="number",
        ),
        pytest.param(
            ForeignPair("x", 1, "standard", "Do it.", "c", "r", "1"), [], id="number of a row"
        ),
    ],
)
def test_leaks_are_found_by_name_words_and_program(pair: ForeignPair, leaks: list[str]) -> None:
    assert find_leaks([a_pair("Do that."), pair], [None, None], [TASK], 10) == (
        {1: leaks} if leaks else {}
    )


@pytest.mark.parametrize("body", ["{0} + {1}", "{1} * {0}", "max({0}, {1})"])
def test_what_many_problems_have_in_common_gives_none_away(body: str) -> None:
    task = a_problem("e/2", reference=f"def f(a, b):\n    return {body.format('a', 'b')}\n")
    own = f"def g(x, y):\n    return {body.format('x', 'y')}\n"
    assert find_leaks([a_pair("Do that.", own, own)], [None], [task], 10) == {}


def test_a_program_that_an_implicit_prompt_begins_is_whole() -> None:
    pair = a_pair("def f(v):\n    return v", "[0]", "[1]", form="implicit")
    assert answers(pair) == ("def f(v):\n    return v[0]", "def f(v):\n    return v[1]")
