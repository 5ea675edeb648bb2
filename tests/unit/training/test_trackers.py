"""The tools to watch a training with: installed, and on this machine unless the user says else."""

import os
import sys
from pathlib import Path

import pytest
import train
from failpairs.errors import InputError
from failpairs.training import trackers
from failpairs.training.trackers import TRACKERS, Live


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tools, as far as anybody looks for them."""
    monkeypatch.setattr(trackers.importlib.util, "find_spec", lambda name: name)
    for variable in {variable for each in TRACKERS.values() for variable in each}:
        monkeypatch.setenv(variable, "to be restored")
        monkeypatch.delenv(variable)


@pytest.mark.usefixtures("installed")
def test_tools_write_to_one_folder_and_send_nothing(tmp_path: Path) -> None:
    Live([*TRACKERS], tmp_path / "my results/live").prepare()
    assert os.environ["WANDB_MODE"] == "offline"
    assert os.environ["WANDB_DIR"] == str(tmp_path / "my results/live")
    assert os.environ["MLFLOW_TRACKING_URI"] == f"sqlite:///{tmp_path}/my results/live/mlflow.db"
    assert os.environ["TRACKIO_DIR"] == f"{tmp_path}/my results/live/trackio"
    assert (tmp_path / "my results/live").is_dir()


@pytest.mark.usefixtures("installed")
def test_what_the_user_has_said_counts_for_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_MODE", "online")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://localhost:5000")
    Live([*TRACKERS], tmp_path).prepare()
    assert os.environ["WANDB_MODE"] == "online"
    assert os.environ["MLFLOW_TRACKING_URI"] == "http://localhost:5000"


def test_nothing_is_prepared_where_nobody_watches(tmp_path: Path) -> None:
    before = dict(os.environ)
    Live([], tmp_path / "live").prepare()
    assert dict(os.environ) == before
    assert [*tmp_path.iterdir()] == []


def test_a_tool_that_is_not_installed_is_an_error_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trackers.importlib.util, "find_spec", lambda name: None)
    nowhere = str(tmp_path / "nowhere")
    words = ["--model", nowhere, "--pairs", nowhere, "--output-dir", nowhere, "--seed", "0"]
    monkeypatch.setattr(sys, "argv", ["train.py", *words, "--report-to", "wandb"])
    message = (
        "^training.report_to: wandb is not installed in the environment of this run: "
        "pip install wandb$"
    )
    with pytest.raises(InputError, match=message):
        train.main()
    assert [*tmp_path.iterdir()] == []
