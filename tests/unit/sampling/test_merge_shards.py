from pathlib import Path

import pytest
from builders import write_lines
from execution_builders import a_sample
from failpairs.errors import InputError
from failpairs.records import Sample
from failpairs.sampling.merge_shards import merge_shards
from failpairs.storage.files import read_jsonl, write_jsonl
from hypothesis import given, settings
from hypothesis import strategies as st


def merged(shards: list[Path], task_ids: list[str]) -> str:
    return "".join(merge_shards(shards, task_ids))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    texts=st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=3), min_size=1, max_size=7),
    count=st.integers(1, 9),
)
def test_shards_merge_into_the_file_of_a_run_without_shards(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]], count: int
) -> None:
    folder = tmp_path_factory.mktemp("shards")
    names = [f"t/{number}" for number in range(len(texts))]
    samples = {
        name: [a_sample(text, name, index) for index, text in enumerate(some)]
        for name, some in zip(names, texts, strict=True)
    }
    write_jsonl(folder / "whole.jsonl", [row for name in names for row in samples[name]])
    shards = [folder / f"{number}-of-{count}.jsonl" for number in range(1, count + 1)]
    for number, shard in enumerate(shards):
        write_jsonl(shard, [row for name in names[number::count] for row in samples[name]])
    # In whatever order the shards are given.
    assert merged(shards[::-1], names) == (folder / "whole.jsonl").read_text(encoding="utf-8")


def test_odd_texts_are_kept_to_the_byte(tmp_path: Path) -> None:
    rows = [a_sample("\ud800 \u2028 é", "t/0", 0, sum_logprob=-0.1), a_sample("", "t/0", 1)]
    write_jsonl(tmp_path / "1-of-1.jsonl", rows)
    (tmp_path / "out.jsonl").write_text(merged([tmp_path / "1-of-1.jsonl"], ["t/0"]))
    assert list(read_jsonl(tmp_path / "out.jsonl", Sample)) == rows


@pytest.mark.parametrize(
    ("one", "other"), [([("t/0", 0), ("t/0", 0)], []), ([("t/0", 0)], [("t/0", 0)])]
)
def test_a_sample_that_occurs_twice_is_refused(
    tmp_path: Path, one: list[tuple[str, int]], other: list[tuple[str, int]]
) -> None:
    shards = [tmp_path / "1-of-2.jsonl", tmp_path / "2-of-2.jsonl"]
    for shard, keys in zip(shards, (one, other), strict=True):
        write_jsonl(shard, [a_sample("x", *key) for key in keys])
    with pytest.raises(InputError, match=r"-of-2\.jsonl:\d: sample 0 of 't/0' occurs twice"):
        merged(shards, ["t/0"])


def test_samples_of_an_unknown_problem_are_refused(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", [a_sample("x", "t/9")])
    with pytest.raises(InputError, match=r"a\.jsonl:1: 't/9' is not among"):
        merged([tmp_path / "a.jsonl"], ["t/0"])


def test_a_malformed_row_is_named(tmp_path: Path) -> None:
    row = a_sample("x").model_dump()
    write_lines(tmp_path / "a.jsonl", row, {**row, "sample_index": -1})
    with pytest.raises(InputError, match=r"a\.jsonl:2: field 'sample_index'"):
        merged([tmp_path / "a.jsonl"], ["t/0"])


def test_a_shard_that_is_missing_or_cut_short_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.jsonl: no such file"):
        merged([tmp_path / "a.jsonl"], ["t/0"])
    write_jsonl(tmp_path / "a.jsonl", [a_sample("x")])
    text = (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(text.rstrip("\n"), encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.jsonl:1: the file is cut short"):
        merged([tmp_path / "a.jsonl"], ["t/0"])
