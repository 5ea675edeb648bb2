import builtins
import json

import pytest
from failpairs.labels import EXCEPTION_LABELS, FAILURES, LABELS, exception_label


class OwnKeyError(KeyError):
    pass


class OwnError(Exception):
    pass


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (NameError, "NAME_ERROR"),
        (UnboundLocalError, "NAME_ERROR"),
        (ModuleNotFoundError, "IMPORT_ERROR"),
        (TypeError, "TYPE_ERROR"),
        (AttributeError, "ATTRIBUTE_ERROR"),
        (IndexError, "INDEX_ERROR"),
        (KeyError, "KEY_ERROR"),
        (OwnKeyError, "KEY_ERROR"),
        (LookupError, "RUNTIME_ERROR"),
        (UnicodeDecodeError, "VALUE_ERROR"),
        (json.JSONDecodeError, "VALUE_ERROR"),
        (ZeroDivisionError, "ZERO_DIVISION"),
        (OverflowError, "RUNTIME_ERROR"),
        (RecursionError, "RECURSION_ERROR"),
        (NotImplementedError, "RUNTIME_ERROR"),
        (AssertionError, "RUNTIME_ERROR"),
        (StopIteration, "RUNTIME_ERROR"),
        (KeyboardInterrupt, "RUNTIME_ERROR"),
        (MemoryError, "MEMORY_LIMIT"),
        (OwnError, "RUNTIME_ERROR"),
    ],
)
def test_an_exception_gets_the_label_of_its_nearest_ancestor(
    kind: type[BaseException], label: str
) -> None:
    assert exception_label([ancestor.__name__ for ancestor in kind.__mro__]) == label


def test_the_nearest_ancestor_decides_among_several() -> None:
    assert exception_label(["Own", "KeyError", "ValueError", "Exception"]) == "KEY_ERROR"
    assert exception_label(["Own", "ValueError", "KeyError", "Exception"]) == "VALUE_ERROR"


def test_the_labels_stand_in_the_order_in_which_they_are_tried() -> None:
    order = (
        "EMPTY REFUSAL NO_CODE STUB TRUNCATED SYNTAX_ERROR WRONG_ENTRY_POINT NAME_ERROR "
        "IMPORT_ERROR TYPE_ERROR ATTRIBUTE_ERROR INDEX_ERROR KEY_ERROR VALUE_ERROR ZERO_DIVISION "
        "RECURSION_ERROR RUNTIME_ERROR ASSERTION_FAIL TIMEOUT MEMORY_LIMIT OUTPUT_LIMIT EXIT CRASH "
        "FORBIDDEN PASS FLAKY INFRA_ERROR"
    )
    assert order.split() == list(LABELS)


def test_what_is_no_failure_of_the_model_is_not_among_the_failures() -> None:
    assert set(LABELS) - set(FAILURES) == {"PASS", "FLAKY", "INFRA_ERROR"}


def test_every_exception_with_a_label_exists_and_its_label_too() -> None:
    assert all(issubclass(getattr(builtins, name), Exception) for name in EXCEPTION_LABELS)
    assert set(EXCEPTION_LABELS.values()) <= set(FAILURES)
