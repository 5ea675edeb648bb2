"""What the first screen says in few words."""

import numpy as np
import pytest
from execution_builders import an_evaluation
from failpairs.labels import Label
from failpairs.report.in_short import (
    in_short,
    interval_bar,
    told_at_once,
    what_was_measured,
    where_it_went,
)
from failpairs.statistics.effects import Effect, Role, measure
from report_builders import CRITERIA, MIXED, reported


def worsening(metric: Label, role: Role, p: float) -> Effect:
    """A mode that most problems of the tuned models have and none of the base model."""
    before, after = np.zeros((1, 40), int), np.ones((1, 40), int)
    effect = measure(metric, role, before, after, 1, CRITERIA)
    return effect.model_copy(update={"p": p, "p_corrected": p, "verdict": "worsened"})


def test_whatever_changed_beyond_chance_stands_in_the_answer() -> None:
    _, statistics = reported(MIXED)
    rare = worsening(Label.SYNTAX_ERROR, "exploratory", 0.001)
    better = rare.model_copy(update={"verdict": "improved", "metric": Label.KEY_ERROR})
    none = rare.model_copy(update={"verdict": "not distinguishable", "metric": Label.EXIT})
    source = rare.model_copy(update={"subject": "Pass@1 on MBPP", "metric": Label.PASS})
    changed = statistics.model_copy(
        update={"modes": [*statistics.modes, rare, better, none], "sources": {"MBPP": source}}
    )
    told = told_at_once(changed)
    assert [e for e in told if e.role != "declared"] == [rare, better, source]
    assert [e for e in told if e.role == "declared"] == [
        mode for mode in statistics.modes if mode.role == "declared"
    ]


def test_a_mode_says_where_its_problems_went() -> None:
    labels = [Label.PASS, Label.NAME_ERROR, Label.SYNTAX_ERROR, Label.TIMEOUT, Label.EXIT]
    table = [[9.0, 0, 0, 0, 0], [19, 42, 14, 1, 1.5], [0, 0, 3, 0, 0], [0] * 5, [1, 0, 0, 1, 1]]
    _, statistics = reported(MIXED)
    given = statistics.model_copy(update={"labels": labels, "mean_transitions": table})

    def told(label: Label) -> str:
        return where_it_went(worsening(label, "declared", 0.5), given)

    assert told(Label.NAME_ERROR) == (
        "Of those in the base model, 42 still end so, 19 pass, 14 are now SYNTAX_ERROR, "
        "1.50 are now EXIT, the others fail otherwise."
    )
    assert told(Label.EXIT) == (
        "Of those in the base model, 1 still ends so, 1 passes, 1 is now TIMEOUT."
    )
    assert told(Label.SYNTAX_ERROR) == told(Label.TIMEOUT) == told(Label.MEMORY_LIMIT) == ""


@pytest.mark.parametrize(
    ("low", "change", "high"), [(-0.02, 0.01, 0.04), (0.01, 0.03, 0.05), (-0.05, -0.05, -0.05)]
)
def test_the_bar_shows_whether_the_interval_reaches_zero(
    low: float, change: float, high: float
) -> None:
    effect = worsening(Label.PASS, "primary", 0.5)
    bar = interval_bar(effect.model_copy(update={"low": low, "change": change, "high": high}))
    assert 0 < min(bar.zero, bar.low) <= bar.change <= max(bar.zero, bar.high) < 1
    assert (bar.low < bar.zero < bar.high) == (low < 0 < high)


def test_each_verdict_has_words_of_its_own() -> None:
    effect = worsening(Label.PASS, "primary", 0.5)
    names = ("improved", "worsened", "equivalent", "not distinguishable")
    words = {in_short(effect.model_copy(update={"verdict": name}), CRITERIA) for name in names}
    assert len(words) == 4
    assert all(len(text.split()) <= 6 for text in words)
    assert "No change beyond ±2 points" in words


def test_one_line_says_what_was_measured() -> None:
    one = an_evaluation(["PASS", "TIMEOUT"])
    source = next(iter(one.by_source))
    assert what_was_measured("some/model", one, {"seed0": one}, 1) == (
        f"some/model: 2 problems of {source}, 1 sample per problem, 1 tuned model, 1 pair"
    )
    assert what_was_measured("a", one, {"b": one, "c": one}, 0).endswith("2 tuned models")
