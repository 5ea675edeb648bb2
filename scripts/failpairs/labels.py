"""The labels of samples: one table, which their groups, colours and documentation follow from.

A row of the table is a name and
    kind: what the label is about: the text of the completion, the interface that the test calls, an
        exception, the test, a limit, or the end of the process; `pass` if nothing fails, `unusable`
        if the sample says nothing about the model;
    colour: its colour in the report, as `#rrggbb`;
    meaning: when it applies, in one sentence, in which "it" is the program;
    exception: the class of exceptions, subclasses included, that it stands for, if any.

>>> Label.KEY_ERROR == "KEY_ERROR", Label.KEY_ERROR.kind, Label.KEY_ERROR.exception
(True, 'exception', <class 'KeyError'>)
"""

from collections.abc import Iterable
from enum import StrEnum, auto
from typing import Literal, Self

Kind = Literal["text", "interface", "exception", "test", "limit", "process", "pass", "unusable"]


class Label(StrEnum):
    """How a sample ended; a label is its name as text.

    The labels stand in the order in which they are tried: the first that applies is the sample's.
    Statistics and the report count and show labels in the same order.
    """

    kind: Kind
    colour: str
    meaning: str
    exception: type[Exception] | None

    @staticmethod
    def _generate_next_value_(name: str, *_: object) -> str:
        return name  # what auto() stands for

    def __new__(
        cls,
        name: str,
        kind: Kind,
        colour: str,
        meaning: str,
        exception: type[Exception] | None = None,
    ) -> Self:
        label = str.__new__(cls, name)
        label._value_ = name
        label.kind, label.colour, label.meaning = kind, colour, meaning
        label.exception = exception
        return label

    EMPTY = auto(), "text", "#20262d", "The completion is empty."
    REFUSAL = auto(), "text", "#3d4650", "The model apologises or refuses, and writes no code."
    NO_CODE = auto(), "text", "#5b6672", "No code is found in the completion."
    UNFINISHED_THOUGHT = auto(), "text", "#6b7783", "The completion ends inside a thought."
    STUB = auto(), "text", "#7b8794", "The body does nothing or only raises `NotImplementedError`."
    TRUNCATED = auto(), "text", "#a9b3be", "The token limit cut it off, and it does not pass."
    SYNTAX_ERROR = auto(), "text", "#cc79a7", "It does not compile."
    WRONG_ENTRY_POINT = auto(), "interface", "#9b4f7c", "It does not define the required function."
    NAME_ERROR = auto(), "exception", "#0072b2", "A name is not defined.", NameError
    IMPORT_ERROR = auto(), "exception", "#1b4f72", "An import fails.", ImportError
    TYPE_ERROR = auto(), "exception", "#56b4e9", "A value has the wrong type.", TypeError
    ATTRIBUTE_ERROR = auto(), "exception", "#2f93cc", "An attribute is missing.", AttributeError
    INDEX_ERROR = auto(), "exception", "#8fd0f5", "An index is out of range.", IndexError
    KEY_ERROR = auto(), "exception", "#b9e2fa", "A key is missing.", KeyError
    VALUE_ERROR = auto(), "exception", "#3f7fa6", "A value is not acceptable.", ValueError
    ZERO_DIVISION = auto(), "exception", "#74a9c9", "A divisor is zero.", ZeroDivisionError
    RECURSION_ERROR = auto(), "exception", "#a5c4d6", "It recurses too deeply.", RecursionError
    RUNTIME_ERROR = auto(), "exception", "#27698f", "It raises any other exception."
    ASSERTION_FAIL = auto(), "test", "#e69f00", "An assertion of the test fails."
    NO_INPUT_READ = auto(), "test", "#b87a00", "A script fails and never reads its input."
    NO_OUTPUT = auto(), "test", "#f5c242", "A script fails and prints nothing."
    TIMEOUT = auto(), "limit", "#d55e00", "It exceeds the limit on CPU time or wall time."
    MEMORY_LIMIT = auto(), "limit", "#9a4400", "It exceeds the limit on memory.", MemoryError
    OUTPUT_LIMIT = auto(), "limit", "#f08a4b", "It prints, writes or returns too much."
    EXIT = auto(), "process", "#f0e442", "It ends its process before the test is over."
    CRASH = auto(), "process", "#b8ad12", "A signal kills its process."
    FORBIDDEN = auto(), "process", "#7d750a", "It tries something that the sandbox forbids."
    PASS = auto(), "pass", "#009e73", "Every assertion of the test holds."
    FLAKY = auto(), "unusable", "#66c2a4", "Repeated runs of it end differently."
    INFRA_ERROR = auto(), "unusable", "#000000", "It cannot be run, through no fault of the model."


PASS, FLAKY, INFRA_ERROR = Label.PASS, Label.FLAKY, Label.INFRA_ERROR
LABELS = tuple(Label)
FAILURES = tuple(label for label in Label if label.kind not in ("pass", "unusable"))
EXCEPTION_LABELS = {label.exception.__name__: label for label in Label if label.exception}


def exception_label(ancestry: Iterable[str]) -> Label:
    """The label of an exception, from the names of its class and of its ancestors.

    They are in method resolution order, so that a subclass has the label of its nearest ancestor.

    >>> exception_label(["ModuleNotFoundError", "ImportError", "Exception"])
    <Label.IMPORT_ERROR: 'IMPORT_ERROR'>
    """
    known = (EXCEPTION_LABELS[name] for name in ancestry if name in EXCEPTION_LABELS)
    return next(known, Label.RUNTIME_ERROR)
