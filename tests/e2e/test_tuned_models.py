"""The workflow on tuned models that are there already."""

import json
from pathlib import Path
from typing import Any

import yaml
from conftest import Project, job_counts

PLANNED = {
    "prepare_model": 1,
    "prepare_tuned": 2,
    "prepare_eval_problems": 1,
    "try_eval_problems": 1,
    "trust_problems": 1,
    "sample_eval": 3,
    "execute_eval": 3,
    "evaluate": 3,
    "export": 1,
    "report": 1,
}


def read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def test_own_adapters_are_evaluated_like_those_of_a_run_and_nothing_is_trained(
    finished: Project,
) -> None:
    config = yaml.safe_load((finished.folder / "config/test.yaml").read_text(encoding="utf-8"))
    config["pathvars"]["results"] = "results/own"
    config["tuned"] = {
        "mine": "results/test/adapters/seed0",
        "theirs": "results/test/adapters/seed1",
    }
    (finished.folder / "config/own.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    command = ("snakemake", "--cores", "2", "--configfile", "config/own.yaml")
    planned = finished.run(*command, "--dry-run")
    assert job_counts(planned.stdout + planned.stderr) == PLANNED
    done = finished.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    own = finished.folder / "results" / "own"
    for name, seed in (("base", "base"), ("mine", "seed0"), ("theirs", "seed1")):
        ours, theirs = (
            read(path)
            for path in (own / f"eval/{name}.json", finished.results / f"eval/{seed}.json")
        )
        assert ours["problems"] == theirs["problems"]
        assert ours["protocol"] == theirs["protocol"]
    assert read(own / "stats.json")["seeds"] == ["mine", "theirs"]
    page = (own / "report.html").read_text(encoding="utf-8")
    assert "<h1>What changed?</h1>" in page
    assert "seed0" not in page.replace("results/test/adapters/seed0", "")
    assert not (own / "samples.jsonl").exists()
