"""Programs that end after so many steps."""

from typing import Any

import pytest
from failpairs.execution.harness.fuel import Fuel, OutOfFuel, load

ENDLESS = {
    "while": "def f():\n    'Never ends.'\n    while True:\n        pass\n",
    "for": "import itertools\ndef f():\n    for n in itertools.count():\n        pass\n",
    "recursion": "def f():\n    try:\n        return f()\n    except RecursionError:\n"
    "        return f()\n",
    "lambda": "f = lambda n=0: all((f for _ in iter(int, 1)))\n",
    "comprehension": "import itertools\ndef f():\n    return [n for n in itertools.count()]\n",
    "generator": "import itertools\ndef f():\n    return sum(n for n in itertools.count())\n",
    "in a handler of all exceptions": "def f():\n    while True:\n        try:\n            f.x\n"
    "        except Exception:\n            pass\n",
}


@pytest.mark.parametrize("program", ENDLESS.values(), ids=ENDLESS)
def test_a_program_that_never_ends_is_ended(program: str) -> None:
    fuel = Fuel(1000)
    function = load(program, fuel)["f"]
    fuel.refill()
    with pytest.raises(OutOfFuel):
        function()


def test_what_loads_for_ever_is_ended_too() -> None:
    with pytest.raises(OutOfFuel):
        load("while True:\n    pass\n", Fuel(1000))


@pytest.mark.parametrize(
    ("program", "answer", "steps"),
    [
        ("def f():\n    return 1\n", 1, 1),
        ("def f():\n    'A docstring.'\n    return f.__doc__\n", "A docstring.", 1),
        ("def f():\n    return [n for n in range(5) if n % 2]\n", [1, 3], 6),
        ("def f():\n    return [a + b for a in 'ab' for b in 'cd' if b > 'c']\n", ["ad", "bd"], 7),
        ("f = lambda: 0 or 4\n", 4, 1),
        ("def f():\n    for n in range(3):\n        pass\n    else:\n        return n\n", 2, 4),
        ("def f():\n    n = 3\n    while n:\n        n -= 1\n    return n\n", 0, 4),
    ],
)
def test_steps_are_counted_and_the_answers_stay(program: str, answer: Any, steps: int) -> None:
    fuel = Fuel(100)
    function = load(program, fuel)["f"]
    fuel.refill()
    before = fuel.spent
    assert function() == answer
    fuel.refill()
    assert fuel.spent - before == steps


def test_the_fuel_of_one_call_is_not_that_of_the_next() -> None:
    fuel = Fuel(10)
    function = load("def f(n):\n    for _ in range(n):\n        pass\n", fuel)["f"]
    for _ in range(5):
        fuel.refill()
        function(9)
    fuel.refill()
    with pytest.raises(OutOfFuel):
        function(10)
