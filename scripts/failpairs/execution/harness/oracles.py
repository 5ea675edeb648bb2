"""What a test that is made from data calls: it compares answers, printed output, unittest classes.

The harness gives this module to every test under the name `oracles`. It runs in the trusted process
of the sandbox, and in exported tests where there is no failpairs: it needs nothing but the standard
library. All functions raise AssertionError where the candidate is wrong, and let through whatever a
call of the candidate raises.
"""

import copy
import functools
import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

FLOAT_ATOL = 1e-6  # EvalPlus's tolerance for floats where a problem states none
SHOWN = 100  # characters of a value in a message
RAISED = object()
LARGEST_ROUNDED = 10**5  # whole numbers from there on keep all their digits


class NotPlain(Exception):
    """A value that cannot cross to the other process; the message names its type."""


def check_inputs(
    candidate: Any,
    inputs: str,
    reference: str,
    entry_point: str,
    *,
    atol: float = 0.0,
    rule: str = "",
    shapes: Sequence[str] = (),
) -> None:
    """Check a function against a reference on the same inputs, as EvalPlus 0.3.1 does.

    The comparison is that of `unsafe_execute` in EvalPlus's `eval/__init__.py`: equal, or, where
    there is a tolerance, of the same type and near by `numpy.allclose` with rtol 1e-7. There, as
    here, the first expected float sets a tolerance for all inputs after it, too. The root of
    HumanEval/32 counts as later versions count it, since 0.3.1 lets no program pass.

    Args:
        inputs: a list of argument lists, as JSON text; every call gets them afresh.
        reference: a trusted program that defines the entry point; a failure of it is raised.
        atol: the absolute tolerance; 0 for none.
        rule: a name of `RULES`, or `root`, for a problem with several right answers.
        shapes: how each argument is made of its JSON value, see `_shaped`; the last of them stands
            for all further arguments.
    """
    types = tuple(shapes)
    cases = _cases(inputs, reference, entry_point, types, rule == "not_none")
    results = _results(candidate, _arguments(inputs, types))
    for number, ((arguments, expected), out) in enumerate(zip(cases, results, strict=True), 1):
        if atol == 0 and rule != "root" and _is_floats(expected):
            atol = FLOAT_ATOL
        try:
            right = _agrees(out, expected, arguments, atol, rule)
        except Exception:  # what cannot be compared is wrong
            right = False
        _demand(right, number, out, expected)


def check_calls(candidate: Any, cases: str, *, wrapped: bool = False) -> None:
    """Check a function against known answers, as LiveCodeBench, APPS and TACO do.

    Args:
        cases: a list of [argument list, expected value], as JSON text; every call gets it afresh.
            A tuple counts as a list, since JSON has no tuples.
        wrapped: whether an expected value may also stand in a list of its own, and keys that JSON
            made text are numbers, as in APPS and TACO (APPS, `eval/testing_util.py`).
    """
    pairs = json.loads(cases)
    if wrapped:
        pairs = [(_with_numbers(given), _with_numbers(expected)) for given, expected in pairs]
    results = _results(candidate, [given for given, _ in pairs])
    for number, ((_, expected), out) in enumerate(zip(pairs, results, strict=True), 1):
        _demand(_is_answer(out, expected, wrapped), number, out, expected)


def check_alike(candidate: Any, cases: str, differing: list[int]) -> None:
    """Check a function against the answers of a reference to generated calls.

    Args:
        cases: a list of pairs, the arguments of a call as a tuple and the answer, as Python source;
            every call gets them afresh.
        differing: gets the numbers of all calls whose results differ; the last of them may be one
            that did not end.
    """
    known = _known(cases)
    results = _all_results(candidate, [arguments for arguments, _ in known])
    for number, (_, expected) in enumerate(known):
        differing.append(number)  # which stands if there is no answer, or another one
        if is_alike(next(results), expected):
            differing.pop()
    for number, (arguments, expected) in enumerate(known):
        if number in differing:  # once more, so that the judge sees how it fails
            _demand(False, number, candidate(*copy.deepcopy(arguments)), expected)


def record_answers(candidate: Any, calls: str, answers: list[str]) -> None:
    """Note what a function answers, where there is no reference to compare it with.

    Args:
        calls: a list of tuples that hold nothing but the arguments of a call, as Python source.
        answers: gets a hash of each answer, the same for answers that are equal up to rounding, or
            `raised`.
    """
    for out in _all_results(candidate, [arguments for (arguments,) in evaluated(calls)]):
        text = _rounded(out)
        answers.append("raised" if out is RAISED else hashlib.sha256(text.encode()).hexdigest()[:8])


