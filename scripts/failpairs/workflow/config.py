"""The configuration of a run: its sections together, and the words for what is wrong with it."""

import difflib
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.execution.settings import ExecutionSettings
from failpairs.models.settings import InferenceSettings, ModelSettings
from failpairs.problems.settings import ProblemSettings
from failpairs.sampling.engines import ENGINES
from failpairs.sampling.settings import EvaluationSettings, SamplingSettings
from failpairs.settings import OWN, UNIQUE, Section, Seed, fault
from failpairs.statistics.settings import StatisticsSettings
from failpairs.training.recipe import Recipe

SectionType = TypeVar("SectionType", bound=Section)


class PathVars(Section):
    """Where Snakemake puts files."""

    section: ClassVar[str] = "pathvars"

    results: Annotated[str, Field(pattern=r"^\S*[^\s/]$"), OWN] = "results"
    """Folder that everything of a run is written to, without a slash at its end."""


class Seeds(Section):
    """The training runs, one adapter each."""

    section: ClassVar[str] = "seeds"

    values: Annotated[list[Seed], Field(min_length=1), UNIQUE, OWN] = Field(default=[0, 1, 2])
    """The seeds; each decides the LoRA initialisation and the order of the pairs."""

    vary: Literal["training", "pairs"] = "training"
    """What differs between the runs. training keeps one set of pairs; pairs also curates a set for
    each seed (curation.seed plus the seed), so the spread across seeds includes the variation from
    curation. Control arms keep their pairs."""


Arm = Annotated[
    str, StringConstraints(pattern=r"^(random|synthetic|external|shuffled|sft|n[1-9][0-9]*)$")
]


class Config(Section):
    """The configuration of a run."""

    section: ClassVar[str] = ""

    pathvars: PathVars = PathVars()
    model: ModelSettings
    inference: InferenceSettings = InferenceSettings()
    problems: ProblemSettings
    sampling: SamplingSettings = SamplingSettings()
    execution: ExecutionSettings = ExecutionSettings()
    curation: Policy = Policy()
    training: Recipe = Recipe()
    seeds: Seeds = Seeds()

    arms: Annotated[list[Arm], UNIQUE] = Field(default=[])
    """Control experiments beside the curated pairs, each with as many pairs, the same recipe and
    the same seeds. random pairs passes and failures at random (what does curation add?); synthetic
    rejects mutants of the chosen sides (real failures against injected ones); external chooses the
    reference solutions (the model's own passes against somebody else's); shuffled flips half of the
    pairs (the null, which must show nothing); sft only imitates the chosen sides; n125, n250 and so
    on are that many of the curated pairs (dose and response)."""

    evaluation: EvaluationSettings = EvaluationSettings()
    statistics: StatisticsSettings = StatisticsSettings()

    @model_validator(mode="after")
    def _the_engine_has_its_options(self) -> Self:
        engine = self.sampling.engine
        for key in ENGINES[engine].required:
            if not getattr(self.inference, key):
                raise fault(f"inference.{key}: sampling.engine {engine} needs it")
        return self


def validate_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with its defaults filled in, for Snakemake.

    Raises:
        InputError: each fault with its key and what would be right.

    Example:
        >>> problems = {"train": "mbpp", "eval": "humaneval"}
        >>> validate_config({"model": {"id": "mine"}, "problems": problems})["problems"]["eval"]
        ['humaneval']
    """
    return section_from(Config, config).model_dump()


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


def reported(config: Mapping[str, Any]) -> str:
    """A configuration as one shell word of JSON, without the section that changes no result."""
    return shlex.quote(json.dumps({k: v for k, v in config.items() if k != "inference"}))


def sections() -> Iterator[type[Section]]:
    """The classes of all sections, in the order of the configuration."""
    for field in Config.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield field.annotation


def config_schema() -> dict[str, Any]:
    """The JSON schema of the configuration, for editors."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return schema | Config.model_json_schema()
