import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from builders import write_lines
from failpairs.errors import InputError
from failpairs.exchange.results import Passed, read_results


def results_of(folder: Path, *rows: Any) -> Passed:
    return read_results(write_lines(folder / "results.jsonl", *rows))


def lm_eval_row(task_id: str = "T/0", **fields: Any) -> dict[str, Any]:
    return {"doc": {"task_id": task_id}, **fields}


def inspect_sample(name: str | int, **scores: Any) -> dict[str, Any]:
    return {
        "id": name,
        "epoch": 1,
        "scores": {scorer: {"value": v} for scorer, v in scores.items()},
    }


@pytest.mark.parametrize(
    ("scores", "passed"),
    [
        ({"pass@1": 1.0}, [True]),
        ({"pass_at_1": 0}, [False]),
        ({"pass@10": 1.0, "pass@1": 0.0}, [False]),
        ({"pass@1": [1.0, 0.0, 1.0]}, [True, False, True]),
    ],
)
def test_of_lm_evals_scores_only_pass_at_1_counts(
    tmp_path: Path, scores: dict[str, Any], passed: list[bool]
) -> None:
    assert results_of(tmp_path, lm_eval_row(**scores)) == {"t/0": passed}


def test_of_lm_evals_filters_only_the_first_counts(tmp_path: Path) -> None:
    rows = [
        lm_eval_row(f"T/{i}", filter=name, **{"pass@1": score})
        for name, score in (("create_test", 1.0), ("none", 0.0))
        for i in range(2)
    ]
    assert results_of(tmp_path, *rows) == {"t/0": [True], "t/1": [True]}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            lm_eval_row(**{"pass@1": 0.5}),
            "field 'pass@1': 0.5: expected 0 or 1, for one sample; of several samples per problem "
            "give the samples themselves to compare.py",
        ),
        (lm_eval_row(**{"pass@1": float("nan")}), "field 'pass@1': nan: expected 0 or 1"),
        (lm_eval_row(**{"pass@1": "1"}), "field 'pass@1': '1': expected 0 or 1"),
        (lm_eval_row(**{"pass@10": 1.0, "passed_tests": 3}), "no field pass@1 or pass_at_1"),
        ({"doc": {}, "pass@1": 1}, "field 'doc.task_id': field required"),
        ({"task_id": "T/0", "passed": "False"}, "field 'passed': input should be a valid boolean"),
        ({"task_id": "T/0", "passed": None}, "field 'passed': input should be a valid boolean"),
        ({"task_id": None, "passed": True}, "field 'task_id': input should be a valid string"),
        ({"passed": True}, "field 'task_id': field required"),
        ({"task_id": "T/0", "label": "PASSED"}, "field 'label': value error, expected a label"),
        (
            {"problems": [{"task_id": "T/0", "labels": "PASS"}]},
            "field 'problems.0.labels': input should be a valid list",
        ),
        ({"eval": {"T/0": [{"status": "pass"}]}}, "field 'eval.T/0.0.base_status': field required"),
        (
            {"status": "success", "eval": {}, "samples": [inspect_sample("7", a="C", b="I")]},
            "field 'samples.0.scores': dictionary should have at most 1 item",
        ),
        (
            {"status": "success", "eval": {}, "samples": [inspect_sample("7", verify="P")]},
            "sample 7: score 'P': expected C or I, or 1 or 0",
        ),
        (
            {"status": "success", "eval": {}, "samples": [{"id": 7, "scores": None}]},
            "field 'samples.0.scores': input should be a valid dictionary",
        ),
        ({"task_id": "T/0", "label": "INFRA_ERROR"}, "a sample of 'T/0' is labelled INFRA_ERROR"),
        (
            {"problems": [{"task_id": "T/0", "labels": ["PASS", "INFRA_ERROR"]}]},
            "a sample of 'T/0' is labelled INFRA_ERROR, which says nothing about the model",
        ),
        ({"status": "started", "eval": {}}, "field 'samples': field required"),
        (
            {"question_id": "7", "graded_list": [True, 0.5]},
            "field 'graded_list.1': input should be a valid boolean",
        ),
        (
            [True],
            "no result: expected one of status, eval, problems, label, passed, doc, graded_list",
        ),
    ],
)
def test_a_bad_result_is_named(tmp_path: Path, row: Any, fault: str) -> None:
    good = {"task_id": "T/1", "passed": True}
    with pytest.raises(InputError) as caught:
        results_of(tmp_path, good, row)
    assert str(caught.value).startswith(f"{tmp_path}/results.jsonl:2: {fault}")


@pytest.mark.parametrize(
    "row",
    [
        {"problems": [{"task_id": 7, "labels": ["PASS", "STUB"]}]},
        {"eval": {"7": [{"base_status": "pass"}, {"base_status": "pass", "plus_status": "fail"}]}},
        {
            "status": "success",
            "eval": {"task": "t"},
            "samples": [inspect_sample(7, verify="C"), inspect_sample(7, verify=0.0)],
        },
        # As lcb_runner writes it, with much more in each row.
        [{"question_id": 7, "code_list": ["a", ""], "graded_list": [True, False], "pass@1": 0.5}],
    ],
)
def test_ids_may_be_numbers_and_files_gzipped(tmp_path: Path, row: Any) -> None:
    path = tmp_path / "results.json.gz"
    path.write_bytes(gzip.compress(json.dumps(row, indent=1).encode()))
    assert read_results(path) == {"7": [True, False]}


def test_the_content_of_a_file_tells_its_form_and_not_its_name(tmp_path: Path) -> None:
    rows = [{"task_id": f"T/{i}", "passed": i == 0} for i in range(2)]
    path = write_lines(tmp_path / "model.json.results.jsonl", *rows)
    assert read_results(path) == {"t/0": [True], "t/1": [False]}


@pytest.mark.parametrize("scores", [None, {}, {"verify": {"value": "C"}}])
def test_samples_of_inspect_that_ended_in_an_error_are_left_out(
    tmp_path: Path, scores: Any
) -> None:
    failed = {"id": 8, "scores": scores, "error": {"message": "timeout"}}
    good = {**inspect_sample(7, verify="C"), "error": None}
    log = {"status": "success", "eval": {}, "samples": [failed, good]}
    assert results_of(tmp_path, log) == {"7": [True]}


def test_a_file_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"results\.jsonl: no results in it"):
        results_of(tmp_path, {"problems": []})
