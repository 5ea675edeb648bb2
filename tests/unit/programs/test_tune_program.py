"""The program `tune.py`: candidates are compared by their curves and by labels of samples."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from builders import write_lines
from failpairs.exec_labels import ExecLabel
from failpairs.training.tuning import Tuning
from places import SCRIPTS

CANDIDATES = [{"learning_rate": 1e-4}, {"learning_rate": 3e-4}]


def labels(*found: str) -> list[dict[str, Any]]:
    """Two samples of each problem."""
    return [
        ExecLabel(task_id=f"t/{place // 2}", sample_index=place % 2, label=label).model_dump()
        for place, label in enumerate(found)
    ]


def tune(folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    write_lines(folder / "held_out.jsonl")
    for number, change in enumerate((0.01, -0.005)):
        write_lines(
            folder / f"curve{number}", {"step": 0}, {"step": 9, "held_out_chosen_change": change}
        )
    command = [sys.executable, str(SCRIPTS / "tune.py"), "--candidates", json.dumps(CANDIDATES)]
    command += ["--curves", "curve0", "curve1", "--labels", *files]
    command += ["--held-out", "held_out.jsonl", "--output", "tuning.json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_candidate_whose_samples_pass_more_often_is_chosen(tmp_path: Path) -> None:
    write_lines(tmp_path / "base", *labels("PASS", "TIMEOUT", "TIMEOUT", "TIMEOUT"))
    write_lines(tmp_path / "0", *labels("PASS", "PASS", "TIMEOUT", "TIMEOUT"))
    write_lines(tmp_path / "1", *labels("PASS", "PASS", "PASS", "TIMEOUT"))
    done = tune(tmp_path, "base", "0", "1")
    assert done.returncode == 0, done.stderr
    assert "this one was chosen on held-out training problems: learning_rate 0.0003" in done.stdout
    made = Tuning.model_validate_json((tmp_path / "tuning.json").read_text(encoding="utf-8"))
    assert (made.chosen, made.n_problems, made.n_samples) == (1, 2, 2)
    assert made.base_pass_rate == 0.25
    assert [each.gain for each in made.candidates] == [0.25, 0.5]


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        (["base"], "--labels: expected 3 files, of the base model and of each candidate, not 1"),
        (["base", "base", "fewer"], "base, base, fewer: labels of different samples"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(
    tmp_path: Path, files: list[str], fault: str
) -> None:
    write_lines(tmp_path / "base", *labels("PASS", "TIMEOUT"))
    write_lines(tmp_path / "fewer", *labels("PASS"))
    done = tune(tmp_path, *files)
    assert (done.returncode, done.stderr) == (2, f"error: {fault}\n")
