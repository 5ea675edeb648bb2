import errno
from types import CodeType
from typing import Any

import pytest
from failpairs.execution.harness.compilation import (
    CANDIDATE,
    compile_program,
    describe,
    pack,
    unpack,
)


def failure_of(source: str) -> dict[str, Any]:
    """What is told of the exception that a program ends with."""
    try:
        exec(compile(source, CANDIDATE, "exec"), {})
    except BaseException as error:
        return describe(error)
    raise AssertionError("it ended well")


@pytest.mark.parametrize(
    ("source", "exception", "ancestry"),
    [
        ("1 / 0", "ZeroDivisionError", ["ZeroDivisionError", "ArithmeticError"]),
        ("raise KeyError('k')", "KeyError", ["KeyError", "LookupError"]),
        ("class Own(ValueError): ...\nraise Own", "Own", ["ValueError"]),
        ("class KeyError(Exception): ...\nraise KeyError", "KeyError", []),
        ("import decimal\ndecimal.Decimal('x')", "InvalidOperation", ["ArithmeticError"]),
    ],
)
def test_only_built_in_ancestors_count(source: str, exception: str, ancestry: list[str]) -> None:
    told = failure_of(source)
    assert told["exception"] == exception
    rest = ["Exception", "BaseException", "object"]
    assert [name for name in told["ancestry"] if name not in rest] == ancestry


LIARS = {
    "text": "def __str__(self): return 1 / 0",
    "class": "__class__ = property(lambda self: SystemExit)",
    "trace": "__traceback__ = property(lambda self: 1 / 0)",
    "errno": "errno = property(lambda self: 1 / 0)",
}


@pytest.mark.parametrize("lie", LIARS)
def test_an_exception_that_lies_about_itself_is_seen_through(lie: str) -> None:
    told = failure_of(f"class Liar(OSError):\n    {LIARS[lie]}\nraise Liar")
    assert told["ancestry"][0] == "OSError"
    assert (told["raised_in"], told["line"]) == ("candidate", 3)


def test_a_metaclass_that_lies_is_seen_through() -> None:
    told = failure_of(
        "class Meta(type):\n"
        "    __name__ = __mro__ = property(lambda cls: 1 / 0)\n"
        "    __hash__ = None\n"
        "class Liar(IndexError, metaclass=Meta): ...\n"
        "raise Liar"
    )
    assert (told["exception"], told["ancestry"][0]) == ("Liar", "IndexError")


def test_a_text_that_lies_is_taken_as_it_is() -> None:
    told = failure_of(
        "class Text(str):\n    def __getitem__(self, index): return {1}\n"
        "class Liar(ValueError):\n    def __str__(self): return Text('y' * 400)\n"
        "raise Liar"
    )
    assert told["message"] == "y" * 300
    assert type(told["message"]) is str


def test_a_file_that_grew_too_large_is_told() -> None:
    assert describe(OSError(errno.EFBIG, "too large"))["too_large"]
    assert not describe(OSError(errno.ENOENT, "none"))["too_large"]


@pytest.mark.parametrize(
    ("source", "label", "line"),
    [
        ("x = (", "SYNTAX_ERROR", 1),
        ("def double(n):\nreturn n", "SYNTAX_ERROR", 2),
        ("x = '\0'", "SYNTAX_ERROR", None),
        ("x = '\ud800'", "SYNTAX_ERROR", None),
        ("x = " + "(" * 300 + ")" * 300, "SYNTAX_ERROR", 1),
        ("return 1", "SYNTAX_ERROR", 1),
        ("def double(n):\n    '''Later.'''", "STUB", None),
        ("def double(n):\n    raise NotImplementedError('later')", "STUB", None),
        ("def double(n):\n    return n\ndef double(n):\n    ...", "STUB", None),
    ],
)
def test_a_program_that_need_not_run_gets_its_label(
    source: str, label: str, line: int | None
) -> None:
    told = compile_program(source, "double")
    assert isinstance(told, dict)
    assert (told["label"], told.get("line")) == (label, line)


def test_a_method_may_be_a_stub_too() -> None:
    stub = "class Solution:\n    def total(self):\n        pass\n"
    assert compile_program(stub, "Solution.total") == {"label": "STUB"}
    assert isinstance(compile_program("class total:\n    pass\n", "total"), CodeType)


def test_a_function_of_many_idle_statements_is_a_stub() -> None:
    body = "".join(f"    'step {i}'\n    ...\n    pass\n" for i in range(100))
    assert compile_program(f"def double(n):\n{body}", "double") == {"label": "STUB"}


def test_code_travels_as_text() -> None:
    compiled = compile_program("def double(n):\n    return n * 2\n", "double")
    assert isinstance(compiled, CodeType)
    namespace: dict[str, Any] = {}
    exec(unpack(pack(compiled)), namespace)
    assert namespace["double"](4) == 8
