from pathlib import Path

import pytest
from failpairs.storage.shards import shard_files, shard_pattern


@pytest.mark.parametrize("count", [1, 2, 12])
@pytest.mark.parametrize("suffix", ["jsonl", "meta.json", "tsv"])
def test_a_pattern_stands_for_all_shards_of_its_count(count: int, suffix: str) -> None:
    folder = Path("results/1-of-2/shards")  # not every such name is a shard's
    shards = [folder / f"{number}-of-{count}.{suffix}" for number in range(1, count + 1)]
    pattern = shard_pattern([str(shard) for shard in shards])
    assert pattern == f"results/1-of-2/shards/*-of-{count}.{suffix}"
    assert shard_files(Path(pattern)) == shards


@pytest.mark.parametrize("name", ["1-of-3.jsonl", "samples.jsonl", "*.jsonl", "*-of-n.jsonl"])
def test_another_path_stands_for_itself(name: str) -> None:
    assert shard_files(Path("results") / name) == [Path("results") / name]
