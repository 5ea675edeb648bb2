"""The workflow where the recipe is chosen by measurement."""

import json
from typing import Any

import pytest
from conftest import Project

ADAPTER = "results/test/adapters/seed1/adapter_model.safetensors"
TRIED = {"train_candidate": 2, "sample_candidate": 3, "execute_candidate": 3, "tune": 1}


def samples(finished: Project, name: str) -> dict[tuple[str, int], dict[str, Any]]:
    """The samples of a file, by problem and number."""
    lines = (finished.results / name).read_text(encoding="utf-8").splitlines()
    return {(row["task_id"], row["sample_index"]): row for row in map(json.loads, lines)}


def test_the_recipe_that_did_best_on_held_out_training_problems_is_used(finished: Project) -> None:
    finished.edit("config/test.yaml", "learning_rate: 1.0e-3", "learning_rate: [1.0e-5, 1.0e-3]")
    assert finished.planned(ADAPTER) == {**TRIED, "train": 1}
    done = finished.snakemake(ADAPTER)
    assert done.returncode == 0, done.stdout + done.stderr
    tuning = value(finished, "tuning.json")
    rates = [each["values"]["learning_rate"] for each in tuning["candidates"]]
    assert rates == [1e-5, 1e-3]
    assert all(each["gain"] is not None for each in tuning["candidates"])
    aside = (finished.results / "held_out_problems.jsonl").read_text(encoding="utf-8").splitlines()
    assert (tuning["n_problems"], tuning["n_samples"]) == (len(aside), 8)
    # The base model draws for the held-out problems what it drew for all of them.
    drawn, again = (
        samples(finished, "samples.jsonl"),
        samples(finished, "tuning/base/samples.jsonl"),
    )
    assert again
    for key, row in again.items():
        # Rounded, the sum may differ in its last place, since other samples stood in the batch.
        near = pytest.approx(row["sum_logprob"], abs=2e-4)
        assert drawn[key] == {**row, "sum_logprob": near}
    rate = rates[tuning["chosen"]]
    said = f"this one was chosen on held-out training problems: learning_rate {rate}"
    assert said in done.stdout
    card = (finished.results / "adapters/seed1/README.md").read_text(encoding="utf-8")
    assert f"| learning_rate | {rate} |" in card
    if rate == 1e-3:  # what the finished run was trained with
        assert finished.planned("results/test/tuning.json") == {}
    # Another evaluation set tries nothing again, and other candidates do.
    problems = finished.folder / "resources/micro-eval.jsonl"
    problems.write_text("".join(problems.open(encoding="utf-8").readlines()[:-1]), encoding="utf-8")
    assert {*TRIED, "train"}.isdisjoint(finished.planned(ADAPTER))
    finished.edit("config/test.yaml", "[1.0e-5, 1.0e-3]", "[1.0e-4, 1.0e-3]")
    assert finished.planned(ADAPTER) == {
        **{"train_candidate": 1, "sample_candidate": 1, "execute_candidate": 1},
        **{"tune": 1, "train": 1},
    }


def value(project: Project, name: str) -> Any:
    return json.loads((project.results / name).read_text(encoding="utf-8"))
