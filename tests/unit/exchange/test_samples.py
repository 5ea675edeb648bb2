import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from builders import data_file, write_lines
from failpairs.errors import InputError
from failpairs.exchange.samples import iterate_samples
from failpairs.records import ForeignSample, Sample
from failpairs.storage.files import write_jsonl
from hypothesis import given, settings
from hypothesis import strategies as st


def read_samples(path: Path) -> list[Sample]:
    return list(iterate_samples(path))


def test_our_own_samples_are_read_as_they_are(tmp_path: Path) -> None:
    samples = [
        Sample(
            task_id="t",
            sample_index=index,
            completion="x",
            finish_reason="eos",
            n_tokens=3,
            sum_logprob=-1.5,
            seed=0,
        )
        for index in (4, 2)
    ]
    write_jsonl(tmp_path / "samples.jsonl", samples)
    assert read_samples(tmp_path / "samples.jsonl") == samples


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=20)), min_size=1),
    field=st.sampled_from(["completion", "solution"]),
    gzipped=st.booleans(),
)
def test_samples_of_other_tools_are_numbered_in_their_order(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], field: str, gzipped: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "others.jsonl"
    write_lines(path, *({"task_id": task_id, field: text} for task_id, text in rows))
    if gzipped:
        path.write_bytes(gzip.compress(path.read_bytes()))
    samples = read_samples(path)
    assert [(s.task_id, s.completion) for s in samples] == rows
    for task_id, count in Counter(task_id for task_id, _ in rows).items():
        assert [s.sample_index for s in samples if s.task_id == task_id] == list(range(count))


@pytest.mark.parametrize("form", ["completion", "solution"])
def test_samples_of_other_tools_may_be_read_as_answers_of_a_model(
    tmp_path: Path, form: str
) -> None:
    path = write_lines(tmp_path / "samples.jsonl", {"task_id": "t", form: "x"})
    assert list(iterate_samples(path, extract=True)) == [
        Sample(task_id="t", sample_index=0, completion="x")
    ]


def test_fields_of_other_tools_are_left_out(tmp_path: Path) -> None:
    row = {"task_id": "t", "completion": "x", "passed": True, "result": "passed"}
    (sample,) = read_samples(write_lines(tmp_path / "samples.jsonl", row))
    assert sample == ForeignSample(task_id="t", sample_index=0, completion="x", form="completion")


def test_a_completion_is_preferred_to_a_solution(tmp_path: Path) -> None:
    row = {"task_id": "t", "solution": "whole", "completion": "rest"}
    (sample,) = read_samples(write_lines(tmp_path / "samples.jsonl", row))
    assert sample.completion == "rest"


def test_numbered_and_unnumbered_rows_of_a_problem_get_different_indices(tmp_path: Path) -> None:
    rows = [
        {"task_id": "t", "sample_index": 1, "completion": "a"},
        {"task_id": "t", "completion": "b"},
    ]
    samples = read_samples(write_lines(tmp_path / "samples.jsonl", *rows))
    assert len({sample.sample_index for sample in samples}) == 2


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"task_id": "t"}, "not a sample"),
        ({"completion": "x"}, "not a sample"),
        ({"task_id": 1.5, "completion": "x"}, "field 'task_id'"),
        ({"task_id": ["t"], "completion": "x"}, "field 'task_id'"),
        ({"task_id": "t", "completion": None}, "field 'completion'"),
        ({"task_id": "t", "solution": ["x"]}, "field 'solution'"),
        ({"task_id": "t", "sample_index": -1, "completion": "x"}, "field 'sample_index'"),
        ({"task_id": "t", "sample_index": 0, "completion": "x", "pased": 1}, "field 'pased'"),
        ({"task_id": "t", "sample_index": 0}, "field 'completion'"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: dict[str, Any], fault: str) -> None:
    path = write_lines(tmp_path / "s.jsonl", {"task_id": "t", "completion": "x"}, row)
    with pytest.raises(InputError) as caught:
        read_samples(path)
    assert str(caught.value).startswith(f"{path}:2: {fault}")


def test_a_file_without_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no samples in it"):
        read_samples(write_lines(tmp_path / "samples.jsonl"))


def test_published_samples_are_read_whole() -> None:
    path = data_file("published_samples.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = [row["completion"] if "completion" in row else row["solution"] for row in rows]
    samples = read_samples(path)
    assert len(samples) == 7862
    assert [s.completion for s in samples] == texts
    assert len({(s.task_id, s.sample_index) for s in samples}) == len(samples)
