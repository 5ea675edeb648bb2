from collections.abc import Iterator

import pytest
from builders import a_problem
from execution_builders import a_sample
from failpairs.exec_labels import ExecLabel
from failpairs.execution.executor import Limits
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.sandbox.self_test import find_tier

# The limit is far away, so that nothing but a proof can give a TIMEOUT before it.
LIMITS = Limits(timeout=60, memory_mb=256, output_kb=64)
PROBLEM = a_problem(test="def check(candidate):\n    assert candidate(2) == 4\n")

ENDLESS = {
    "nothing in it": "    while True:\n        pass\n",
    "nothing in it, on one line": "    while 1: continue\n",
    "a counter that is not changed": "    i = 0\n    while i < n:\n        j = i + 1\n",
    "a counter that is set back": "    i = 0\n    while i < n:\n        i += 1\n        i -= 1\n",
    "a cycle of many states": "    while n != 0:\n        n = (n * 3) % 97\n",
    "a list that never changes": (
        "    rest = [3, 1, 2]\n    while rest:\n        rest.append(rest.pop(0))\n"
    ),
    "a loop inside": (
        "    i = 0\n    while i < n:\n        for j in range(3):\n            k = j\n"
    ),
    "a loop around": "    for i in range(3):\n        while i < n:\n            j = i\n",
    "floats that no longer change": "    x = 1.0\n    while x != 0.3:\n        x = min(x, 0.5)\n",
    "in a function that is called": (
        "    return inner(n)\n\n\ndef inner(n):\n    low = 0\n    while low < n:\n"
        "        middle = (low + n) // 2 - 1\n        low = max(low, middle)\n"
    ),
}

ENDING = {
    "counts far": (
        "    i = 0\n    while i < 8_000_000:\n        i += 1\n    return n * 2\n"
    ),
    "visits many states": (
        "    i = j = 0\n    while i < 4_000:\n        j += 1\n        if j == 900:\n"
        "            i, j = i + 1, 0\n    return n * 2\n"
    ),
    "ends by a state that a call hides": (
        "    box = Box()\n    while True:\n        if box.step():\n            return n * 2\n\n\n"
        "class Box:\n    left = 3_000_000\n\n    def step(self):\n        self.left -= 1\n"
        "        return self.left < 0\n"
    ),
    "ends by an iterator": (
        "    numbers = iter(range(3_000_000))\n    found = 0\n    while found is not None:\n"
        "        found = next(numbers, None)\n    return n * 2\n"
    ),
    "ends by a random number": (
        "    import random\n    draw = random.Random(0)\n    while True:\n"
        "        if draw.random() < 1e-6:\n            return n * 2\n"
    ),
    "ends by the clock": (
        "    from time import process_time\n    end = process_time() + 0.5\n"
        "    while process_time() < end:\n        pass\n    return n * 2\n"
    ),
    "ends by a thread": (
        "    import threading, time\n    done = []\n"
        "    def finish():\n        time.sleep(0.5)\n        done.append(1)\n"
        "    threading.Thread(target=finish).start()\n"
        "    while not done:\n        pass\n    return n * 2\n"
    ),
    "ends by a signal": (
        "    import signal\n    done = []\n"
        "    signal.signal(signal.SIGALRM, lambda *_: done.append(1))\n    signal.alarm(1)\n"
        "    while not done:\n        pass\n    return n * 2\n"
    ),
    "runs the same loop again and again": (
        "    for _ in range(300_000):\n        i = 0\n        while i < 10:\n            i += 1\n"
        "    return n * 2\n"
    ),
    "ends by a global that another function changes": (
        "    while left:\n        step()\n    return n * 2\n\n\nleft = 3_000_000\n\n\n"
        "def step():\n    global left\n    left -= 1\n"
    ),
    "ends by a list inside a list": (
        "    inner = [0]\n    outer = [inner]\n    while outer[0][0] < 3_000_000:\n"
        "        inner[0] += 1\n    return n * 2\n"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def verdicts() -> Iterator[dict[str, ExecLabel]]:
    programs = {**ENDLESS, **ENDING}
    samples = [a_sample(code, sample_index=i) for i, code in enumerate(programs.values())]
    found = execute_samples([PROBLEM], samples, LIMITS, find_tier(), runs=1, workers=2)
    yield dict(zip(programs, found, strict=True))


@pytest.mark.parametrize("name", ENDLESS)
def test_a_loop_whose_state_recurs_is_stopped_by_proof(
    verdicts: dict[str, ExecLabel], name: str
) -> None:
    verdict = verdicts[name]
    assert verdict.label == "TIMEOUT"
    assert "endless" in (verdict.message or "")
    assert verdict.line is not None


@pytest.mark.parametrize("name", ENDING)
def test_a_loop_that_ends_is_left_alone(verdicts: dict[str, ExecLabel], name: str) -> None:
    assert verdicts[name].label == "PASS", verdicts[name]
