"""The configuration of a run: its sections together."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from failpairs.curation.control_arms import ARM_NAMES, ARM_PATTERN, ARMS
from failpairs.curation.policy import Policy
from failpairs.execution.settings import ExecutionSettings
from failpairs.models.settings import InferenceSettings, ModelSettings
from failpairs.problems.settings import ProblemSettings
from failpairs.sampling.engines import ENGINES
from failpairs.sampling.settings import EvaluationSettings, SamplingSettings
from failpairs.settings import OWN, UNIQUE, OneOf, Section, Seed, fault
from failpairs.statistics.settings import StatisticsSettings
from failpairs.training.recipe import Recipe
from failpairs.workflow.validation import section_from

# Snakemake reads braces as wildcards and angle brackets as path variables, and programs read a
# leading hyphen as an option.
FOLDER = r"[^\s{}<>/-]|[^\s{}<>-][^{}<>\x00-\x1f\x7f]*[^\s{}<>/]"


def _check_folder(name: str) -> str:
    if not re.fullmatch(FOLDER, name):
        raise fault(
            "should be a folder that neither begins with a hyphen or a space nor ends with a slash "
            "or a space, without braces, angle brackets and control characters"
        )
    return name


class PathVars(Section):
    """Where Snakemake puts files."""

    section: ClassVar[str] = "pathvars"

    results: Annotated[
        str,
        AfterValidator(_check_folder),
        WithJsonSchema({"type": "string", "pattern": f"^({FOLDER})$"}),
        OWN,
    ] = "results"
    """Folder that everything of a run is written to, without a slash at its end. Spaces and quotes
    are allowed inside, but no braces and no angle brackets."""


class Seeds(Section):
    """The training runs, one adapter each."""

    section: ClassVar[str] = "seeds"

    values: Annotated[list[Seed], Field(min_length=1), UNIQUE, OWN] = Field(default=[0, 1, 2])
    """The seeds; each decides the LoRA initialisation and the order of the pairs."""

    vary: Literal["training", "pairs"] = "training"
    """What differs between the runs. training keeps one set of pairs; pairs also curates a set for
    each seed (curation.seed plus the seed), so the spread across seeds includes the variation from
    curation. Control arms keep their pairs."""


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

    arms: Annotated[list[Annotated[str, OneOf(ARM_NAMES, ARM_PATTERN)]], UNIQUE] = Field(
        default=[],
        description="Control experiments beside the curated pairs, each with as many pairs, the "
        "same recipe and the same seeds. "
        + "; ".join(f"{arm.name}: {arm.pairs} ({arm.shows})" for arm in ARMS)
        + ".",
    )

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
