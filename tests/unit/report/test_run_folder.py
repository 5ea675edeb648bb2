"""What the report reads from the folder of a run."""

from pathlib import Path
from typing import Any

import pytest
from execution_builders import a_failure_pair, a_sample, a_verdict, an_evaluation
from failpairs.errors import InputError
from failpairs.report.run_folder import RunFolder
from failpairs.storage.files import write_json
from report_builders import write_rows


def contents(run: RunFolder) -> list[Any]:
    return [
        run.pairs,
        run.curves,
        run.trained_on,
        run.eval_problems,
        run.train_problems,
        run.timings,
        run.arm_evaluations,
        run.programs({"base": an_evaluation(["PASS"])}, ["t/0"]),
    ]


def test_missing_files_leave_their_values_empty(tmp_path: Path) -> None:
    empty = [[], {}, {}, [], [], [], {}, {}]
    assert contents(RunFolder(tmp_path, ["seed0"], benchmarks=["curate"])) == empty
    assert contents(RunFolder(None, ["seed0"])) == empty
    assert RunFolder(tmp_path, []).json("samples.meta.json") is None


def test_what_an_earlier_run_left_is_not_read(tmp_path: Path) -> None:
    for seed in ("seed0", "seed7"):
        write_rows(tmp_path / f"adapters/{seed}/train_log.jsonl", [{"step": 1}])
        for arm in ("sft", "random"):
            evaluation = an_evaluation(["PASS"]).model_dump()
            write_json(tmp_path / f"arms/{arm}/eval/{seed}.json", evaluation)
    write_rows(tmp_path / "benchmarks/train/seed7.tsv", [])
    run = RunFolder(tmp_path, ["seed0"], ["sft"], ["train/seed0"])
    assert run.curves == {"seed0": [{"step": 1}]}
    assert {arm: list(seeds) for arm, seeds in run.arm_evaluations.items()} == {"sft": ["seed0"]}
    assert run.timings == []


def test_programs_are_read_of_models_with_samples_and_labels(tmp_path: Path) -> None:
    write_rows(tmp_path / "eval/base/samples.jsonl", [a_sample("x").model_dump()])
    write_rows(tmp_path / "eval/base/exec_labels.jsonl", [a_verdict("PASS").model_dump()])
    write_rows(tmp_path / "eval/seed0/samples.jsonl", [a_sample("x").model_dump()])
    evaluations = dict.fromkeys(["base", "seed0"], an_evaluation(["PASS"]))
    found = RunFolder(tmp_path, ["seed0"]).programs(evaluations, ["t/0"])
    assert {model: list(programs) for model, programs in found.items()} == {"base": ["t/0"]}


def test_an_invalid_file_is_named(tmp_path: Path) -> None:
    row = {**a_failure_pair("TIMEOUT").model_dump(), "similarity": "high"}
    write_rows(tmp_path / "pairs.jsonl", [row])
    with pytest.raises(InputError, match=r"pairs\.jsonl:1: field 'similarity'"):
        _ = RunFolder(tmp_path, []).pairs


def test_a_missing_folder_arm_or_combination_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none: no such folder"):
        RunFolder(tmp_path / "none", [])
    for needs in ({"arms": ["sft"]}, {"crossed": True}):
        with pytest.raises(InputError, match=r"--arms, --benchmarks and --vary=both .* --results"):
            RunFolder(None, [], **needs)
    with pytest.raises(InputError, match=r"arms/sft/eval/seed0\.json: no such file"):
        _ = RunFolder(tmp_path, ["seed0"], ["sft"]).arm_evaluations
    with pytest.raises(InputError, match=r"pairs/seed0/eval/seed1\.json: no such file"):
        _ = RunFolder(tmp_path, ["seed0", "seed1"], crossed=True).crossed_evaluations
