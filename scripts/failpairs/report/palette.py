"""The colours of the report, in its style sheet and in its figures.

The hues are those of Okabe and Ito (2008, Color Universal Design), which people with any common
colour vision tell apart. A failure mode has one colour everywhere; modes of a kind share a hue and
differ in lightness, and no colour stands anywhere without the mode's name.
"""

from failpairs.labels import LABELS

INK = "#1b2430"
BASE = "#7a8794"
SEEDS = "#0072b2"
FIXED = "#009e73"
BROKEN = "#d55e00"

MODES = {
    "EMPTY": "#20262d",
    "REFUSAL": "#3d4650",
    "NO_CODE": "#5b6672",
    "STUB": "#7b8794",
    "TRUNCATED": "#a9b3be",
    "SYNTAX_ERROR": "#cc79a7",
    "WRONG_ENTRY_POINT": "#9b4f7c",
    "NAME_ERROR": "#0072b2",
    "IMPORT_ERROR": "#1b4f72",
    "TYPE_ERROR": "#56b4e9",
    "ATTRIBUTE_ERROR": "#2f93cc",
    "INDEX_ERROR": "#8fd0f5",
    "KEY_ERROR": "#b9e2fa",
    "VALUE_ERROR": "#3f7fa6",
    "ZERO_DIVISION": "#74a9c9",
    "RECURSION_ERROR": "#a5c4d6",
    "RUNTIME_ERROR": "#27698f",
    "ASSERTION_FAIL": "#e69f00",
    "TIMEOUT": "#d55e00",
    "MEMORY_LIMIT": "#9a4400",
    "OUTPUT_LIMIT": "#f08a4b",
    "EXIT": "#f0e442",
    "CRASH": "#b8ad12",
    "FORBIDDEN": "#7d750a",
    "PASS": "#009e73",
    "FLAKY": "#66c2a4",
    "INFRA_ERROR": "#000000",
}


def style() -> str:
    """The palette as CSS: `--fixed` and `--broken`, and a class `m-<label>` for every label, which
    sets `--mode`."""
    directions = f":root {{ --fixed: {FIXED}; --broken: {BROKEN}; }}"
    return "\n".join(
        [directions, *(f".m-{label} {{ --mode: {MODES[label]}; }}" for label in LABELS)]
    )
