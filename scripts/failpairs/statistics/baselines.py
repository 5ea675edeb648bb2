"""The scores that were published for the base model, beside those that it has here."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict
from scipy.stats import binomtest

from failpairs.labels import PASS
from failpairs.statistics.evaluation import Evaluation

FILE = Path(__file__).with_name("baselines.yaml")
# The base tests of these sources, by the names of their scores in the file.
BASE_TESTS = {"humanevalplus": "humaneval", "mbppplus": "mbppplus-base"}
LEAST = 0.9  # of the problems of a published score; a smaller part of them is another benchmark


class ScoreTable(BaseModel):
    """A published table: its address, its protocol in words and as settings, the number of problems
    of each benchmark, and scores in % by model and benchmark. `max_new_tokens` is None where the
    source does not say it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    protocol: str
    prompt_format: str
    dtype: str
    max_new_tokens: int | None = None
    problems: dict[str, int]
    scores: dict[str, dict[str, float]]


class Baseline(BaseModel):
    """A published score of the base model (a share of problems) beside the problems that it solves
    here.

    `low` and `high` are the exact binomial interval of the share that it solves, and `differs` says
    whether the published score lies outside: the difference is more than chance. `differences` are
    those of the two protocols, as parts of a sentence.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    benchmark: str
    published: float
    passes: int
    n_problems: int
    low: float
    high: float
    differs: bool
    differences: list[str]
    protocol: str
    url: str


def score_tables() -> list[ScoreTable]:
    """The published tables that come with the project."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [ScoreTable.model_validate(row) for row in rows]


def baselines(base: Evaluation, confidence: float) -> list[Baseline]:
    """The published scores of a base model on the benchmarks on which it was evaluated greedily.

    Args:
        confidence: of the intervals.
    """
    if not base.protocol or base.protocol["generation"].get("temperature") != 0:
        return []
    solved = _solved(base)
    return [
        _baseline(table, benchmark, score / 100, *solved[benchmark], base.protocol, confidence)
        for table in score_tables()
        for benchmark, score in table.scores.get(base.protocol["model"]["id"], {}).items()
        if benchmark in solved and solved[benchmark][1] >= LEAST * table.problems[benchmark]
    ]


def _solved(base: Evaluation) -> dict[str, tuple[int, int]]:
    """The problems that a model solves, and all problems, by benchmark."""
    by_source: dict[str, tuple[int, int]] = {}
    for source in dict.fromkeys(result.source for result in base.problems):
        results = [result for result in base.problems if result.source == source]
        passes = sum(result.labels[0] == PASS for result in results)
        by_source[source] = passes, len(results)
        if source in BASE_TESTS:
            fragile = sum(0 in result.fragile for result in results)
            by_source.setdefault(BASE_TESTS[source], (passes + fragile, len(results)))
    return by_source


def _baseline(
    table: ScoreTable,
    benchmark: str,
    published: float,
    passes: int,
    n_problems: int,
    protocol: Mapping[str, Any],
    confidence: float,
) -> Baseline:
    interval = binomtest(passes, n_problems).proportion_ci(confidence, method="exact")
    return Baseline(
        benchmark=benchmark,
        published=published,
        passes=passes,
        n_problems=n_problems,
        low=interval.low,
        high=interval.high,
        differs=not interval.low <= published <= interval.high,
        differences=[*_differences(table, benchmark, n_problems, protocol)],
        protocol=table.protocol,
        url=table.url,
    )


def _differences(
    table: ScoreTable, benchmark: str, n_problems: int, protocol: Mapping[str, Any]
) -> Iterator[str]:
    limit = protocol["generation"].get("max_new_tokens")
    for what, here, there in (
        ("the prompt format", protocol["prompt_format"], table.prompt_format),
        ("the number format", protocol["engine"].get("dtype"), table.dtype),
        ("the limit of new tokens", limit, table.max_new_tokens),
        ("the number of problems", n_problems, table.problems[benchmark]),
    ):
        if here is not None and there is not None and here != there:
            yield f"{what} ({here} here, {there} there)"
    yield "the time limits of the tests"
