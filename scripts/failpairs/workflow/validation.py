"""Makes a section of the configuration from given values, or says what is wrong with them.

It knows no section, so that what runs again when one section changes are the programs that read it.
"""

import difflib
import re
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from failpairs.errors import InputError
from failpairs.settings import Section

SectionType = TypeVar("SectionType", bound=Section)
# What a text may stand for, by the error of a text where such a value belongs.
FROM_TEXT: dict[str, TypeAdapter[Any]] = {
    "int_type": TypeAdapter(int),
    "float_type": TypeAdapter(float),
    "bool_type": TypeAdapter(bool),
}


def section_from(kind: type[SectionType], values: Mapping[str, Any]) -> SectionType:
    """A section made of some values; the other keys have their defaults.

    A text may stand for a number or for true and false: so does Snakemake's `--config` hand over
    all that stands in braces or brackets, and YAML 1.1 a number such as 1e-5.

    Raises:
        InputError: each fault with its key and what would be right.

    Example:
        >>> from failpairs.problems.settings import ProblemLimits
        >>> section_from(ProblemLimits, {"limit": "5"}).limit
        5
    """
    try:
        return kind.model_validate(_read_texts(kind, values))
    except ValidationError as error:
        faults = [_explain(kind, each) for each in error.errors()]
        raise InputError("; ".join(faults)) from None


def _read_texts(kind: type[Section], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with what texts stand for, where these are no texts to the section."""
    read = deepcopy(dict(values))
    try:
        kind.model_validate(read)
    except ValidationError as error:
        for each in error.errors():
            if isinstance(each["input"], str) and each["type"] in FROM_TEXT:
                *parents, last = each["loc"]
                holder: Any = read
                for key in parents:
                    holder = holder[key]
                with suppress(ValidationError):  # which the section then explains
                    holder[last] = FROM_TEXT[each["type"]].validate_strings(each["input"])
    return read


def _explain(kind: type[Section], error: ErrorDetails) -> str:
    """One fault as "config: KEY: what is wrong"."""
    keys = [*([kind.section] if kind.section else []), *map(str, error["loc"])]
    match error["type"]:
        case "extra_forbidden":
            text = _unknown(kind, error)
        case "missing":
            text = "required, but missing"
        case "setting":
            text = error["msg"]
            if ": " in text:  # of several keys together, of which it names the first
                key, _, text = text.partition(": ")
                keys.append(key)
            else:
                text = f"{error['input']!r} {text}"
        case "model_type":
            text = f"{error['input']!r} should be a section with keys"
        case _:
            words = re.sub(r"^(Input|String|List) ", "", error["msg"])
            text = f"{error['input']!r} {words}"
    return f"config: {'.'.join(keys)}: {text}"


def _unknown(kind: type[BaseModel], error: ErrorDetails) -> str:
    *parents, key = map(str, error["loc"])
    for parent in parents:
        kind = kind.model_fields[parent].annotation  # type: ignore[assignment]
    known = list(kind.model_fields)
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known keys are {', '.join(known)}"
    return f"unknown key; {hint}"
