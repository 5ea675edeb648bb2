"""The workflow on preference pairs that are there already."""

import json
from pathlib import Path

from conftest import Project, job_counts
from failpairs.storage.files import sha256_file
from recipes import with_recipe

PLANNED = {
    "prepare_model": 1,
    "prepare_eval_problems": 1,
    "try_eval_problems": 1,
    "trust_problems": 1,
    "import_pairs": 1,
    "reference": 1,
    "train": 2,
    "sample_eval": 3,
    "execute_eval": 3,
    "evaluate": 3,
    "export": 1,
    "report": 1,
}
RESULTS = "results/my-pairs"


def test_pairs_of_another_run_train_the_same_adapters(finished: Project) -> None:
    mine = finished.folder / "my-pairs.jsonl"
    lines = [
        line
        for name in ("pairs.jsonl", "held_out_pairs.jsonl")
        for line in (finished.results / name).read_text(encoding="utf-8").splitlines()
    ]
    same = {**json.loads(lines[0]), "rejected": json.loads(lines[0])["chosen"]}
    mine.write_text("\n".join([json.dumps(same), *lines]), encoding="utf-8")
    command = with_recipe(finished, "my-pairs.yaml")
    planned = finished.run(*command, "--dry-run")
    assert job_counts(planned.stdout + planned.stderr) == PLANNED
    done = finished.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    left_out = f"1 of {len(lines) + 1} pairs are left out: both sides are identical (row 1)"
    assert left_out in done.stdout
    own = finished.folder / RESULTS
    for name in (
        "pairs.jsonl",
        "held_out_pairs.jsonl",
        "adapters/seed0/adapter_model.safetensors",
        "adapters/seed1/train_log.jsonl",
    ):
        assert (own / name).read_bytes() == (finished.results / name).read_bytes()
    page = (own / "report.html").read_text(encoding="utf-8")
    assert "<h1>What did the pairs fix?</h1>" in page
    assert "row 1: both sides are identical" in page
    assert sha256_file(mine) in page
    assert not (own / "figures" / "arms.svg").exists()  # there is none
    assert "Dose and response" in page
    assert not (own / "samples.jsonl").exists()


def test_a_conversation_needs_the_chat_format(finished: Project) -> None:
    turns = [{"role": "user", "content": "Do it."}]
    sides = {name: [{"role": "assistant", "content": name * 9}] for name in ("chosen", "rejected")}
    mine = finished.folder / "my-pairs.jsonl"
    mine.write_text(json.dumps({"prompt": turns, **sides}), encoding="utf-8")
    command = with_recipe(finished, "my-pairs.yaml")
    setting = ("--config", "model={prompt_format: completion}")
    done = finished.run(*command, f"{RESULTS}/pairs.jsonl", *setting)
    assert done.returncode != 0
    assert "my-pairs.jsonl:1: a conversation: set model.prompt_format" in said(finished.folder)


def said(folder: Path) -> str:
    return (folder / RESULTS / "logs" / "import_pairs.log").read_text(encoding="utf-8")
