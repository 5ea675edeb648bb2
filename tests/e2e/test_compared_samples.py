"""The workflow on samples that are there already."""

import json
import shutil
from typing import Any

from conftest import Project, job_counts
from recipes import with_recipe

RESULTS = "results/my-samples"


def test_samples_are_labelled_and_compared_and_nothing_else_is_done(finished: Project) -> None:
    command = with_recipe(finished, "my-samples.yaml")
    mine = finished.folder / "my-samples"
    mine.mkdir()
    for name in ("base", "seed0", "seed1"):
        shutil.copy(finished.results / f"eval/{name}/samples.jsonl", mine / f"{name}.jsonl")
    done = finished.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert job_counts(done.stderr) == {"compare": 1}
    made = finished.folder / RESULTS / "compare"

    def stats(folder: Any) -> dict[str, Any]:
        value: dict[str, Any] = json.loads((folder / "stats.json").read_text(encoding="utf-8"))
        return value

    ours, theirs = stats(made), stats(finished.results)
    assert ours["seeds"] == ["seed0", "seed1"]
    for key in ("base_pass_at_1", "effect", "modes", "mean_transitions"):
        assert ours[key] == theirs[key]
    assert f"The report is {RESULTS}/compare/report.html" in done.stderr
    assert not (finished.folder / RESULTS / "model").exists()
    again = finished.run(*command, "--dry-run")
    assert "Nothing to be done" in again.stdout + again.stderr
    finished.edit("my-samples/seed1.jsonl", '"sample_index": 0', '"sample_index":0')
    again = finished.run(*command, "--dry-run")
    assert job_counts(again.stdout + again.stderr) == {"compare": 1}
