"""The workflow where every pair set is trained with every training seed."""

import json
from typing import Any

from conftest import Project
from failpairs.storage.files import sha256_file

CROSSED = ["eval/seed0", "pairs/seed0/eval/seed1", "pairs/seed1/eval/seed0", "eval/seed1"]


def test_pair_sets_and_training_seeds_are_crossed(finished: Project) -> None:
    finished.edit("config/test.yaml", "values: [0, 1]", "values: [0, 1]\n  vary: both")
    done = finished.snakemake()
    assert done.returncode == 0, done.stdout + done.stderr
    rates = [value(finished, f"{name}.json")["pass_at_1"] for name in CROSSED]
    split = value(finished, "stats.json")["variance_split"]
    assert split["pass_at_1"] == [rates[:2], rates[2:]]
    page = (finished.results / "report.html").read_text(encoding="utf-8")
    assert split["sentence"] in page
    # Each adapter was trained on the pairs of its folder, with the seed of its name.
    for own, seed in ((0, 1), (1, 0)):
        folder = finished.results / f"pairs/seed{own}"
        card = (folder / f"adapters/seed{seed}/README.md").read_text(encoding="utf-8")
        assert sha256_file(folder / "pairs.jsonl") in card
        assert f"with seed {seed}, in" in card
    assert finished.planned() == {}
    # A run that varied the pairs alone would have made the same files: none is made again.
    finished.edit("config/test.yaml", "vary: both", "vary: pairs")
    assert finished.planned() == {"report": 1}


def value(project: Project, name: str) -> Any:
    return json.loads((project.results / name).read_text(encoding="utf-8"))
