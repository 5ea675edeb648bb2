"""What lengths tell, and which evaluation problems pairs leak; the whole is tested as a program."""

import pytest
from builders import a_problem
from failpairs.curation.audit import answers, find_leaks, length_tells, samples_of
from failpairs.exchange.pairs import ForeignPair

TASK = a_problem(
    "e/1",
    prompt='def total(values):\n    """Add the first and the last of many given numbers up."""\n',
    entry_point="total",
    reference="def total(values):\n    return values[0] + values[-1]\n",
)
SAME = "def summed(xs):\n    # both ends\n    return xs[0] + xs[-1]\n"


def a_pair(
    prompt: str = "Do it.", chosen: str = "c", rejected: str = "r", form: str = "standard"
) -> ForeignPair:
    return ForeignPair("x", 1, form, prompt, chosen, rejected)


def test_where_chosen_sides_are_always_longer_length_tells_all() -> None:
    tells = length_tells([(10 + i, 5 - i) for i in range(5)] * 20)
    assert tells.chosen_longer == 1
    assert (tells.threshold, tells.shorter_is_chosen, tells.accuracy) == (5, False, 1)
    assert tells.longer_null == (0.4, 0.6)  # 40 to 60 heads of 100 coins hold 95% (96.5%)
    assert 0.5 < tells.accuracy_null[0] < tells.accuracy_null[1] < 0.7


def test_where_chosen_sides_are_shorter_the_rule_says_so() -> None:
    tells = length_tells([(3, 9), (4, 9), (5, 4), (5, 8)])
    assert tells.chosen_longer == 0.25
    # Of at most 5 characters are all four chosen sides and one rejected side: 7 of 8 are right.
    assert (tells.threshold, tells.shorter_is_chosen, tells.accuracy) == (5, True, 7 / 8)


@pytest.mark.parametrize("n_pairs", [1, 7])
def test_where_all_lengths_are_equal_nothing_is_told(n_pairs: int) -> None:
    tells = length_tells([(4, 4)] * n_pairs)
    assert (tells.chosen_longer, tells.longer_null) == (0.5, (0.5, 0.5))
    assert (tells.accuracy, tells.accuracy_null) == (0.5, (0.5, 0.5))


def test_the_null_of_one_pair_is_known() -> None:
    tells = length_tells([(1, 2)])  # however it is flipped, a threshold tells its sides apart
    assert tells.longer_null == (0, 1)
    assert tells.accuracy_null == (1, 1)


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
    ],
)
def test_leaks_are_found_by_name_words_and_program(pair: ForeignPair, leaks: list[str]) -> None:
    assert find_leaks([a_pair("Do that."), pair], [None, None], [TASK], 10) == (
        {1: leaks} if leaks else {}
    )


def test_the_sides_of_pairs_without_a_problem_are_no_samples() -> None:
    samples = samples_of([a_pair(), a_pair()], [None, TASK])
    assert [(s.task_id, s.sample_index, s.completion) for s in samples] == [
        ("e/1", 2, "c"),
        ("e/1", 3, "r"),
    ]


def test_a_program_that_an_implicit_prompt_begins_is_whole() -> None:
    pair = a_pair("def f(v):\n    return v", "[0]", "[1]", form="implicit")
    assert answers(pair) == ("def f(v):\n    return v[0]", "def f(v):\n    return v[1]")
