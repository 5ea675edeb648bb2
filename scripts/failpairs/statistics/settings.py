"""The section `statistics` of the configuration."""

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from failpairs.settings import UNIQUE, Section, Seed


def _read_planned(value: object) -> object:
    is_pair = isinstance(value, list) and len(value) == 2
    return ":".join(map(str, value)) if is_pair and isinstance(value, list) else value


Planned = Annotated[str, BeforeValidator(_read_planned), Field(pattern=r"^[a-z_]+\d*:[a-z_]+\d*$")]


class StatisticsSettings(Section):
    """Settings of the tests in the report."""

    section: ClassVar[str] = "statistics"

    confidence: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95
    """Confidence of the intervals; verdicts take p-values up to 1 less this. Decide before you
    look."""

    equivalence_margin: Annotated[float, Field(gt=0, le=1)] = 0.02
    """Changes up to this share of the problems count as none; a metric is called equivalent when
    its whole interval lies inside. Decide before you look. The interval of 164 problems of which
    none changes is ±0.023."""

    compare: Annotated[list[Planned], UNIQUE] = Field(default=[])
    """Comparisons of pass@1 that were planned before there were results, such as [[simpo, curated],
    [sft, base]]: of an arm, or curated, with another one or with base. They are a family of their
    own, so that few questions are corrected for few tests. All comparisons of all arms are made
    too, and corrected together. Also written ARM:OTHER."""

    resamples: Annotated[int, Field(ge=999, le=1_000_000)] = 9999
    """Resamples of the permutation test of transitions."""

    seed: Seed = 0
    """Seed of those resamples."""


OF_TWO_MODELS = ("confidence", "equivalence_margin", "resamples", "seed")  # without arms
