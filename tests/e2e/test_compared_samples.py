"""The workflow on samples that are there already."""

import json
from typing import Any

import yaml
from conftest import Project, job_counts

RESULTS = "results/compared"


def test_samples_are_labelled_and_compared_and_nothing_else_is_done(finished: Project) -> None:
    samples = [f"results/test/eval/{name}/samples.jsonl" for name in ("base", "seed0", "seed1")]
    config = yaml.safe_load((finished.folder / "config/test.yaml").read_text(encoding="utf-8"))
    config["pathvars"]["results"] = RESULTS
    config["compare"] = {"base": samples[0], "tuned": samples[1:]}
    (finished.folder / "config/own.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    command = ("snakemake", "--cores", "2", "--configfile", "config/own.yaml")
    done = finished.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert job_counts(done.stderr) == {"compare": 1}
    made = finished.folder / RESULTS / "compare"

    def stats(folder: Any) -> dict[str, Any]:
        value: dict[str, Any] = json.loads((folder / "stats.json").read_text(encoding="utf-8"))
        return value

    ours, theirs = stats(made), stats(finished.results)
    assert ours["seeds"] == ["seed0-samples", "seed1-samples"]
    for key in ("base_pass_at_1", "effect", "modes", "mean_transitions"):
        assert ours[key] == theirs[key]
    assert f"The report is {RESULTS}/compare/report.html" in done.stderr
    assert not (finished.folder / RESULTS / "model").exists()
    again = finished.run(*command, "--dry-run")
    assert "Nothing to be done" in again.stdout + again.stderr
    finished.edit(samples[2], '"sample_index": 0', '"sample_index":0')
    again = finished.run(*command, "--dry-run")
    assert job_counts(again.stdout + again.stderr) == {"compare": 1}
