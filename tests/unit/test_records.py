from pathlib import Path

import pytest
from builders import write_lines
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.labels import Label
from failpairs.records import Pair, Problem, Sample
from failpairs.storage.files import dump_row, read_jsonl
from pydantic import BaseModel, ValidationError

PROBLEM = dict.fromkeys(
    ["task_id", "prompt", "entry_point", "test", "reference", "source", "license"], "x"
)
SAMPLE = {"task_id": "t", "sample_index": 0, "completion": "x"}
VERDICT = {"task_id": "t", "sample_index": 0, "label": "PASS"}
PAIR = {
    **dict.fromkeys(["prompt", "chosen", "rejected", "task_id"], "x"),
    **{
        "chosen_index": 0,
        "rejected_index": 1,
        "rejected_label": "TIMEOUT",
        "similarity": 0.5,
        "length_ratio": 1.0,
    },
}


@pytest.mark.parametrize(
    ("model", "row", "written"),
    [
        (Problem, PROBLEM, "task_id prompt entry_point test reference source license"),
        (
            Sample,
            SAMPLE,
            "task_id sample_index completion finish_reason n_tokens sum_logprob seed",
        ),
        (
            ExecLabel,
            VERDICT,
            "task_id sample_index label exception message raised_in line tests_passed "
            "tests_total verified fragile runs cpu_s wall_s max_rss_mb",
        ),
        (
            Pair,
            PAIR,
            "prompt chosen rejected task_id chosen_index rejected_index rejected_label "
            "similarity length_ratio",
        ),
    ],
    ids=["problem", "sample", "verdict", "pair"],
)
def test_a_row_is_written_with_the_documented_fields(
    model: type[BaseModel], row: dict[str, object], written: str
) -> None:
    assert list(model.model_validate(row).model_dump()) == written.split()


@pytest.mark.parametrize(
    ("model", "row", "change"),
    [
        (Problem, PROBLEM, {"task_id": ""}),
        (Problem, PROBLEM, {"prompt": ""}),
        (Problem, PROBLEM, {"surplus": "x"}),
        (Sample, SAMPLE, {"sample_index": -1}),
        (Sample, SAMPLE, {"sample_index": "0"}),
        (Sample, SAMPLE, {"sample_index": True}),
        (Sample, SAMPLE, {"sample_index": 0.0}),
        (Sample, SAMPLE, {"completion": b"x"}),
        (Sample, SAMPLE, {"finish_reason": "EOS"}),
        *((ExecLabel, VERDICT, {"label": label}) for label in ("", "pass", "OTHER", 1, None, [])),
        (Pair, PAIR, {"rejected_label": ""}),
        (ExecLabel, VERDICT, {"tests_passed": -1}),
        (ExecLabel, VERDICT, {"raised_in": "harness"}),
        (ExecLabel, VERDICT, {"cpu_s": "0.1"}),
        (Pair, PAIR, {"similarity": None}),
    ],
)
def test_a_wrong_value_is_refused_and_not_converted(
    model: type[BaseModel], row: dict[str, object], change: dict[str, object]
) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate({**row, **change})
    assert [error["loc"] for error in caught.value.errors()] == [tuple(change)]


@pytest.mark.parametrize("text", ["", "\ud800", "\0", "\r\n\u2028"])
def test_whatever_a_model_writes_is_kept_as_it_is(text: str) -> None:
    assert Sample.model_validate({**SAMPLE, "completion": text}).completion == text


def test_a_label_is_read_from_its_name_and_written_as_it() -> None:
    row = ExecLabel.model_validate(VERDICT)
    assert row.label is Label.PASS
    assert dump_row(row).startswith('{"task_id": "t", "sample_index": 0, "label": "PASS", ')


def test_an_unknown_label_is_refused_with_file_line_and_field(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    write_lines(path, VERDICT, {**VERDICT, "label": "OTHER"})
    with pytest.raises(InputError) as caught:
        list(read_jsonl(path, ExecLabel))
    assert str(caught.value) == (
        f"{path}:2: field 'label': value error, expected a label of those in docs/file-formats.md"
    )


def test_optional_fields_of_a_problem_are_written_where_they_say_something() -> None:
    said = {"kind": "program", "plus_test": "x", "released": "2024-01-31"}
    assert Problem.model_validate({**PROBLEM, **said}).model_dump() == {**PROBLEM, **said}
    plain = {"kind": "function", "plus_test": "", "released": ""}
    assert Problem.model_validate({**PROBLEM, **plain}).model_dump() == PROBLEM


def test_a_row_cannot_be_changed() -> None:
    sample = Sample.model_validate(SAMPLE)
    with pytest.raises(ValidationError, match="frozen"):
        sample.completion = "other"
