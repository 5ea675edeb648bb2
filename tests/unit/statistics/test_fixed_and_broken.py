import pytest
from execution_builders import a_failure_pair, an_evaluation
from failpairs.errors import InputError
from failpairs.report.exports import FAILURE_COLUMNS, failure_rows
from failpairs.statistics.fixed_and_broken import doses, movements

BASE = an_evaluation(["TIMEOUT", "NAME_ERROR", "PASS", "STUB", "PASS"])
SEEDS = {
    "seed0": an_evaluation(["PASS", "PASS", "TIMEOUT", "EMPTY", "PASS"]),
    "seed1": an_evaluation(["PASS", "NAME_ERROR", "PASS", "STUB", "PASS"]),
}


def test_fixed_and_broken_problems_are_told_apart_by_how_many_seeds_moved_them() -> None:
    found = [(m.task_id, m.kind, m.seeds, m.base, m.tuned) for m in movements(BASE, SEEDS)]
    assert found == [
        (
            "t/0",
            "fixed in all",
            ["seed0", "seed1"],
            "TIMEOUT",
            {"seed0": "PASS", "seed1": "PASS"},
        ),
        (
            "t/1",
            "fixed in some",
            ["seed0"],
            "NAME_ERROR",
            {"seed0": "PASS", "seed1": "NAME_ERROR"},
        ),
        ("t/2", "broken", ["seed0"], "PASS", {"seed0": "TIMEOUT", "seed1": "PASS"}),
    ]


def test_a_dose_is_the_pairs_that_aimed_at_a_mode() -> None:
    pairs = [a_failure_pair(label) for label in ("STUB", "TIMEOUT", "STUB")]
    found = [(d.label, d.n_pairs, d.rows, d.change) for d in doses(pairs, {"TIMEOUT": -0.2})]
    assert found == [("TIMEOUT", 1, [1], -0.2), ("STUB", 2, [0, 2], 0.0)]


def test_a_pair_with_a_label_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="'rejected_label': 'OTHER' is none of EMPTY, "):
        doses([a_failure_pair("STUB").model_copy(update={"rejected_label": "OTHER"})], {})


def test_every_model_has_a_row_for_every_problem() -> None:
    rows = [
        dict(zip(FAILURE_COLUMNS, row, strict=True))
        for row in failure_rows(BASE, {"curated": SEEDS, "sft": {"seed0": SEEDS["seed1"]}})
    ]
    assert len(rows) == 4 * 5
    assert rows[0] == {
        "arm": "",
        "model": "base",
        "task_id": "t/0",
        "source": "test",
        "label": "TIMEOUT",
        "passed": 0,
        "n_samples": 1,
        "base_label": "TIMEOUT",
        "transition": "same",
    }
    seed0 = [
        row["transition"] for row in rows if (row["arm"], row["model"]) == ("curated", "seed0")
    ]
    assert seed0 == ["fixed", "fixed", "broken", "fails otherwise", "same"]
    assert {row["model"] for row in rows if row["arm"] == "sft"} == {"seed0"}
