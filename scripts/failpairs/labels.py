"""The closed set of labels that a sample can get, and the exceptions behind some of them."""

PASS = "PASS"
FLAKY = "FLAKY"
INFRA_ERROR = "INFRA_ERROR"

# In the order in which they are tried: the first that applies is the sample's label.
LABELS = (
    "EMPTY",
    "REFUSAL",
    "NO_CODE",
    "STUB",
    "TRUNCATED",
    "SYNTAX_ERROR",
    "WRONG_ENTRY_POINT",
    "NAME_ERROR",
    "IMPORT_ERROR",
    "TYPE_ERROR",
    "ATTRIBUTE_ERROR",
    "INDEX_ERROR",
    "KEY_ERROR",
    "VALUE_ERROR",
    "ZERO_DIVISION",
    "RECURSION_ERROR",
    "RUNTIME_ERROR",
    "ASSERTION_FAIL",
    "TIMEOUT",
    "MEMORY_LIMIT",
    "OUTPUT_LIMIT",
    "EXIT",
    "CRASH",
    "FORBIDDEN",
    PASS,
    FLAKY,
    INFRA_ERROR,
)

FAILURES = tuple(label for label in LABELS if label not in {PASS, FLAKY, INFRA_ERROR})

# Found along an exception's method resolution order, so that subclasses get their parent's label.
EXCEPTION_LABELS = {
    "NameError": "NAME_ERROR",
    "ImportError": "IMPORT_ERROR",
    "TypeError": "TYPE_ERROR",
    "AttributeError": "ATTRIBUTE_ERROR",
    "IndexError": "INDEX_ERROR",
    "KeyError": "KEY_ERROR",
    "ValueError": "VALUE_ERROR",
    "ZeroDivisionError": "ZERO_DIVISION",
    "RecursionError": "RECURSION_ERROR",
    "MemoryError": "MEMORY_LIMIT",
}


def exception_label(ancestry: list[str]) -> str:
    """The label of an exception, from the names of its class and of its ancestors."""
    return next((EXCEPTION_LABELS[n] for n in ancestry if n in EXCEPTION_LABELS), "RUNTIME_ERROR")
