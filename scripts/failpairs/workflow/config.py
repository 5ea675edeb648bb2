"""The configuration of a run: its sections together."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from failpairs.curation.policy import CurationSettings
from failpairs.errors import InputError
from failpairs.exchange.pairs import PATTERN as PAIR_PATTERN
from failpairs.exchange.pairs import SOURCES as PAIR_SOURCES
from failpairs.execution.settings import ExecutionSettings
from failpairs.models.settings import InferenceSettings, ModelSettings
from failpairs.problems.settings import ProblemSettings
from failpairs.sampling.engines import ENGINES, QUANTIZING
from failpairs.sampling.settings import EvaluationSettings, SamplingSettings
from failpairs.settings import OWN, SINGLE_TEXT, UNIQUE, OneOf, Section, Seed, fault
from failpairs.statistics.settings import StatisticsSettings
from failpairs.training.recipe import (
    AUTO_RATES,
    NOT_TRIED,
    Recipe,
    TrainingSettings,
    TuningSettings,
    Watching,
)
from failpairs.training.tuning import grid_points
from failpairs.workflow.arms import (
    ARM_NAMES,
    ARM_PATTERN,
    ARMS,
    method_of,
    needs_of,
    recipe_of,
    rounds_after_first,
)
from failpairs.workflow.validation import section_from

TUNED_NAME = r"^[A-Za-z]\w*$"  # of a folder and a file in the results
OTHER_NAMES = re.compile(r"base|again|seed\d+")
COMMIT = re.compile(r"@[0-9a-f]{40}$")
REPOSITORY = r"^([A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*)?$"
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


def _named(value: object) -> object:
    """Refuse models without names; a name has letters, digits and underscores."""
    if not isinstance(value, dict) or not all(re.fullmatch(TUNED_NAME, str(n)) for n in value):
        raise fault(
            "give each tuned model a name of letters, digits and _, as in {mine: my-adapter}"
        )
    return value


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

    vary: Literal["training", "pairs", "both"] = "training"
    """What differs between the runs. training keeps one set of pairs; pairs also curates a set for
    each seed (curation.seed plus the seed), so the spread across seeds includes the variation from
    curation; both also trains on each of these sets with every other seed, so the report can tell
    the variation from curation and from training apart (three seeds make nine trainings). Control
    arms keep their pairs."""

    @model_validator(mode="after")
    def _a_crossed_design_has_several_seeds(self) -> Self:
        if self.vary == "both" and len(self.values) < 2:
            raise fault("vary: both needs at least 2 seeds in seeds.values")
        return self


class Hub(Section):
    """What `snakemake upload` publishes on the Hugging Face Hub; new repositories are private."""

    section: ClassVar[str] = "hub"

    pairs: Annotated[str, Field(pattern=REPOSITORY)] = ""
    """Repository of the pairs, such as me/my-pairs; empty: they are not uploaded."""

    adapters: Annotated[str, Field(pattern=REPOSITORY)] = ""
    """Repositories of the adapters: me/my-adapter stands for me/my-adapter-seed0 and so on; empty:
    they are not uploaded."""

    license: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9.-]*)?$")] = ""
    """Licence of the adapters as the Hub names it, such as apache-2.0; empty: their cards name
    none."""


class Comparison(Section):
    """Samples of other tools that are compared, instead of all that a run samples and trains."""

    section: ClassVar[str] = "compare"

    base: Annotated[str, OWN] = ""
    """File or folder with samples of the base model for `problems.eval`, in one of the formats in
    docs/file-formats.md. With it, this run only labels and compares samples that are there already;
    empty: the run samples and trains itself."""

    tuned: Annotated[list[str], UNIQUE, SINGLE_TEXT, OWN] = Field(default=[])
    """Samples of tuned models; several are taken for repetitions of one training."""

    extract: bool = False
    """Extract programs from prose and fences, where the tool that wrote the samples runs them as
    they are."""

    @model_validator(mode="after")
    def _both_sides_are_there(self) -> Self:
        if bool(self.base) != bool(self.tuned):
            raise fault("base and tuned belong together: name samples of both")
        return self


class Config(Section):
    """The configuration of a run."""

    section: ClassVar[str] = ""

    pathvars: PathVars = PathVars()
    model: ModelSettings
    inference: InferenceSettings = InferenceSettings()
    problems: ProblemSettings
    sampling: SamplingSettings = SamplingSettings()
    execution: ExecutionSettings = ExecutionSettings()
    curation: CurationSettings = CurationSettings()
    training: TrainingSettings = TrainingSettings()
    tuning: TuningSettings = TuningSettings()
    seeds: Seeds = Seeds()

    arms: Annotated[list[Annotated[str, OneOf(ARM_NAMES, ARM_PATTERN)]], UNIQUE] = Field(
        default=[],
        description="Control experiments beside the curated pairs, with the same seeds and, "
        "where an arm says nothing else, as many pairs and the same recipe. "
        + "; ".join(f"{arm.name}: {arm.pairs} ({arm.shows})" for arm in ARMS)
        + ".",
    )

    rounds: Annotated[int, Field(ge=1, le=9)] = Field(
        default=1,
        description="Rounds of sampling, curating and training. In each later one every seed "
        "samples the training problems with its adapter of the last round, and trains on from it "
        "with as many pairs as these samples give, at most curation.n_pairs. The report takes the "
        "rounds for arms: round2, round3, …; an arm such as curated1000 has as many pairs in one "
        "round.",
    )

    round_reference: Literal["base", "last"] = Field(
        default="base",
        description="The reference model of later rounds: the base model, or that of the last "
        "round.",
    )

    pairs: Annotated[str, OneOf(PAIR_SOURCES, f"|{PAIR_PATTERN}")] = Field(
        default="",
        description="Preference pairs that you already have, as jsonl:PATH (JSON Lines, a JSON "
        "array or parquet) or hub:NAME@REVISION:SPLIT, in one of the formats in "
        "docs/file-formats.md. Training then uses them: no training problem is sampled and no pair "
        "is curated. Pairs that give away an evaluation problem are left out. Empty: the pairs are "
        "curated.",
    )

    tuned: Annotated[
        dict[Annotated[str, Field(pattern=TUNED_NAME)], str], BeforeValidator(_named)
    ] = Field(
        default={},
        description="Tuned models that you already have, by a name for each: a folder, or an id of "
        "the Hub and its commit (name/of-it@0123…), with a PEFT adapter for the model or with a "
        "whole model. Only they and the base model are then evaluated and compared: nothing is "
        "sampled for training, curated or trained. Several are taken for repetitions of one "
        "training.",
    )

    evaluation: EvaluationSettings = EvaluationSettings()
    statistics: StatisticsSettings = StatisticsSettings()
    hub: Hub = Hub()
    compare: Comparison = Comparison()

    @model_validator(mode="before")
    @classmethod
    def _lists_in_the_recipe_are_a_grid(cls, values: Any) -> Any:
        """The values as they would be if what is to be tried stood under `tuning.grid`."""
        recipe, tuning = (values.get(key) or {} for key in ("training", "tuning"))
        if not (isinstance(recipe, Mapping) and isinstance(tuning, Mapping)):
            return values
        lists = {
            key: value
            for key, value in recipe.items()
            if isinstance(value, list) and key not in Watching.model_fields
        }
        if recipe.get("learning_rate") == "auto":
            lists["learning_rate"] = AUTO_RATES
        grid = tuning.get("grid") or {}
        if not isinstance(grid, Mapping):
            return values
        grid = {**grid, **lists}
        if not grid:
            return values
        single = {key: value for key, value in recipe.items() if key not in lists}
        # The other keys need not go together with a default that is not tried.
        for key in (Recipe.model_fields.keys() & grid.keys()) - single.keys():
            match grid[key]:
                case [int() | float() as first, *_]:
                    single[key] = first
        return {**values, "training": single, "tuning": {**tuning, "grid": grid}}

    @model_validator(mode="after")
    def _the_grid_holds_recipes(self) -> Self:
        known = Recipe.model_fields.keys() - NOT_TRIED
        for key, values in self.tuning.grid.items():
            if key not in known:
                raise fault(f"tuning.grid.{key}: expected one of {', '.join(sorted(known))}")
            if len({*map(str, values)}) < max(1, len(values)):
                raise fault(
                    f"training.{key}: {values!r} should have at least one value, none twice"
                )
        for point in grid_points(self.tuning.grid):
            self._trained_with(point)
        trains = not (self.tuned or self.compare.base)
        if trains and self.tuning.grid and not self.curation.held_out:
            raise fault(
                "curation.held_out: 0 leaves nothing to choose a recipe by; hold something out, or "
                f"give training one value of {', '.join(self.tuning.grid)}"
            )
        return self

    def _trained_with(self, values: Mapping[str, Any]) -> TrainingSettings:
        try:
            return section_from(TrainingSettings, {**self.training.model_dump(), **values})
        except InputError as error:
            raise fault(str(error).removeprefix("config: ")) from None

    @model_validator(mode="after")
    def _replay_has_pairs_to_look_at(self) -> Self:
        orders = {"training.order": str(self.training.order)}
        orders |= {f"arms: {name}": str(recipe_of(name).get("order")) for name in self.arms}
        for where, order in orders.items():
            if order == "replay" and not self.curation.held_out:
                raise fault(f"{where}: held-out pairs tell what to replay; raise curation.held_out")
        return self

    @model_validator(mode="after")
    def _arms_can_be_trained(self) -> Self:
        for name in self.arms:
            for point in grid_points(self.tuning.grid) or [{}]:
                recipe = self._trained_with({**point, **recipe_of(name)})
                if method_of(name) == "kto" and (
                    recipe.micro_batch_size < 2 or recipe.processes > 1
                ):
                    raise fault(
                        f"arms: {name} needs training.micro_batch_size of at least 2 and "
                        "training.processes 1"
                    )
        return self

    @model_validator(mode="after")
    def _the_engine_has_its_options(self) -> Self:
        engine = self.sampling.engine
        for key in ENGINES[engine].required:
            if not getattr(self.inference, key):
                raise fault(f"inference.{key}: sampling.engine {engine} needs it")
        return self

    @model_validator(mode="after")
    def _weights_of_4_bits_are_not_divided(self) -> Self:
        if self.training.processes > 1 and self.model.quantization != "none":
            raise fault("training.processes: weights of 4 bits (model.quantization) need 1")
        return self

    @model_validator(mode="after")
    def _more_samples_differ(self) -> Self:
        if self.curation.top_up and self.sampling.temperature == 0:
            raise fault("curation.top_up: more greedy samples would all be the same")
        return self

    @model_validator(mode="after")
    def _the_engines_can_quantize(self) -> Self:
        for section in (self.sampling, self.evaluation):
            can_quantize = ENGINES[section.engine].can_quantize
            if self.model.quantization != "none" and not can_quantize:
                raise fault(
                    f"model.quantization: {section.section}.engine {section.engine} cannot do it; "
                    f"use one of {', '.join(QUANTIZING)}"
                )
        return self

    @model_validator(mode="after")
    def _own_pairs_are_not_curated(self) -> Self:
        if not self.pairs:
            return self
        if self.tuned:
            raise fault("pairs: with `tuned` nothing is trained, so that there are no pairs")
        if self.seeds.vary != "training":
            raise fault("seeds.vary: with pairs of your own, each seed has the same pairs")
        for name in self.arms:
            if needs := needs_of(name):
                raise fault(
                    f"arms: {name} is made of {', '.join(needs)}, which a run with pairs "
                    "of your own does not have"
                )
        if self.hub.pairs:
            raise fault("hub.pairs: pairs of your own are not uploaded")
        return self

    @model_validator(mode="after")
    def _planned_comparisons_are_of_what_is_evaluated(self) -> Self:
        known = ["base", "curated", *self.arms, *rounds_after_first(self.rounds)]
        for planned in self.statistics.compare:
            names = planned.split(":")
            if unknown := [name for name in names if name not in known]:
                raise fault(
                    f"statistics.compare: {planned}: {unknown[0]!r} is none of {', '.join(known)}"
                )
            if names[0] == names[1] or names[0] == "base":
                raise fault(f"statistics.compare: {planned}: expected an arm and another model")
        return self

    @model_validator(mode="after")
    def _an_arm_differs_from_the_curated_pairs(self) -> Self:
        for name in self.arms:
            recipe = recipe_of(name)
            if recipe and all(getattr(self.training, key) == recipe[key] for key in recipe):
                raise fault(f"arms: {name} is how the curated pairs are trained already")
            if tried := sorted({*recipe} & {*self.tuning.grid}):
                raise fault(
                    f"arms: {name} has values of its own of {', '.join(tried)}, which "
                    "`tuning` tries"
                )
        return self

    @model_validator(mode="after")
    def _tuned_models_have_names_of_their_own_and_no_arms(self) -> Self:
        for name, place in self.tuned.items():
            if OTHER_NAMES.fullmatch(name):
                raise fault(f"tuned.{name}: expected another name than those of base and seeds")
            if "@" in place and not COMMIT.search(place):
                raise fault(
                    f"tuned.{name}: {place!r}: expected @ and the 40 hex digits of a commit at its "
                    "end, or a folder without @ in its name"
                )
        if self.tuned and self.arms:
            raise fault("arms: with `tuned` nothing is trained, so that there are no control arms")
        if self.tuned and self.seeds.vary == "both":
            raise fault("seeds.vary: with `tuned` nothing is trained, so that no seeds are crossed")
        return self

    @model_validator(mode="after")
    def _later_rounds_can_run(self) -> Self:
        if self.rounds == 1:
            return self
        for key in ("tuned", "pairs"):
            if getattr(self, key):
                raise fault(f"rounds: with `{key}` nothing is sampled for training and curated")
        if not ENGINES[self.sampling.engine].can_adapt:
            raise fault(
                f"rounds: sampling.engine {self.sampling.engine} cannot sample the adapters of "
                "a round"
            )
        if self.seeds.vary != "training":
            raise fault(
                "rounds: each seed has pairs of its own from the second round on; with "
                f"seeds.vary {self.seeds.vary} it would hold out other problems than in the first"
            )
        if self.training.processes > 1:
            raise fault("rounds: later rounds train in one process: set training.processes to 1")
        return self

    @model_validator(mode="after")
    def _a_comparison_of_samples_trains_nothing(self) -> Self:
        if self.compare.base and self.rounds > 1:
            raise fault("rounds: with `compare` nothing is trained and no model is run")
        for key in ("tuned", "pairs", "arms"):
            if self.compare.base and getattr(self, key):
                raise fault(f"{key}: with `compare` nothing is trained and no model is run")
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
    found = section_from(Config, config)
    dumped = found.model_dump()
    recipe, grid = dumped["training"], found.tuning.grid
    points = [
        section_from(TrainingSettings, {**recipe, **p}).model_dump() for p in grid_points(grid)
    ]
    dumped["tuning"]["grid"] = {key: [*dict.fromkeys(p[key] for p in points)] for key in grid}
    return dumped


def reported(config: Mapping[str, Any]) -> str:
    """A configuration as one shell word of JSON, without what changes no result."""
    changing = {k: v for k, v in config.items() if k not in ("inference", "hub")}
    changing["training"] = {k: v for k, v in config["training"].items() if k in Recipe.model_fields}
    return shlex.quote(json.dumps(changing))


def sections() -> Iterator[type[Section]]:
    """The classes of all sections, in the order of the configuration."""
    for field in Config.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield field.annotation


def config_schema() -> dict[str, Any]:
    """The JSON schema of the configuration, for editors."""
    schema = Config.model_json_schema()
    recipe = schema["$defs"]["TrainingSettings"]["properties"]
    for key, node in recipe.items():
        if key not in NOT_TRIED:
            recipe[key] = {"anyOf": [node, {"type": "array", "items": node, "minItems": 1}]}
    recipe["learning_rate"]["anyOf"].append({"const": "auto"})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
