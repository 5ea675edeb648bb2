"""Makes a section of the configuration from given values, or says what is wrong with them.

It knows no section, so that what runs again when one section changes are the programs that read it.
"""

import difflib
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from failpairs.errors import InputError
from failpairs.settings import Section

SectionType = TypeVar("SectionType", bound=Section)


def section_from(kind: type[SectionType], values: Mapping[str, Any]) -> SectionType:
    """A section made of some values; the other keys have their defaults.

    Raises:
        InputError: each fault with its key and what would be right.
    """
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        faults = [_explain(kind, each) for each in error.errors()]
        raise InputError("; ".join(faults)) from None


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
            if isinstance(error["input"], str) and _is_number(error["input"]):
                text += " (YAML reads 1e-5 as text: write 1.0e-5)"
    return f"config: {'.'.join(keys)}: {text}"


def _unknown(kind: type[BaseModel], error: ErrorDetails) -> str:
    *parents, key = map(str, error["loc"])
    for parent in parents:
        kind = kind.model_fields[parent].annotation  # type: ignore[assignment]
    known = list(kind.model_fields)
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known keys are {', '.join(known)}"
    return f"unknown key; {hint}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
