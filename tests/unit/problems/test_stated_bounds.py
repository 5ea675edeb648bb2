"""What the text of a problem says of its numbers."""

import doctest

import pytest
from builders import a_problem
from failpairs.problems import stated_bounds as module
from failpairs.problems.generated_inputs import generated_inputs
from failpairs.problems.stated_bounds import Bound, stated_bounds


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("Assume n > 1 and is not a prime.", [(0, ">", 1)]),
        ("Constraints: 0 ≤ n ≤ 10000", [(0, "≥", 0), (0, "≤", 10000)]),
        ("* 1 <= n <= 10^3\n* -5 < k", [(0, ">=", 1), (0, "<=", 1000), (1, ">", -5)]),
        ("n is at most 2**4: n <= 2**4", [(0, "<=", 16)]),
        ("It holds that n >= 0.5. Now k < 2.", [(0, ">=", 0.5), (1, "<", 2)]),
        ("If n < 0, it is None. Return k when k > 3.", []),
        ("1 <= len(n) <= 5, 1 <= n.length <= 5, 1 <= n[0], x.n > 2, nn > 3, m1 < n", []),
        ("n -> 5, n => 5, n == 5", []),
    ],
)
def test_bounds_are_read(text: str, bounds: list[tuple[int, str, float]]) -> None:
    assert stated_bounds(text, ["n", "k"]) == [Bound(*each) for each in bounds]


def test_no_input_is_beyond_a_bound_unless_a_given_one_is() -> None:
    problem = a_problem(
        entry_point="double",
        prompt='def double(n):\n    """Twice n. 2 <= n <= 40."""\n',
        test="def check(f):\n    assert f(5) == 10\n    assert f(31) == 62\n",
        reference="def double(n):\n    return 2 * n\n",
    )
    values = [value for (value,) in generated_inputs(problem, 60)]
    assert len(values) > 20
    assert all(2 <= value <= 40 for value in values)
    beyond = problem.model_copy(update={"test": problem.test.replace("31", "50")})
    assert any(value > 40 for (value,) in generated_inputs(beyond, 60))


def test_the_values_in_the_documentation_are_right() -> None:
    assert not doctest.testmod(module).failed
