"""What a change to a finished project runs again: exactly what depends on it."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import TEST_RUN, Project
from failpairs.storage.files import sha256_file
from invalidation_table import ARCHITECTURE, CONFIG, ROWS, Row, move_results, table


@pytest.mark.parametrize("row", [pytest.param(row, id=row.what) for row in ROWS])
def test_invalidation_is_exact(finished: Project, row: Row) -> None:
    row.change(finished)
    assert finished.planned() == row.jobs


def test_the_documentation_holds_the_table_of_invalidation() -> None:
    assert table() in ARCHITECTURE.read_text(encoding="utf-8")


@pytest.mark.parametrize("lost", ["moved", "records deleted"])
def test_invalidation_that_cannot_be_told_stops(finished: Project, lost: str) -> None:
    if lost == "moved":
        move_results(finished)
    else:
        (finished.folder / ".snakemake").rename(finished.folder / "gone")
    status, said = finished.forked("--dry-run", *TEST_RUN)
    assert status != 0
    assert "Snakemake has no record of these results" in said
    assert "--touch --forceall" in said


@pytest.mark.parametrize(
    "program", ["exit 1", "kill -9 ${FAILPAIRS_LEADER%% *}"], ids=["job fails", "run is killed"]
)
@pytest.mark.parametrize("what", ["`sampled_model.py`", "`layers.py`", "an evaluation problem"])
def test_what_was_to_run_again_and_did_not_end_still_has_to(
    finished: Project, tmp_path: Path, program: str, what: str
) -> None:
    (row,) = (row for row in ROWS if row.what == what)
    row.change(finished)
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
    python.chmod(0o755)
    snakemake = str(Path(sys.executable).with_name("snakemake"))
    done = finished.run(snakemake, *TEST_RUN, PATH=f"{python.parent}:{os.environ['PATH']}")
    assert done.returncode != 0
    assert finished.planned() == row.jobs


def test_invalidation_ends_where_a_stage_makes_the_same_again(finished: Project) -> None:
    stage = "prepare_train_problems"
    done = finished.snakemake("--forcerun", stage, "--until", stage)
    assert done.returncode == 0, done.stdout + done.stderr
    assert finished.planned() == {}


def test_invalidation_by_other_shards_ends_before_training(finished: Project) -> None:
    samples, pairs = (finished.results / name for name in ("samples.jsonl", "pairs.jsonl"))
    drawn_before, pairs_before = _drawn(samples), sha256_file(pairs)
    finished.edit(CONFIG, "shards: 2", "shards: 3")
    done = finished.snakemake("--until", "curate")
    assert done.returncode == 0, done.stdout + done.stderr
    drawn, logprobs = _drawn(samples)
    assert drawn == drawn_before[0]
    # In another batch the last bits differ, which may round the fourth decimal the other way.
    assert logprobs == pytest.approx(drawn_before[1], rel=0, abs=1.01e-4)
    assert sha256_file(pairs) == pairs_before
    # The last bits are exported.
    assert finished.planned().keys() - {"export_training"} == {"report"}


def test_invalidation_spares_training_but_the_report_names_trained_problems(
    finished: Project,
) -> None:
    train, evaluation = (finished.results / f"problems/{name}.jsonl" for name in ("train", "eval"))
    warning = "match an evaluation problem and were not dropped: 1."
    page = finished.results / "report.html"
    assert warning not in page.read_text(encoding="utf-8")
    # As if the evaluation problems had been changed to hold a training problem.
    problem = json.loads(train.read_text(encoding="utf-8").splitlines()[0])
    with evaluation.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**problem, "task_id": "other"}) + "\n")
    done = finished.snakemake("--allowed-rules", "report", "--forcerun", "report")
    assert done.returncode == 0, done.stdout + done.stderr
    assert warning in page.read_text(encoding="utf-8")


def _drawn(samples: Path) -> tuple[list[dict[str, Any]], list[float]]:
    """The rows of a samples file without their log-probabilities, and these."""
    rows = [json.loads(line) for line in samples.read_text(encoding="utf-8").splitlines()]
    return rows, [row.pop("sum_logprob") for row in rows]
