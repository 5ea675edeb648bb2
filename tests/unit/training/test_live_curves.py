"""The curves of a training in the tools that its user watches, which change nothing in it."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from failpairs.errors import InputError
from failpairs.storage.files import read_objects, sha256_file
from failpairs.training import live_curves
from failpairs.training.adapter_folder import ADAPTER_FILES
from failpairs.training.checkpoints import KeepNewest
from failpairs.training.live_curves import grouped
from failpairs.training.trackers import TRACKERS, Live
from failpairs.training.train_adapter import PairSet, train_adapter
from failpairs.training.train_log import Row
from failpairs.workflow.processes import in_processes
from test_train_adapter import HELD_OUT, PAIRS, a_run
from tiny_model import write_tiny_model

WRITTEN = (*ADAPTER_FILES, "README.md", "train_log.jsonl")
EVENTS = ("on_train_begin", "on_log", "on_train_end")


class Tool:
    """In place of transformers' callback for a tool: it keeps what it is given."""

    runs: list["Tool"]

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.has_ended = False
        self.runs.append(self)

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self.name, self.parameters = args.run_name, args.to_dict()
        assert json.loads(args.to_json_string()) == self.parameters
        assert args.output_dir  # the others are those of the trainer
        print("a tool says where it writes")

    def on_log(self, args: Any, state: Any, control: Any, logs: Row) -> None:
        assert state.global_step not in self.rows
        self.rows[state.global_step] = logs

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self.has_ended = True


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Tool]:
    """What each run of a tool was given; the tool takes the place of all others."""
    Tool.runs = []
    monkeypatch.setattr(live_curves, "get_reporting_integration_callbacks", lambda names: [Tool])
    return Tool.runs


def train(folder: Path, output: Path, *trackers: str, **how: Any) -> list[Row]:
    live = Live(trackers, output.parent / "live")
    live.folder.mkdir(parents=True, exist_ok=True)
    run = replace(a_run(folder, **{"lora_dropout": 0.2, **how}), live=live)
    return train_adapter(run, PairSet(PAIRS, HELD_OUT), output, {})


def digests(output: Path) -> list[str]:
    return [sha256_file(output / name) for name in WRITTEN]


def shown(rows: list[Row]) -> dict[int, Row]:
    return {row["step"]: grouped(row) for row in rows}


@pytest.mark.parametrize("method", ["preference", "sft", "kto"])
def test_a_tool_gets_every_row_of_the_log_and_the_recipe(
    folder: Path, tmp_path: Path, runs: list[Tool], capsys: pytest.CaptureFixture[str], method: str
) -> None:
    rows = train(folder, tmp_path / "arms/x/adapters/seed1", "wandb", method=method)
    [run] = runs
    assert run.rows == shown(rows)
    assert run.rows[0]["eval_chosen_change"] == 0
    assert {"loss", "tokens", "eval_loss", "eval_reward_margin"} <= run.rows[3].keys()
    assert run.has_ended
    assert f"{tmp_path}/arms/x seed1, 2".removeprefix("/") in run.name
    expected = {"method": method, "seed": 0, "loss": "dpo", "epochs": 2, "lora_dropout": 0.2}
    assert expected.items() <= run.parameters.items()
    said = capsys.readouterr()
    assert "a tool says where it writes" in said.err  # which is the log of the job
    assert said.out == ""


def test_a_run_that_is_watched_from_a_checkpoint_on_shows_the_whole_curve(
    folder: Path, tmp_path: Path, runs: list[Tool], monkeypatch: pytest.MonkeyPatch
) -> None:
    train(folder, tmp_path / "whole")
    mark = KeepNewest.on_save

    def on_save(self: Any, args: Any, state: Any, *rest: Any, **kwargs: Any) -> None:
        mark(self, args, state, *rest, **kwargs)
        if state.global_step == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(KeepNewest, "on_save", on_save)
        with pytest.raises(KeyboardInterrupt):
            train(folder, tmp_path / "adapter")
    rows = train(folder, tmp_path / "adapter", "wandb")
    [run] = runs
    assert [*run.rows] == [0, 1, 2, 3]
    assert run.rows == shown(rows)
    assert digests(tmp_path / "adapter") == digests(tmp_path / "whole")


@pytest.mark.parametrize("event", EVENTS)
def test_a_tool_that_fails_is_asked_no_more_and_the_training_goes_on(
    folder: Path,
    tmp_path: Path,
    runs: list[Tool],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    event: str,
) -> None:
    train(folder, tmp_path / "alone")

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("no\nserver")

    monkeypatch.setattr(Tool, event, fail)
    train(folder, tmp_path / "adapter", "mlflow")
    warning = "training.report_to: mlflow shows no more of this training: OSError: no server"
    assert caplog.messages.count(warning) == 1
    assert digests(tmp_path / "adapter") == digests(tmp_path / "alone")


def test_the_row_for_which_a_run_is_stopped_is_shown(
    folder: Path, tmp_path: Path, runs: list[Tool]
) -> None:
    wild = {"learning_rate": 0.5, "sft_weight": 0.0, "max_chosen_drop": 0.5}
    with pytest.raises(InputError, match="max_chosen_drop"):
        train(folder, tmp_path / "adapter", "wandb", **wild)
    [log] = tmp_path.glob(".adapter.*.checkpoints/train_log.jsonl")
    assert runs[0].rows == shown([row for _, row in read_objects(log)])


@dataclass(frozen=True)
class Recorded:
    """Work whose processes write down what they show."""

    work: Callable[[], Any]
    place: Path

    def __call__(self) -> Any:
        Tool.runs = []
        live_curves.get_reporting_integration_callbacks = lambda names: [Tool]
        result = self.work()
        rows = [run.rows for run in Tool.runs]
        (self.place / os.environ["RANK"]).write_text(json.dumps(rows), encoding="utf-8")
        return result


def test_of_several_processes_only_that_of_rank_0_shows_the_rows(
    folder: Path, tmp_path: Path
) -> None:
    run = replace(a_run(folder, processes=2), live=Live(["wandb"], tmp_path))
    rows = train_adapter(
        run,
        PairSet(PAIRS, HELD_OUT),
        tmp_path / "adapter",
        {},
        lambda work: in_processes(2, 1, Recorded(work, tmp_path)),
    )
    written = [json.loads((tmp_path / rank).read_text("utf-8")) for rank in "01"]
    assert written == [[{str(step): row for step, row in shown(rows).items()}], []]


@pytest.mark.parametrize("name", TRACKERS)
def test_a_real_tool_changes_no_byte_and_fails_in_nothing(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    pytest.importorskip(name)
    monkeypatch.chdir(tmp_path)
    for variable, value in TRACKERS[name].items():
        monkeypatch.setenv(variable, value.format(folder=tmp_path / "live"))
    train(folder, tmp_path / "alone")
    train(folder, tmp_path / "adapter", name)
    assert "shows no more" not in caplog.text
    assert digests(tmp_path / "adapter") == digests(tmp_path / "alone")


def test_tensorboard_has_the_curves_in_two_groups(folder: Path, tmp_path: Path) -> None:
    events = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    rows = train(folder, tmp_path / "adapter", "tensorboard")
    [written] = (tmp_path / "live/tensorboard").glob("**/events*")
    found = events.EventAccumulator(str(written)).Reload()
    for tag, name in (("train/loss", "loss"), ("eval/reward_margin", "held_out_reward_margin")):
        expected = {row["step"]: row[name] for row in rows if name in row}
        assert {each.step: each.value for each in found.Scalars(tag)} == pytest.approx(expected)