def _rounded(value: Any) -> str:
    """A value as text, numbers with six digits and the items of sets and dictionaries in order."""
    if isinstance(value, bool):
        return repr(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, int):
        return f"{float(value):.6g}" if abs(value) < LARGEST_ROUNDED else repr(value)
    if isinstance(value, list | tuple | Iterator):
        brackets = "()" if isinstance(value, tuple) else "[]"
        return f"{brackets[0]}{','.join(map(_rounded, value))}{brackets[1]}"
    if isinstance(value, set | frozenset):
        return f"{{{','.join(sorted(map(_rounded, value)))}}}"
    if isinstance(value, dict):
        items = sorted(f"{_rounded(key)}:{_rounded(item)}" for key, item in value.items())
        return f"{{{','.join(items)}}}"
    return repr(value)


def _all_results(candidate: Any, calls: Sequence[Sequence[Any]]) -> Iterator[Any]:
    """The results of all calls, in order, with `RAISED` for those that raised."""
    left = [[*arguments] for arguments in copy.deepcopy(calls)]
    while left:
        done = 0
        try:
            for out in _results(candidate, left):
                done += 1
                yield out
        except NotPlain:
            raise
        except Exception:
            done += 1
            yield RAISED
        left = left[done:]


def check_output(candidate: Any, cases: str, comparison: str) -> None:
    """Check what a program prints.

    Args:
        candidate: runs the program with its argument on standard input, and returns its output.
        cases: a list of [standard input, expected output], as JSON text.
        comparison: a name of `COMPARISONS`.
    """
    pairs = _pairs(cases)
    results = _results(candidate, [[given] for given, _ in pairs])
    for number, ((_, expected), out) in enumerate(zip(pairs, results, strict=True), 1):
        _demand(COMPARISONS[comparison](out, expected), number, out, expected)


def run_unittest(cases: type) -> None:
    """Run the tests of a subclass of unittest.TestCase, and raise their first failure as it is."""
    # Few problems need it, and the processes of all others are faster to fork without it.
    from unittest import TestLoader, TestResult

    class FirstFailure(TestResult):
        error: BaseException | None = None

        def addError(self, test: Any, err: Any) -> None:
            self.error = self.error or err[1]
            self.stop()

        addFailure = addError

        def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
            if err is not None:
                self.addError(test, err)

    result = FirstFailure()
    TestLoader().loadTestsFromTestCase(cases).run(result)
    if result.error is not None:
        raise result.error


def _results(candidate: Any, arguments: Iterable[list[Any]]) -> Iterator[Any]:
    """The results of calls, in order; all at once where the candidate can do that."""
    together: Callable[[list[list[Any]]], Iterator[Any]] | None
    together = getattr(candidate, "call_all", None)
    return together([*arguments]) if together else (candidate(*each) for each in arguments)


def _demand(right: bool, number: int, out: object, expected: object) -> None:
    if not right:
        raise AssertionError(f"case {number}: got {_short(out)}, expected {_short(expected)}")


def _short(value: object) -> str:
    text = repr(value)
    half = SHOWN // 2
    return text if len(text) <= SHOWN else f"{text[:half]}…{text[-half:]}"


@functools.lru_cache(maxsize=2)  # base and plus inputs of a problem, of which many samples come
def _cases(
    inputs: str, reference: str, entry_point: str, shapes: tuple[str, ...], not_none: bool
) -> list[tuple[list[Any], Any]]:
    """The arguments of each call, untouched by it, and the answer of the reference."""
    names: dict[str, Any] = {"__name__": "reference"}
    exec(reference, names)
    answers = [names[entry_point](*each) for each in _arguments(inputs, shapes)]
    if not_none:
        answers = [answer is not None for answer in answers]
    return [*zip(_arguments(inputs, shapes), answers, strict=True)]


@functools.lru_cache(maxsize=1)
def _known(cases: str) -> list[tuple[tuple[Any, ...], Any]]:
    found: list[tuple[tuple[Any, ...], Any]] = evaluated(cases)
    return found


def evaluated(source: str) -> Any:
    """A value from the source that `literal` gave it."""
    return eval(source, {"set": set, "frozenset": frozenset})


def is_alike(out: Any, expected: Any) -> bool:
    """Whether two answers are equal, floats up to rounding, and iterators by what they give."""
    out = [*out] if isinstance(out, Iterator) and isinstance(expected, list) else out
    try:
        if bool(out == expected) or repr(out) == repr(expected):  # nan is not equal to itself
            return True
        return is_all_close(out, expected, rtol=1e-6, atol=FLOAT_ATOL)
    except Exception:  # what cannot be compared is not alike
        return False


@functools.lru_cache(maxsize=1)
def _pairs(cases: str) -> list[list[str]]:
    pairs: list[list[str]] = json.loads(cases)
    return pairs


