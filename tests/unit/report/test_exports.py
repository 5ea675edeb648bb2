import csv
from pathlib import Path

from execution_builders import an_evaluation
from failpairs.report.exports import tables, write_figures, write_tables
from failpairs.report.outcome_figures import forest
from failpairs.statistics.comparison import Statistics, compare
from failpairs.statistics.effects import Criteria


def statistics() -> Statistics:
    base = an_evaluation(["PASS", "TIMEOUT", "NAME_ERROR"])
    seeds = {"seed0": an_evaluation(["PASS", "PASS", "STUB"])}
    criteria = Criteria(confidence=0.95, equivalence_margin=0.02)
    return compare(base, seeds, criteria, 99, seed=0, arms={"sft": seeds})


def test_every_table_is_rectangular_and_named_in_its_first_row(tmp_path: Path) -> None:
    write_tables(tmp_path, statistics())
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}.csv" for name in ("headline", "modes", "transitions", "movements", "arms")
    }
    for path in tmp_path.iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1


def test_tables_hold_what_the_statistics_do() -> None:
    found = statistics()
    head, base, seed = tables(found)["headline"]
    assert dict(zip(head, base, strict=True))["TIMEOUT"] == 1
    assert dict(zip(head, seed, strict=True)) == {
        "model": "seed0",
        "passes": 2,
        "pass_at_1": 2 / 3,
        "fixed": 1,
        "broken": 0,
        "STUB": 1,
        "NAME_ERROR": 0,
        "ASSERTION_FAIL": 0,
        "TIMEOUT": 0,
    }
    assert tables(found)["modes"][1][0] == "PASS"
    assert [row[:3] for row in tables(found)["arms"][1:3]] == [
        ["sft", "base", "PASS"],
        ["sft", "base", "NAME_ERROR"],
    ]


def test_a_figure_is_written_in_two_formats(tmp_path: Path) -> None:
    drawing = forest(statistics().effect, [], 0.95)
    write_figures(tmp_path / "new", {"arms": drawing})
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"arms.svg", "arms.png"}
    assert (tmp_path / "new/arms.svg").read_text(encoding="utf-8") == drawing.svg()


def test_figures_of_an_earlier_report_do_not_stay(tmp_path: Path) -> None:
    drawing = forest(statistics().effect, [], 0.95)
    mine = tmp_path / "mine.svg"
    mine.write_text("of somebody else", encoding="utf-8")
    write_figures(tmp_path, {"arms": drawing, "answer": drawing})
    write_figures(tmp_path, {"answer": drawing})
    assert {path.name for path in tmp_path.iterdir()} == {"answer.svg", "answer.png", "mine.svg"}
