"""The section `statistics` of the configuration."""

from typing import Annotated, ClassVar

from pydantic import Field

from failpairs.settings import Section, Seed


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

    resamples: Annotated[int, Field(ge=999, le=1_000_000)] = 9999
    """Resamples of the permutation test of transitions."""

    seed: Seed = 0
    """Seed of those resamples."""