def _arguments(inputs: str, shapes: tuple[str, ...]) -> list[list[Any]]:
    calls: list[list[Any]] = json.loads(inputs)
    if not shapes:
        return calls
    last = len(shapes) - 1
    return [[_shaped(v, shapes[min(i, last)]) for i, v in enumerate(call)] for call in calls]


def _shaped(value: Any, shape: str) -> Any:
    """A JSON value as the type that a problem expects.

    Args:
        shape: a letter for each level of nesting: `t` tuple, `l` list, `s` set, `d` the values of a
            dict, `f` float, `c` complex, `T` tuples at all further levels; a level without a letter
            stays as it is.

    Example:
        >>> _shaped([[1, 2], [3]], "lt")
        [(1, 2), (3,)]
    """
    inner = shape[1:]
    match shape[:1]:
        case "t":
            return tuple(_shaped(item, inner) for item in value)
        case "l":
            return [_shaped(item, inner) for item in value]
        case "d":
            return {key: _shaped(item, inner) for key, item in value.items()}
        case "s":
            return set(value) if value else {}  # an empty set is an empty dict in EvalPlus
        case "f":
            return float(value)
        case "c":
            return complex(value)
        case "T" if isinstance(value, list):
            return tuple(_shaped(item, shape) for item in value)
    return value


def _agrees(out: Any, expected: Any, arguments: list[Any], atol: float, rule: str) -> bool:
    if rule == "root":
        return abs(_polynomial(arguments[0], out)) <= atol
    equal = RULES[rule](out, expected, arguments, atol) if rule else out == expected
    if equal or atol == 0:
        return bool(equal)
    if type(out) is not type(expected):
        return False
    if isinstance(expected, list | tuple) and len(out) != len(expected):
        return False
    return is_all_close(out, expected, rtol=1e-7, atol=atol)


def _is_floats(value: object) -> bool:
    if isinstance(value, list | tuple) and value:
        return all(isinstance(item, float) for item in value)
    return isinstance(value, float)


def _polynomial(coefficients: list[float], x: float) -> float:
    """The value of a polynomial whose coefficients stand from the lowest power up."""
    return sum(c * math.pow(x, power) for power, c in enumerate(coefficients))


def _pyramid_surface(base: float, height: float) -> int:
    """The surface of a square pyramid, rounded; the height is that of its apex over the base."""
    slant = math.sqrt((base / 2) ** 2 + height**2)
    return round(base**2 + 2 * base * slant)


def _digit_distance(one: int, other: int) -> int:
    """The sum of the differences between digits of the same place."""
    width = max(len(str(one)), len(str(other)))
    digits = zip(str(one).zfill(width), str(other).zfill(width), strict=True)
    return sum(abs(int(a) - int(b)) for a, b in digits)


# Whether an answer is right, for tasks of MBPP+ that are not held to equality with the reference
# (EvalPlus, `eval/_special_oracle.py` and `eval/__init__.py`).
RULES: dict[str, Callable[[Any, Any, list[Any], float], bool]] = {
    "anything": lambda out, expected, arguments, atol: True,
    "or_zero": lambda out, expected, arguments, atol: out == expected or out == 0,
    "same_set": lambda out, expected, arguments, atol: set(out) == set(expected),
    "not_none": lambda out, expected, arguments, atol: (
        out == expected if isinstance(out, bool) else expected == (out is not None)
    ),
    "pyramid": lambda out, expected, arguments, atol: (
        out == expected or abs(out - _pyramid_surface(*arguments)) <= atol
    ),
    "digits": lambda out, expected, arguments, atol: (
        out == expected or out == _digit_distance(*arguments)
    ),
}


def is_all_close(out: Any, expected: Any, *, rtol: float, atol: float) -> bool:
    """`numpy.allclose` for what a list or a number may hold.

    Numbers are near where |out - expected| ≤ atol + rtol · |expected|; nan is near nothing, an
    infinity only itself. Nested lists are compared by numpy's rules of broadcasting.

    Raises:
        TypeError: something in it is no number, or, in a list, an integer of more than 64 bits.
        ValueError: lists of unequal lengths, which are no array or do not broadcast.
    """
    shapes = _shape(out), _shape(expected)
    return _all_close(out, expected, *shapes, rtol, atol)


def _shape(value: Any) -> tuple[int, ...]:
    if isinstance(value, int | float | complex):
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str | bytes | bytearray):
        raise TypeError(f"{_short(value)} is no number")
    inner = {_shape(item) for item in value}
    if len(inner) > 1:
        raise ValueError(f"{_short(value)} is no array")
    if any(type(item) is int and not -(2**63) <= item < 2**64 for item in value):
        raise TypeError(f"{_short(value)} holds a number of more than 64 bits")
    return (len(value), *(inner.pop() if inner else ()))


