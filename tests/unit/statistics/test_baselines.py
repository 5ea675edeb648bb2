"""Published scores beside those of a run, with known answers."""

from typing import Any

import pytest
from execution_builders import PROTOCOL, an_evaluation, passes
from failpairs.models.prompts import FORMATS
from failpairs.problems.sources import SOURCES
from failpairs.statistics.baselines import BASE_TESTS, Baseline, baselines, score_tables
from failpairs.statistics.evaluation import Evaluation

MODEL = "Qwen/Qwen2.5-Coder-3B-Instruct"
AS_PUBLISHED = {
    "model": {**PROTOCOL["model"], "id": MODEL},
    "prompt_format": "qwen",
    "engine": {"name": "vllm", "dtype": "bfloat16"},
}


def evaluated(
    count: int, total: int = 164, source: str = "humanevalplus", fragile: int = 0, **protocol: Any
) -> Evaluation:
    """The base model solves some problems, and some of the others but for additional tests."""
    one = an_evaluation(passes(count, total), protocol={**PROTOCOL, **AS_PUBLISHED, **protocol})
    on_base_tests = range(count, count + fragile)
    problems = [
        result.model_copy(
            update={"source": source, "fragile": [0] if place in on_base_tests else []}
        )
        for place, result in enumerate(one.problems)
    ]
    return one.model_copy(update={"problems": problems})


def known(evaluation: Evaluation) -> dict[str, Baseline]:
    return {each.benchmark: each for each in baselines(evaluation, 0.95)}


def test_the_file_names_benchmarks_and_formats_that_there_are() -> None:
    names = {source.name for source in SOURCES} | {*BASE_TESTS.values()}
    for table in score_tables():
        assert table.prompt_format in FORMATS
        assert table.url.startswith("https://")
        for scores in table.scores.values():
            assert scores.keys() <= table.problems.keys() <= names
            assert all(0 < score < 100 for score in scores.values())
            for plus, base in BASE_TESTS.items():  # additional tests only take passes away
                assert scores.get(plus, 0) <= scores.get(base, 0)


def test_a_score_like_the_published_one_is_within_chance() -> None:
    found = known(evaluated(132, fragile=6))
    assert found.keys() == {"humaneval", "humanevalplus"}
    assert found["humaneval"].passes == 138
    one = found["humanevalplus"]
    assert (one.passes, one.n_problems, one.published) == (132, 164, 0.805)
    # The interval of Clopper and Pearson for 132 of 164.
    assert (one.low, one.high) == pytest.approx((0.73586, 0.86254), abs=1e-5)
    assert not one.differs
    assert one.differences == ["the time limits of the tests"]


@pytest.mark.parametrize(
    ("count", "differs"), [(120, True), (122, False), (140, False), (143, True)]
)
def test_a_score_outside_of_the_interval_differs(count: int, differs: bool) -> None:
    assert known(evaluated(count))["humanevalplus"].differs is differs


def test_the_differences_of_the_protocols_are_named() -> None:
    one = known(
        evaluated(
            200, 378, "mbppplus", prompt_format="chat", engine={"name": "vllm", "dtype": "float32"}
        )
    )["mbppplus"]
    assert one.differences == [
        "the prompt format (chat here, qwen there)",
        "the number format (float32 here, bfloat16 there)",
        "the number of problems (378 here, 399 there)",
        "the time limits of the tests",
    ]


@pytest.mark.parametrize(
    ("model", "prompt_format", "limit"),
    [(MODEL, "qwen", 2048), ("Qwen/Qwen2.5-Coder-1.5B", "completion", 768)],
)
def test_another_limit_of_tokens_is_a_difference(
    model: str, prompt_format: str, limit: int
) -> None:
    differences = {}
    for here in (limit, 512):
        generation = {**PROTOCOL["generation"], "max_new_tokens": here}
        identity = {**PROTOCOL["model"], "id": model}
        found = evaluated(132, generation=generation, model=identity, prompt_format=prompt_format)
        differences[here] = known(found)["humanevalplus"].differences
    assert differences == {
        limit: ["the time limits of the tests"],
        512: [
            f"the limit of new tokens (512 here, {limit} there)",
            "the time limits of the tests",
        ],
    }


def test_a_limit_that_was_not_published_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = [table.model_copy(update={"max_new_tokens": None}) for table in score_tables()]
    monkeypatch.setattr("failpairs.statistics.baselines.score_tables", lambda: unknown)
    generation = {**PROTOCOL["generation"], "max_new_tokens": 512}
    one = known(evaluated(132, generation=generation))["humanevalplus"]
    assert one.differences == ["the time limits of the tests"]


@pytest.mark.parametrize(
    "evaluation",
    [
        evaluated(132, model={**PROTOCOL["model"], "id": "some/model"}),
        evaluated(132, source="starter"),
        evaluated(40, 50),
        evaluated(132, generation={"n_samples": 1, "temperature": 0.8, "top_p": 1.0}),
        an_evaluation(passes(132, 164), protocol={}),
    ],
    ids=["another model", "another benchmark", "a part", "not greedy", "of another tool"],
)
def test_nothing_is_said_where_no_score_is_comparable(evaluation: Evaluation) -> None:
    assert known(evaluation) == {}
