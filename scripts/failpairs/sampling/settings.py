"""The sections `sampling` and `evaluation` of the configuration."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from failpairs.sampling.engines import ADAPTING, ENGINES, describe_engines
from failpairs.settings import OWN, OneOf, Section, Seed, fault


class GenerationSettings(Section):
    """Which samples are drawn of each problem."""

    n_samples: Annotated[int, Field(ge=1)]
    """Samples per problem."""

    temperature: Annotated[float, Field(ge=0, le=2)]
    """Sampling temperature; 0 is greedy decoding."""

    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Nucleus sampling: the share of probability that is kept; 1 keeps all."""

    max_new_tokens: Annotated[int, Field(ge=1, le=32768)] = 512
    """Tokens after which a completion is cut off (and then counts as TRUNCATED)."""

    seed: Seed = 0
    """Seed of the draws. Each draw depends on it, the problem and the sample alone."""

    def generation(self) -> dict[str, Any]:
        """The settings that decide what is drawn, by name."""
        return self.model_dump(include=set(GenerationSettings.model_fields))

    @model_validator(mode="after")
    def _greedy_samples_differ(self) -> Self:
        if self.temperature == 0 and self.n_samples > 1:
            raise fault(
                f"n_samples: {self.n_samples} greedy samples would all be the same; set "
                f"{self.section}.temperature above 0 or {self.section}.n_samples to 1"
            )
        return self


class SamplingSettings(GenerationSettings):
    """How the training problems are sampled."""

    section: ClassVar[str] = "sampling"

    engine: Annotated[str, OneOf(ENGINES), Field(description=describe_engines())] = "auto"

    n_samples: Annotated[int, Field(ge=1)] = 40
    """Samples per problem. A problem gives pairs only if some samples pass and some fail, so hard
    and easy problems want more."""

    temperature: Annotated[float, Field(ge=0, le=2)] = 0.8
    """Sampling temperature; 0 is greedy decoding. Higher values give more varied failures."""

    shards: Annotated[int, Field(ge=1, le=256), OWN] = 1
    """Jobs that the sampling is split into. A lost job costs one shard; each job loads the model
    once, so use about as many as there are GPUs, and 1 on a laptop."""


class EvaluationSettings(GenerationSettings):
    """How the base model and each adapter are sampled on the evaluation problems."""

    section: ClassVar[str] = "evaluation"

    again: Annotated[bool, OWN] = False
    """Evaluate the base model a second time, with batches of half the size. The report then says
    how many problems end in another way by nothing but rounding."""

    engine: Annotated[str, OneOf(ADAPTING)] = "auto"
    """As sampling.engine, of those that can apply an adapter."""

    n_samples: Annotated[int, Field(ge=1)] = 1
    """Samples per problem. 1 with temperature 0 is greedy pass@1."""

    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    """Sampling temperature; 0 is greedy decoding."""
