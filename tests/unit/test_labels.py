import copy
import json
import pickle
import re

import pytest
from failpairs.labels import FAILURES, LABELS, Label, exception_label
from failpairs.workflow.documentation import label_table
from places import ROOT


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
        "EMPTY REFUSAL NO_CODE UNFINISHED_THOUGHT STUB TRUNCATED SYNTAX_ERROR WRONG_ENTRY_POINT "
        "NAME_ERROR IMPORT_ERROR TYPE_ERROR ATTRIBUTE_ERROR INDEX_ERROR KEY_ERROR VALUE_ERROR "
        "ZERO_DIVISION RECURSION_ERROR RUNTIME_ERROR ASSERTION_FAIL NO_INPUT_READ NO_OUTPUT "
        "TIMEOUT MEMORY_LIMIT OUTPUT_LIMIT EXIT CRASH FORBIDDEN PASS FLAKY INFRA_ERROR"
    )
    assert order.split() == list(LABELS) == [label.name for label in Label]


def test_what_is_no_failure_of_the_model_is_not_among_the_failures() -> None:
    assert set(LABELS) - set(FAILURES) == {"PASS", "FLAKY", "INFRA_ERROR"}


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("text", "EMPTY REFUSAL NO_CODE UNFINISHED_THOUGHT STUB TRUNCATED SYNTAX_ERROR"),
        ("limit", "TIMEOUT MEMORY_LIMIT OUTPUT_LIMIT"),
        ("process", "EXIT CRASH FORBIDDEN"),
        ("unusable", "FLAKY INFRA_ERROR"),
    ],
)
def test_labels_of_a_kind(kind: str, labels: str) -> None:
    assert [label for label in Label if label.kind == kind] == labels.split()


def test_every_meaning_is_one_sentence() -> None:
    assert [label for label in Label if not re.fullmatch(r"[A-Z][^.]+\.", label.meaning)] == []


def test_a_label_is_its_name_as_text() -> None:
    assert json.dumps({Label.PASS: [Label.FLAKY]}, indent=1) == '{\n "PASS": [\n  "FLAKY"\n ]\n}'
    assert f"{Label.PASS}" == str(Label.PASS) == "PASS"
    assert {"PASS": 1}[Label.PASS] == {Label.PASS: 1}["PASS"] == 1


def test_a_copy_of_a_label_is_the_label() -> None:
    assert copy.deepcopy(Label.PASS) is pickle.loads(pickle.dumps(Label.PASS)) is Label.PASS


def test_the_documentation_has_the_table_of_labels() -> None:
    page = (ROOT / "docs" / "file-formats.md").read_text(encoding="utf-8")
    assert "| `KEY_ERROR` | exception | A key is missing. | `KeyError` |\n" in page
    assert f"-->\n{label_table()}<!--" in page
