"""What only thousands of shards show."""

import json
import shutil
from pathlib import Path

from conftest import Project

SHARDS = 5000
LONGEST_ARGUMENT = 128 * 1024  # bytes, in Linux; a shell command is one argument of `sh -c`


def write_shards(project: Project) -> list[Path]:
    """The samples of a finished run in shards, one problem each, and most of them empty."""
    samples = (project.results / "samples.jsonl").read_text(encoding="utf-8").splitlines(True)
    meta = json.loads((project.results / "samples.meta.json").read_text(encoding="utf-8"))
    shards = []
    for number in range(SHARDS):
        shard = project.results / "shards" / f"{number + 1}-of-{SHARDS}.jsonl"
        prompts = dict(list(meta["prompts"].items())[number : number + 1])
        own = [line for line in samples if json.loads(line)["task_id"] in prompts]
        shard.write_text("".join(own), encoding="utf-8")
        shard.with_suffix(".meta.json").write_text(
            json.dumps({**meta, "prompts": prompts}), encoding="utf-8"
        )
        shards.append(shard)
    return shards


def test_thousands_of_shards_are_merged_and_reported(finished: Project) -> None:
    finished.edit("config/test.yaml", "shards: 2", f"shards: {SHARDS}")
    shards = write_shards(finished)
    assert sum(len(str(path.relative_to(finished.folder))) for path in shards) > LONGEST_ARGUMENT
    timings = finished.results / "benchmarks" / "sample"
    for shard in shards:
        shutil.copy(timings / "1-of-2.tsv", timings / f"{shard.stem}.tsv")
    whole = [finished.results / name for name in ("samples.jsonl", "samples.meta.json")]
    before = [path.read_bytes() for path in whole]
    for path in whole:
        path.unlink()
    done = finished.snakemake(
        "results/test/samples.jsonl",
        "results/test/report.html",
        "--allowed-rules",
        "gather_samples",
        "report",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.read_bytes() for path in whole] == before
