import ast
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from builders import a_problem
from execution_builders import a_sample
from failpairs.code.extraction import extract_program
from failpairs.execution.executor import Limits
from failpairs.execution.harness.compilation import compile_program
from failpairs.execution.harness.pure_programs import is_harmless
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.sandbox.self_test import find_tier
from places import ROOT

ATTACKS = sorted((ROOT / "tests" / "hostile" / "attacks").glob("*.py"))
TIER = find_tier()
LIMITS = Limits(timeout=2, memory_mb=128, output_kb=64)
PROBLEM = a_problem(
    test="def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(-1) == -2\n"
)

HARMLESS = {
    "nothing": "",
    "loops": (
        "def below_zero(operations):\n"
        "    balance = 0\n"
        "    for op in operations:\n"
        "        balance += op\n"
        "        if balance < 0:\n"
        "            return True\n"
        "    else:\n"
        "        pass\n"
        "    while balance > 0:\n"
        "        balance -= 1\n"
        "        if balance == 3:\n"
        "            break\n"
        "        continue\n"
        "    return False\n"
    ),
    "hints": (
        "from typing import Any, Callable, Dict, List, Optional, Tuple\n\n"
        "def f(a: List[int], *b: Tuple[int, ...], c: Optional[str] = None) -> Dict[str, Any]:\n"
        "    found: List[Tuple[int, str]] = []\n"
        "    return {}\n\n"
        "def g(f: Callable[[int], bool], x: list[dict[str, int]], y: float = 0.5) -> None: ...\n"
    ),
    "hints under other names": "from typing import List as L\n\ndef f(x: L[int]) -> L: return x\n",
    "comprehensions": (
        "def f(n):\n"
        "    squares = [i * i for i in range(n) if i % 2 == 0]\n"
        "    return {k: v for k, v in zip(n, n)}, {i for i in squares}, any(i for i in n)\n"
    ),
    "helper function": "def is_odd(n):\n    return n % 2 == 1\n\ndef f(n):\n    return is_odd(n)\n",
    "inner function": (
        "def f(n):\n"
        "    count = 0\n"
        "    def go():\n"
        "        nonlocal count\n"
        "        count += 1\n"
        "        return count\n"
        "    return go()\n"
    ),
    "recursion": "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n",
    "lambda": "double = lambda n, times=2: n * times\n",
    "sorting with a key": (
        "def f(words):\n    words.sort(key=lambda w: (-len(w), w))\n"
        "    return sorted(words, key=str.lower, reverse=True)\n"
    ),
    "methods of texts": (
        "def f(s):\n"
        "    parts = s.strip().lower().split(',')\n"
        "    return ' '.join(p.replace('a', 'b').title() for p in parts if p.isalpha())[::-1]\n"
    ),
    "f-string": "def f(n):\n    return f'{n:>{n + 1}.2f} {n!r} {bin(n)[2:]}' + '%05d' % n\n",
    "unpacking": "def f(*a, **k):\n    first, *rest = a\n    return max(*rest, **k), [*a, first]\n",
    "walrus": "def f(x):\n    return y if (y := x.get('a')) is not None else 0\n",
    "errors": (
        "def f(s):\n"
        "    try:\n"
        "        return int(s)\n"
        "    except (ValueError, TypeError):\n"
        "        return None\n"
        "    except Exception:\n"
        "        raise\n"
        "    finally:\n"
        "        s = ''\n"
    ),
    "raising": (
        "def f(n):\n    assert n >= 0, 'negative'\n    if n:\n        raise ValueError(f'{n}')\n"
        "    raise NotImplementedError\n"
    ),
    "generator": "def count(n):\n    yield from range(n)\n    yield n\n",
    "main program": "def f():\n    return 1\n\nif __name__ == '__main__':\n    assert f() == 1\n",
    "global": "calls = 0\n\ndef f():\n    global calls\n    calls += 1\n    return calls\n",
    "built-in names as variables": "def f(list, str):\n    sum = list[0]\n    del sum\n",
    "math": "import math\n\ndef f(n):\n    return math.floor(math.sqrt(n)) + math.pi\n",
    "math under another name": "import math as m\nfrom math import gcd as g, inf\nm.log(g(2, 4))\n",
    "collections": (
        "from collections import Counter, defaultdict, deque, OrderedDict\n\n"
        "def f(x):\n"
        "    groups = defaultdict(list)\n"
        "    groups[0].append(1)\n"
        "    queue = deque(x)\n"
        "    queue.popleft()\n"
        "    return Counter(x).most_common(1)[0][0]\n"
    ),
    "itertools": "import itertools\n\ndef f(x):\n    return list(itertools.combinations(x, 2))\n",
    "heapq": "import heapq\n\ndef f(x):\n    heapq.heapify(x)\n    return heapq.heappop(x)\n",
    "bisect": "from bisect import bisect_left\n\ndef f(x):\n    return bisect_left(x, 3)\n",
    "functools": "from functools import reduce\n\ndef f(x):\n    return reduce(max, x)\n",
    "deepcopy": "import copy\n\ndef f(x):\n    return copy.deepcopy(x)\n",
    "string": "import string\n\ndef f(string_):\n    return string_ in string.punctuation\n",
    "re": "import re\n\ndef f(s):\n    m = re.search(r'\\d+', s)\n    return m and m.group()\n",
    "re.sub": "import re\n\ndef f(s):\n    return re.sub('a', lambda m: m.group(0) * 2, s, 1)\n",
}


