"""The workflow on tuned models that are there already."""

import json
from pathlib import Path
from typing import Any

from conftest import Project, job_counts
from recipes import with_recipe

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
    command = with_recipe(finished, "my-adapter.yaml")
    (finished.folder / "my-adapter").symlink_to(finished.results / "adapters/seed0")
    with (finished.folder / "my-adapter.yaml").open("a") as file:
        file.write("  theirs: results/test/adapters/seed1\n")
    planned = finished.run(*command, "--dry-run")
    assert job_counts(planned.stdout + planned.stderr) == PLANNED
    done = finished.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    own = finished.folder / "results" / "my-adapter"
    for name, seed in (("base", "base"), ("mine", "seed0"), ("theirs", "seed1")):
        ours, theirs = (
            read(path)
            for path in (own / f"eval/{name}.json", finished.results / f"eval/{seed}.json")
        )
        assert ours["problems"] == theirs["problems"]
        names = [each["protocol"]["model"].pop("id") for each in (ours, theirs)]
        assert names == ["models/my-model", "resources/micro-model"]
        assert ours["protocol"] == theirs["protocol"]
    assert read(own / "stats.json")["seeds"] == ["mine", "theirs"]
    page = (own / "report.html").read_text(encoding="utf-8")
    assert "<h1>What changed?</h1>" in page
    assert "seed0" not in page.replace("results/test/adapters/seed0", "")
    assert not (own / "samples.jsonl").exists()
