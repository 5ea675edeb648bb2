"""The section `curation` of the configuration."""

from collections.abc import Collection
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from failpairs.labels import FAILURES, Label
from failpairs.settings import OWN, UNIQUE, OneOf, Section, Seed, fault

Failure = Annotated[str, OneOf(FAILURES)]


def shares_in(mix: str, excluded: Collection[str] = ()) -> dict[Label, float]:
    """The shares that a mix such as `NAME_ERROR=2,ASSERTION_FAIL=1` names, as they stand there.

    Args:
        excluded: failures that may not be in it.

    Raises:
        PydanticCustomError: a label that is no failure, excluded or given twice, a share that is no
            number, or shares that are all zero.
    """
    shares: dict[Label, float] = {}
    for entry in mix.split(","):
        name, _, share = entry.partition("=")
        if name not in FAILURES:
            raise fault(f"mix: {name!r} is no failure; the failures are {', '.join(FAILURES)}")
        if name in excluded:
            raise fault(f"mix: {name} is in curation.exclude_labels")
        if name in shares:
            raise fault(f"mix: {name} is given twice")
        try:
            shares[Label[name]] = float(share)
        except ValueError:
            raise fault(f"mix: the share of {name}, {share!r}, should be a number") from None
    if not sum(shares.values()):
        raise fault(f"mix: all shares of {mix!r} are zero")
    return shares


class Policy(Section):
    """Which preference pairs are made of the samples."""

    section: ClassVar[str] = "curation"

    n_pairs: Annotated[int, Field(ge=1, le=10_000_000)] = 500
    """Preference pairs to make."""

    allow_fewer: bool = False
    """Go on with fewer pairs where the samples do not give as many."""

    held_out: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    """Share of the problems whose pairs are not trained on but held out for the training curves;
    that share of n_pairs is made of them, if there are as many. 0 holds none out."""

    mix: Annotated[
        str, Field(pattern=r"^(natural|uniform|[A-Z_]+=[0-9.]+(,[A-Z_]+=[0-9.]+)*)$")
    ] = "natural"
    """Mix of failures on the rejected side. natural is as they occur among the samples, which asks
    what typical pairs fix; uniform takes all that occur alike, which teaches about rare failures;
    or shares such as NAME_ERROR=2,ASSERTION_FAIL=1, to aim at some. Where a label has too few
    pairs, the others share its places."""

    exclude_labels: Annotated[list[Failure], UNIQUE] = Field(
        default=["EMPTY", "REFUSAL", "UNFINISHED_THOUGHT", "TRUNCATED"]
    )
    """Failures that make no rejected side. The default leaves out those that say nothing about the
    code. INFRA_ERROR and FLAKY are never used."""

    max_pairs_per_problem: Annotated[int, Field(ge=1, le=16)] = 4
    """Most pairs of one problem, so that no problem dominates. With P problems that have both a
    pass and a failure, n_pairs / P is the least that can suffice."""

    max_sample_uses: Annotated[int, Field(ge=1, le=16)] = 1
    """The largest number of pairs that may use one sample, on either side. 1 gives the most varied
    pairs; raise it where passes are rare."""

    min_similarity: Annotated[float, Field(ge=0, le=1)] = 0.3
    """Least share of tokens that the two sides of a pair have in common (0 to 1; comments and
    docstrings do not count). Low values pair unlike programs, which differ in much besides the
    failure."""

    max_similarity: Annotated[float, Field(ge=0, le=1)] = 0.98
    """Largest share of tokens in common. Close to 1 the sides differ in a token or two, and DPO
    then tends to lower the probability of both (arXiv 2402.13228)."""

    max_length_ratio: Annotated[float, Field(ge=1, le=100)] = 2.0
    """The longer side of a pair has at most this many times the characters of the shorter side, so
    that length teaches nothing."""

    near_duplicate: Annotated[float, Field(gt=0, le=1)] = 0.9
    """Pairs that share this part of their token triples with an earlier pair (Jaccard similarity,
    estimated by MinHash) are dropped, whatever their problem. 1 keeps all."""

    seed: Seed = 0
    """Seed of the choice among equally good pairs."""

    @model_validator(mode="after")
    def _bands_are_not_empty(self) -> Self:
        if self.min_similarity > self.max_similarity:
            raise fault(
                f"min_similarity: {self.min_similarity} is above curation.max_similarity "
                f"{self.max_similarity}"
            )
        return self

    @model_validator(mode="after")
    def _mix_names_failures_that_are_used(self) -> Self:
        if "=" in self.mix:
            shares_in(self.mix, self.exclude_labels)
        return self


class CurationSettings(Policy):
    """How curation goes on where there are not enough samples."""

    top_up: Annotated[bool, OWN] = False
    """Draw more samples of each training problem, in at most two rounds and at most four times
    sampling.n_samples, where the samples would give fewer pairs than n_pairs."""

    verify_inputs: Annotated[int, Field(ge=0, le=10_000), OWN] = 0
    """Inputs to generate for each training problem from those in its test; the quarter of them that
    tells its reference best from the mutants of it is kept. A sample that passes the test but
    differs from the reference on one of these stands on neither side of a pair: it is wrong, or the
    input is none that the problem allows. An input on which half of the passing programs differ
    does not count. 0 generates none."""
