"""The recipes of the README for your own model and problems, to a report; those for pairs,
adapters and samples are run by the tests of these."""

import json
import shutil

from conftest import Project
from recipes import recipes, with_recipe


def test_the_readme_has_five_recipes() -> None:
    names = ["my-model", "my-problems", "my-samples", "my-pairs", "my-adapter"]
    assert [*recipes()] == [f"{name}.yaml" for name in names]


def test_a_model_and_problems_of_ones_own_come_to_a_report(finished: Project) -> None:
    for split in ("train", "eval"):
        problems = finished.results / f"problems/{split}.jsonl"
        shutil.copy(problems, finished.folder / f"my-{split}.jsonl")
    done = finished.run(*with_recipe(finished, "my-model.yaml", "my-problems.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr
    mine = finished.folder / "results/my-problems"
    stats = json.loads((mine / "stats.json").read_text(encoding="utf-8"))
    assert stats["seeds"] == ["seed0", "seed1", "seed2"]
    assert (mine / "report.html").exists()
    samples = "samples.jsonl"
    assert (mine / samples).read_bytes() == (finished.results / samples).read_bytes()
