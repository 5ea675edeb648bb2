"""The section `problems` of the configuration."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from failpairs.problems.sources import DESCRIPTION, FORMS, PATTERN
from failpairs.settings import OWN, SINGLE_TEXT, UNIQUE, OneOf, Section

Source = Annotated[str, OneOf(FORMS, PATTERN)]


class ProblemLimits(Section):
    """Which problems of a source are used."""

    section: ClassVar[str] = "problems"

    limit: Annotated[int, Field(ge=0)] = 0
    """Number of problems to use of each source, for a quick try; 0 uses all."""

    ngram: Annotated[int, Field(ge=5, le=50)] = 10
    """A training problem that shares a run of this many words with the prompt of an evaluation
    problem is dropped as contaminated. Shorter is stricter; 10 to 13 is usual."""


class ProblemSettings(ProblemLimits):
    """Where problems come from."""

    train: Annotated[Source, Field(description=f"Training problems. {DESCRIPTION}.")]

    broken: Annotated[Literal["auto", "drop", "stop"], OWN] = "auto"
    """What to do about a malformed row, or a problem whose own reference fails or whose test
    asserts nothing: drop leaves it out, stop ends the run before any sample is drawn; auto drops
    training problems and stops at evaluation problems."""

    eval: Annotated[list[Source], Field(min_length=1), UNIQUE, SINGLE_TEXT]
    """Evaluation problems, written in the same way; one source or a list of several, which are
    evaluated together and also reported apart, such as [humaneval, mbpp:test]."""