def _all_close(
    out: Any, expected: Any, a: tuple[int, ...], b: tuple[int, ...], rtol: float, atol: float
) -> bool:
    """Whether two arrays of shapes `a` and `b` are near, the smaller one broadcast."""
    if len(a) > len(b):
        return all(_all_close(each, expected, a[1:], b, rtol, atol) for each in out)
    if len(b) > len(a):
        return all(_all_close(out, each, a, b[1:], rtol, atol) for each in expected)
    if not a:
        return _is_close(out, expected, rtol, atol)
    if a[0] != b[0] and 1 not in (a[0], b[0]):
        raise ValueError(f"arrays of shapes {a} and {b} do not broadcast")
    count = b[0] if a[0] == 1 else a[0]
    ours = [out[0]] * count if a[0] == 1 else out
    theirs = [expected[0]] * count if b[0] == 1 else expected
    inner = a[1:], b[1:]
    return all(_all_close(x, y, *inner, rtol, atol) for x, y in zip(ours, theirs, strict=True))


def _is_close(out: complex, expected: complex, rtol: float, atol: float) -> bool:
    y = float(expected) if isinstance(expected, int) else expected
    finite = math.isfinite(y.real) and math.isfinite(y.imag)
    return out == y or (finite and abs(out - y) <= atol + rtol * abs(y))


def _with_numbers(values: Any) -> Any:
    """A value in which the keys of a dict, or of one that stands first in a list, are numbers where
    all of them can be."""
    if isinstance(values, list) and values:
        return [_with_number_keys(values[0]), *values[1:]]
    return _with_number_keys(values)


def _with_number_keys(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    try:
        return {int(key): item for key, item in value.items()}
    except ValueError:
        return value


def _is_answer(out: Any, expected: Any, wrapped: bool) -> bool:
    if isinstance(out, tuple):
        out = list(out)
    if bool(out == expected):
        return True
    if not (wrapped and isinstance(expected, list) and expected):
        return False
    if isinstance(out, list):
        lists = [list(item) if isinstance(item, tuple) else item for item in out]
        return bool(expected[0] in (out, lists))
    return bool(out == expected[0])


def _same_lines(printed: str, expected: str) -> bool:
    """Whether the lines are the same, up to blanks around them and around the whole; numbers may be
    written differently (LiveCodeBench, `lcb_runner/evaluation/testing_util.py`)."""
    ours, theirs = ([line.strip() for line in t.strip().split("\n")] for t in (printed, expected))
    return len(ours) == len(theirs) and all(
        a == b or _same_decimals(a, b) for a, b in zip(ours, theirs, strict=True)
    )


def _same_decimals(one: str, other: str) -> bool:
    try:
        return [Decimal(word) for word in one.split()] == [Decimal(word) for word in other.split()]
    except InvalidOperation:
        return False


def _same_tokens(printed: str, expected: str) -> bool:
    """Whether the words are the same, up to upper case, and numbers to 1e-5 (CodeContests,
    `execution/tester_sandboxer.cc`)."""
    ours, theirs = printed.lower().split(), expected.lower().split()
    return len(ours) == len(theirs) and all(
        a == b or _are_numbers(a, b, lambda x, y: abs(x - y) < 1e-5)
        for a, b in zip(ours, theirs, strict=True)
    )


def _same_numbers(printed: str, expected: str) -> bool:
    """Whether the words of each line that is not blank are the same, and fractions by the defaults
    of `numpy.allclose` (APPS, `eval/testing_util.py`; TACO, `metrics/testing_util.py`).

    Those two let large whole numbers be off by one, and words of a line, and lines, stand in
    another order. That would make a pass of a program that counts or sorts wrongly, and is not
    followed.
    """
    ours, theirs = (
        [line.split() for line in text.split("\n") if line.strip()] for text in (printed, expected)
    )
    return [len(line) for line in ours] == [len(line) for line in theirs] and all(
        a == b or _are_same_numbers(a, b)
        for line, other in zip(ours, theirs, strict=True)
        for a, b in zip(line, other, strict=True)
    )


def _are_same_numbers(one: str, other: str) -> bool:
    """Whether two words are the same whole number, however it is written, or fractions that are
    near."""
    try:
        exact, expected = Decimal(one), Decimal(other)
        if exact == exact.to_integral_value() and expected == expected.to_integral_value():
            return exact == expected
    except InvalidOperation:
        pass  # no numbers, infinite or more digits than a context has
    return _are_numbers(one, other, lambda x, y: _is_close(x, y, rtol=1e-5, atol=1e-8))


def _are_numbers(one: str, other: str, near: Callable[[float, float], bool]) -> bool:
    try:
        return near(float(one), float(other))
    except ValueError:
        return False


COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "lines": _same_lines,
    "tokens": _same_tokens,
    "numbers": _same_numbers,
}
