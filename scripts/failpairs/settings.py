"""What all sections of the configuration have in common."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import PydanticCustomError, core_schema


class Section(BaseModel):
    """A section of the configuration: each field is a key, with its type, range and default.

    The text below a field says what the key means and in which unit. The schema, the table in
    config/README.md and the options of the programs are made from these classes.

    Example:
        >>> class Tea(Section):
        ...     section: ClassVar[str] = "tea"
        ...     minutes: Annotated[float, Field(gt=0)] = 4.0
        >>> Tea(minutes=3).minutes
        3.0
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True, allow_inf_nan=False
    )

    section: ClassVar[str]


class Own:
    """Marks a key that the workflow itself uses, so that no program takes it as an option."""


OWN = Own()


def fault(text: str) -> PydanticCustomError:
    """The error of a value that is wrong; `text` says what would be right."""
    return PydanticCustomError("setting", "{text}", {"text": text})


@dataclass(frozen=True)
class OneOf:
    """Restricts a text to the entries of a registry.

    Attributes:
        names: how the entries are written, for the schema and for messages.
        pattern: the regular expression of what is allowed, where more is than the names.
    """

    names: Collection[str]
    pattern: str = ""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        allowed = {"pattern": f"^({self.pattern})$"} if self.pattern else {"enum": [*self.names]}
        return {**handler(schema), **allowed}

    def _check(self, value: str) -> str:
        if not (re.fullmatch(self.pattern, value) if self.pattern else value in self.names):
            raise fault(f"should be one of {', '.join(self.names)}")
        return value


def _unique(values: list[Any]) -> list[Any]:
    if len(set(values)) < len(values):
        raise fault("should have no value twice")
    return values


UNIQUE = AfterValidator(_unique)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


SINGLE_TEXT = BeforeValidator(_listed)  # a text where a list is wanted stands for a list of one
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
