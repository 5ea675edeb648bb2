"""More samples of each problem extend those that a run has drawn, on demand or where pairs lack."""

import json
from collections import defaultdict
from pathlib import Path

from conftest import Project


def by_problem(samples: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in samples.read_text(encoding="utf-8").splitlines():
        found[json.loads(line)["task_id"]].append(line)
    return found


def test_more_samples_extend_the_shards(finished: Project) -> None:
    samples = finished.results / "samples.jsonl"
    before = by_problem(samples)
    finished.edit("config/test.yaml", "n_samples: 8", "n_samples: 10")
    done = finished.snakemake("results/test/samples.jsonl")
    assert done.returncode == 0, done.stdout + done.stderr
    after = by_problem(samples)
    assert {len(lines) for lines in after.values()} == {10}
    assert {task_id: lines[:8] for task_id, lines in after.items()} == before
    logs = [path.read_text(encoding="utf-8") for path in finished.results.glob("logs/sample/*.log")]
    assert len(logs) == 2
    assert all(
        f"{len(before) // 2 * 8} samples of {len(before) // 2} problems" in log for log in logs
    )


def test_too_few_pairs_draw_more_samples_of_the_same_numbers(finished: Project) -> None:
    results = finished.results
    before = by_problem(results / "samples.jsonl")
    finished.edit("config/test.yaml", "top_up: false", "top_up: true")
    finished.edit("config/test.yaml", "n_pairs: 20", "n_pairs: 60")
    done = finished.snakemake("results/test/pairs.jsonl")
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = (
        json.loads((results / f"top_up/{number}/supply.json").read_text(encoding="utf-8"))
        for number in (1, 2)
    )
    after = by_problem(results / "samples.jsonl")
    assert first["pairs"] < first["wanted"] == 60
    assert first["pairs"] < second["pairs"]
    assert {len(lines) for lines in after.values()} == {second["n_samples"]}
    assert second["n_samples"] >= first["n_samples"] > 8
    assert {task_id: lines[:8] for task_id, lines in after.items()} == before