@pytest.mark.parametrize("program", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_program_that_only_computes_is_harmless(program: str) -> None:
    assert is_harmless(ast.parse(program))


REFUSED = {
    "prints": "print(1)",
    "reads input": "input()",
    "opens a file": "open('x')",
    "open under another name": "f = open",
    "evaluates": "eval('1')",
    "executes": "exec('')",
    "compiles": "compile('1', '', 'eval')",
    "letters that only look different": "ｅval('1')",
    "letters that only look different, of an attribute": "'{}'.ｆormat(1)",
    "letters that only look different, of a module": "import ｏs",
    "imports by a function": "__import__('os')",
    "exits": "exit()",
    "stops at a breakpoint": "breakpoint()",
    "raises SystemExit": "raise SystemExit",
    "catches BaseException": "try: pass\nexcept BaseException: pass",
    "looks up a name": "getattr(1, 'real')",
    "sets an attribute by a function": "setattr(1, 'real', 2)",
    "deletes an attribute by a function": "delattr(1, 'real')",
    "sees its variables": "globals()",
    "sees its local variables": "locals()",
    "sees the variables of others": "vars()",
    "lists names": "dir()",
    "asks for a type": "type(1)",
    "makes an object": "object()",
    "asks for an address": "id(1)",
    "views memory": "memoryview(x)",
    "formats by a function": "format(1, '')",
    "formats a text": "'{0.__globals__}'.format(f)",
    "formats a text from a table": "'{x.__class__}'.format_map({'x': 1})",
    "formats without a call": "f = str.format",
    "private attribute": "f.__globals__",
    "private attribute of a literal": "().__class__",
    "frames of a generator": "g.gi_frame",
    "arguments of an exception": "e.args",
    "closes a generator": "g.close()",
    "throws into a generator": "g.throw(ValueError)",
    "assigns to an attribute": "import math\nmath.pi = 3",
    "adds to an attribute": "import string\nstring.digits += 'x'",
    "deletes an attribute": "import math\ndel math.pi",
    "loops over an attribute": "import math\nfor math.pi in [3]: pass",
    "unpacks to an attribute": "import math\n(math.pi, x), y = (3, 4), 5",
    "annotates an attribute": "import math\nmath.pi: int = 3",
    "comprehends to an attribute": "import math\n[0 for math.pi in [3]]",
    "sees the built-in names": "__builtins__",
    "changes the built-in names": "__builtins__['len'] = 1",
    "private name as a variable": "__builtins__ = {}",
    "private name by walrus": "(__builtins__ := {})",
    "private name as a function": "def __builtins__(): pass",
    "private name as an argument": "def f(__builtins__): pass",
    "private name as an argument of a lambda": "lambda *__builtins__: 0",
    "private name by an import": "import math as __builtins__",
    "private name by an import from": "from math import pi as __builtins__",
    "private name by global": "def f():\n    global __builtins__\n    __builtins__ = 1",
    "private name by nonlocal": "def f(__x):\n    def g():\n        nonlocal __x",
    "changes its name": "__name__ = 'x'",
    "sees its loader": "__loader__",
    "sees its hints": "x: int = 1\n__annotations__",
    "built-in name that may not be used, as a variable": "print = 1",
    "class": "class A: pass",
    "decorator": "@f\ndef g(): pass",
    "with": "with f(): pass",
    "async function": "async def f(): pass",
    "await": "async def f(): await g()",
    "match": "match x:\n    case 1: pass",
    "match that reads attributes": "match x:\n    case object(__class__=y): pass",
    "exception groups": "try: pass\nexcept* ValueError: pass",
    "module that may do anything": "import os",
    "module that keeps state": "import random",
    "module inside a module": "import collections.abc",
    "module by from": "from os import path",
    "module inside another by from": "from collections import abc",
    "module of the machinery": "import failpairs.execution.harness.wire",
    "module of its own": "import candidate",
    "relative import": "from . import math",
    "relative import of a module": "from .math import pi",
    "everything of a module": "from math import *",
    "module behind a module": "import copy\ncopy.copyreg",
    "module under another's name": "import heapq as math\nmath.sys",
    "named tuple": "from collections import namedtuple",
    "looks up attributes": "from operator import attrgetter",
    "calls methods by name": "import operator\noperator.methodcaller('x')",
    "changes in place by a function": "from operator import setitem",
    "remembers answers": "from functools import lru_cache",
    "makes a class by partial": "from functools import partial",
    "formats by a module": "from string import Formatter",
    "takes memory that does not show": "bytes(2**30)",
    "array of bytes": "bytearray(9)",
    "bytes": "str(b'x', 'gbk')",
    "looks for a codec": "'x'.encode('gbk')",
    "looks for a codec to decode": "x.decode('gbk')",
    "number as bytes": "(9).to_bytes(2, 'big')",
    "re under another name": "import re as r\nr.search('a', 'b', 128)",
    "re with a flag": "import re\nre.search('a', 'b', 128)",
    "re.sub with a flag": "import re\nre.sub('a', 'b', 'c', 0, 128)",
    "re with a flag by name": "import re\nre.search('a', 'b', flags=128)",
    "re with a flag in a table": "import re\nre.search('a', 'b', **{'flags': 128})",
    "re with a flag in a list": "import re\nre.search(*['a', 'b', 128])",
    "re without a call": "import re\nf = re.search",
    "re as a value": "import re\nf = re",
    "re among other modules": "import math, re",
    "re by from": "from re import search",
    "re that is another module": "import math as re\nf = re.sub",
    "re.compile": "import re\nre.compile('a', 128)",
    "forgets all patterns": "import re\nre.purge()",
    "pattern of a match": "import re\nre.match('a', 'a').re.flags",
    "typing as a module": "import typing\ntyping.List[int]",
    "typing as a module in a hint": "import typing\ndef f(x: typing.List[int]): pass",
    "type as a value": "from typing import List\nx = List[int]",
    "type as a default": "from typing import List\ndef f(x=List[int]): pass",
    "type under another name as a value": "from typing import List as L\nx = L",
    "type that is looked into": "from typing import List\nList.append",
    "union in a hint": "from typing import List\ndef f(x: List[int | str]): pass",
    "Union": "from typing import Union",
    "text in a hint": "from typing import List\ndef f(x: List['x' * 9]): pass",
    "number in a hint": "def f(x: list[True]): pass",
    "function in a hint": "from typing import List\ndef f(): pass\ndef g(x: List[f]): pass",
    "variable in a hint": "from typing import List\nint = [9]\nx: List[int] = []",
    "argument in a hint": "from typing import List\ndef f(int):\n    def g(x: List[int]): pass",
    "call in a hint": "def f(x: sorted([1])): pass",
    "walrus in a hint": "from typing import List\ndef f(x: (y := List[int])): pass",
    "lambda in a hint": "def f() -> (lambda: 1): pass",
    "unpacking in a hint": "def f(*x: *tuple[int]): pass",
    "forces a hint": "from typing import get_type_hints",
    "keeps an exception": "try: pass\nexcept ValueError as e: x = e",
    "raises an exception that it keeps": "e = ValueError()\nraise e",
    "raises what a function gives it": "raise f()",
    "raises an item": "raise x[0]",
    "exception that is something else": "ValueError = lambda: e\nraise ValueError()",
    "exception that is a function": "def ValueError(): return e",
    "exception that is an argument": "def f(ValueError): raise ValueError",
    "exception that is imported": "from functools import reduce as ValueError",
    "generator that is closed later": "def f():\n    try: yield 1\n    finally: x.append(1)",
    "generator beside a try": "def f(): yield 1\ntry: pass\nexcept ValueError: pass",
    "lambda that yields beside a try": "f = lambda: (yield)\ntry: pass\nfinally: pass",
}


@pytest.mark.parametrize("program", REFUSED.values(), ids=REFUSED.keys())
def test_a_program_that_might_do_more_is_refused(program: str) -> None:
    assert not is_harmless(ast.parse(program))


RIGHT = "def double(n):\n    return n * 2\n"
# Each is accepted, and does its best to be a nuisance to the next. The first ones end the process.
NASTY = {
    "nothing is left": RIGHT + "\ndel double\n",
    "data instead of a function": "double = {2: 4}\n",
    "a function instead of data": "def double(n):\n    return lambda: n\n",
    "a loop without end": "def double(n):\n    while True:\n        pass\n",
    "no memory": "def double(n):\n    return [n] * 10**15\n",
    "too much memory": "TABLE = list(range(1_000_000))\nTABLE.append(TABLE)\n\n" + RIGHT,
    "built-in functions are something else": "len = sorted = min = int = str = None\n" + RIGHT,
    "built-in functions are functions": "def len(x): return 9\n\ndef range(x): return []\n\n"
    + RIGHT,
    "functions of modules are something else": "import math\nmath = None\n\n" + RIGHT,
    "recursion to the end": (
        "def deep(n):\n    return sorted([n], key=deep)\n\n"
        "def double(n):\n    try:\n        deep(n)\n    except RecursionError:\n"
        "        return n * 2\n"
    ),
    "recursion to the end, not caught": "def double(n):\n    return max([n], key=double)\n",
    "deep data": (
        "from copy import deepcopy\n\nDEEP = []\nfor _ in range(5000):\n    DEEP = [DEEP]\n\n"
        "def double(n):\n    try:\n        repr(DEEP)\n    except RecursionError:\n        pass\n"
        "    try:\n        deepcopy(DEEP)\n    except RecursionError:\n        return n * 2\n"
    ),
    "no memory for one thing, again and again": (
        "def full(n):\n    try:\n        return [n] * 10**15\n    except MemoryError:\n"
        "        return n and full(n - 1)\n\n"
        "def double(n):\n    full(40)\n    return n * 2\n"
    ),
    "much memory": "TABLE = list(range(200_000))\nTABLE.append(TABLE)\n\n" + RIGHT,
    "many patterns": (
        "import re\n\nFOUND = [re.sub(f'x{i}', f'{i}', 'x') for i in range(600)]\n\n" + RIGHT
    ),
    "hints": (
        "from typing import Dict, List, Optional\n\n"
        "def double(n: Optional[List[Dict[str, int]]]) -> List[bool]:\n    return n * 2\n"
    ),
    "generators that wait": (
        "from itertools import count\n\n"
        "def numbers():\n    while True:\n        yield from count()\n\n"
        "WAITING = [numbers() for _ in range(100)]\nFIRST = [next(g) for g in WAITING]\n\n" + RIGHT
    ),
    "iterators in iterators": (
        "it = iter([])\nfor _ in range(1000):\n    it = filter(None, map(abs, it))\n\n" + RIGHT
    ),
    "functions that hold each other": (
        "from collections import defaultdict\n\nTABLE = defaultdict(lambda: TABLE)\n"
        "TABLE[0][1] = TABLE\n\ndef double(n, kept=[]):\n    kept.append(kept)\n    return n * 2\n"
    ),
    "exceptions on the way": (
        "def double(n):\n    try:\n        try:\n            1 / 0\n        except:\n"
        "            raise KeyError(n)\n    except LookupError:\n        return n * 2\n"
    ),
    "exception from the start": "raise ValueError('x')\n\n\n" + RIGHT,
    "much data": "def double(n):\n    return [n] * 300_000\n",
    "an error that looks like a full disk": "def double(n):\n    raise OSError(27, 'x')\n",
}
# Each tells by its verdict what it found.
INNOCENT = {
    "right": RIGHT,
    "wrong": "def double(n):\n    return n + 2\n",
    "sees functions": (
        "import math\n\ndef double(n):\n"
        "    raise ValueError([len('ab'), sorted('ba'), min(1, 2), str(1), *range(2), math.e])\n"
    ),
    "sees names": "def double(n):\n    raise ValueError(__name__, TABLE)\n",
    "counts calls": (
        "COUNT = [0]\n\ndef deep():\n    COUNT[0] += 1\n    deep()\n\ndef double(n):\n    try:\n"
        "        deep()\n    except RecursionError:\n        raise ValueError(COUNT)\n"
    ),
    "searches": "import re\n\ndef double(n):\n    raise ValueError(re.sub('x1', '<>', 'ax1'))\n",
}
# The same, but these end the process.
LAST = {
    "takes memory": "def double(n):\n    return len([n] * 2**22) and n * 2\n",
    "has no memory": "def double(n):\n    if n:\n        return [n] * 10**15\n",
    "returns a generator": "def double(n):\n    return (n for n in [n])\n",
}


def verdicts(programs: Sequence[str]) -> list[dict[str, Any]]:
    """What is told of each, but for what it used."""
    samples = [a_sample(p, sample_index=index) for index, p in enumerate(programs)]
    found = execute_samples([PROBLEM], samples, LIMITS, TIER, runs=1, workers=1)
    used = {"sample_index", "cpu_s", "wall_s", "max_rss_mb"}
    return [verdict.model_dump(exclude=used) for verdict in found]


@pytest.fixture(scope="module")
def alone() -> dict[str, dict[str, Any]]:
    """The verdict on each innocent program that nothing ran before."""
    return {name: verdicts([program])[0] for name, program in {**INNOCENT, **LAST}.items()}


def distinct(programs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same, each with a text of its own, since no text is run twice."""
    return [(name, f"{text}\n# {number}\n") for number, (name, text) in enumerate(programs)]


@pytest.mark.parametrize("last", LAST)
def test_innocent_programs_are_judged_after_nasty_ones_as_alone(
    last: str, alone: dict[str, dict[str, Any]]
) -> None:
    sequence = [pair for nasty in NASTY.items() for pair in (nasty, *INNOCENT.items())]
    programs = distinct([*sequence, (last, LAST[last])])
    assert [name for name, text in programs if not is_harmless(ast.parse(text))] == []
    found = verdicts([text for _, text in programs])
    told = [(name, verdict) for (name, _), verdict in zip(programs, found, strict=True)]
    assert [pair for pair in told if pair[0] in alone and pair[1] != alone[pair[0]]] == []


@pytest.mark.parametrize(
    "link",
    [
        "for _ in range(300_000):\n    IT = slice(IT)\n",
        "from collections import defaultdict\n\nIT = defaultdict()\n"
        "for _ in range(80_000):\n    IT = defaultdict(None, a=IT)\n",
    ],
    ids=["slices", "dicts"],
)
def test_a_chain_too_long_to_be_thrown_away_ends_no_later_program(link: str) -> None:
    collects = "def double(n):\n    x = [[] for _ in range(150_000)]\n    return n * 2\n"
    assert [v["label"] for v in verdicts([f"IT = 0\n{link}\n{RIGHT}", collects])] == ["PASS"] * 2


# Too much of an answer, which ends the process.
TOO_MUCH = {"huge_list_returned", "huge_text_returned", "shared_return_value"}


def test_no_attack_that_reaches_outside_is_harmless() -> None:
    accepted = {}
    for path in ATTACKS:
        header, _, completion = path.read_bytes().decode().partition("\n")
        program, _ = extract_program(PROBLEM, completion.partition("\n")[2])
        compiled = compile_program(program or "", PROBLEM.entry_point)
        if isinstance(compiled, tuple) and is_harmless(compiled[0]):
            accepted[path.stem] = set(header.removeprefix("# accept: ").split())
    assert len(ATTACKS) > 300
    assert "global_state" in accepted
    dangerous = {"FORBIDDEN", "EXIT", "CRASH", "OUTPUT_LIMIT"}
    assert {name for name, labels in accepted.items() if labels & dangerous} <= TOO_MUCH
    assert all(not accepted[name] & dangerous - {"OUTPUT_LIMIT"} for name in TOO_MUCH)
