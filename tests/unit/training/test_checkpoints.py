"""Training that is killed, or whose disk is full, and goes on where it stopped."""

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from failpairs.storage.files import sha256_file, write_jsonl
from failpairs.storage.locks import locked
from failpairs.training.adapter_folder import ADAPTER_FILES
from failpairs.training.checkpoints import MARKER, KeepNewest, checkpoint_folder, newest_checkpoint
from failpairs.training.recipe import Recipe
from failpairs.workflow import cli
from failpairs.workflow.options import command_line
from forks import run_forked
from test_train_adapter import FAILING, HELD_OUT, RECIPE, WITH_STUBS
from tiny_model import write_tiny_model
from transformers import Trainer

WRITTEN = (*ADAPTER_FILES, "train_log.jsonl")
STEPS = 12
BEFORE_THE_MARK = ("while saving", "before it is marked", "before saving")


@dataclass(frozen=True)
class Killed:
    """The program, killed when it has got so far in a step: before it is saved, in the middle, or
    after."""

    argv: list[str]
    moment: str
    step: int

    def __call__(self) -> None:
        sys.argv = self.argv
        if self.moment == "before saving":
            self.die_at(Trainer, "_save_checkpoint", before=True)
        elif self.moment == "while saving":
            self.die_at(Trainer, "_save_optimizer_and_scheduler", before=False)
        elif self.moment == "before it is marked":
            self.die_at(KeepNewest, "on_save", before=True)
        elif self.moment == "after it is marked":
            self.die_at(KeepNewest, "on_save", before=False)
        import train

        cli.run(train.main)

    def die_at(self, owner: type, name: str, before: bool) -> None:
        real = getattr(owner, name)

        def method(one: Any, *args: Any, **kwargs: Any) -> Any:
            state = args[1] if owner is KeepNewest else one.state
            result = None if before else real(one, *args, **kwargs)
            if state.global_step == self.step:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(one, *args, **kwargs) if before else result

        setattr(owner, name, method)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made")
    write_tiny_model(made / "model")
    write_jsonl(made / "pairs.jsonl", WITH_STUBS)
    write_jsonl(made / "held_out_pairs.jsonl", [*HELD_OUT, FAILING])
    return made


def train(
    folder: Path, output: Path, moment: str = "never", step: int = 0, **how: Any
) -> tuple[int, str]:
    """Run the program, dying in a step; its exit status, and what it says.

    It has dropout, so that the state of random numbers counts."""
    recipe = {**RECIPE.model_dump(), "epochs": 4, "batch_size": 2, "micro_batch_size": 1}
    argv = [
        *("train.py", "--model", str(folder / "model"), "--pairs", str(folder / "pairs.jsonl")),
        *("--held-out", str(folder / "held_out_pairs.jsonl"), "--seed", "1", "--threads", "1"),
        *("--output-dir", str(output)),
        *command_line(Recipe, {**recipe, "lora_dropout": 0.2, **how}).split(),
    ]
    said = folder / "said.txt"
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    status = run_forked(Killed(argv, moment, step), said, environment=environment)
    return status, said.read_text(encoding="utf-8")


def digests(output: Path) -> list[str]:
    return [sha256_file(output / name) for name in WRITTEN]


@pytest.fixture(scope="module")
def uninterrupted(folder: Path) -> list[str]:
    status, said = train(folder, folder / "whole")
    assert status == 0, said
    steps = [json.loads(line)["step"] for line in (folder / "whole/train_log.jsonl").open()]
    assert steps == list(range(STEPS + 1))
    return digests(folder / "whole")


def random_deaths(seed: int) -> list[tuple[str, int]]:
    draw = random.Random(seed)
    steps = sorted(draw.sample(range(2, STEPS + 1), 3))
    return [(draw.choice(BEFORE_THE_MARK), step) for step in steps]


@pytest.mark.parametrize(
    "deaths",
    [[*zip(BEFORE_THE_MARK, (STEPS // 4, STEPS // 2, STEPS), strict=True)], random_deaths(6)],
    ids=["at each moment", "at random"],
)
def test_a_run_killed_three_times_ends_with_the_same_bytes(
    folder: Path, tmp_path: Path, uninterrupted: list[str], deaths: list[tuple[str, int]]
) -> None:
    output = tmp_path / "adapter"
    for moment, step in deaths:
        status, said = train(folder, output, moment, step)
        assert status == -signal.SIGKILL, said
        assert not output.exists()
        [kept] = tmp_path.glob(".adapter.*.checkpoints")
        # What was saved before is still there, whole.
        assert (kept / f"checkpoint-{step - 1}" / MARKER).is_file()
    status, said = train(folder, output)
    assert status == 0, said
    assert f"going on from {kept / f'checkpoint-{deaths[-1][1] - 1}'}" in said
    assert digests(output) == uninterrupted
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


def test_a_killed_run_replays_what_its_earlier_exams_showed(folder: Path, tmp_path: Path) -> None:
    how: dict[str, Any] = {"order": "replay", "eval_every": 2}
    status, said = train(folder, tmp_path / "whole", **how)
    assert status == 0, said
    rows = [json.loads(line) for line in (tmp_path / "whole/train_log.jsonl").open()]
    assert [row["step"] for row in rows if row.get("replayed")] == [2, 4, 6, 8, 10]
    output = tmp_path / "adapter"
    # The exams of steps 4 and 10 are lost with their checkpoints, and that of step 6 is not.
    for moment, step in (("before saving", 4), ("after it is marked", 6), ("while saving", 10)):
        status, said = train(folder, output, moment, step, **how)
        assert status == -signal.SIGKILL, said
    status, said = train(folder, output, **how)
    assert status == 0, said
    assert "checkpoint-8" in said
    assert digests(output) == digests(tmp_path / "whole")


def test_a_run_killed_between_its_last_checkpoint_and_its_adapter_only_writes_it(
    folder: Path, tmp_path: Path, uninterrupted: list[str]
) -> None:
    output = tmp_path / "adapter"
    assert train(folder, output, "after it is marked", STEPS)[0] == -signal.SIGKILL
    assert train(folder, output)[0] == 0
    assert digests(output) == uninterrupted


def test_a_second_process_that_trains_the_same_adapter_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    with locked(tmp_path / ".adapter.lock"):
        status, said = train(folder, tmp_path / "adapter")
    assert status == 2
    assert "locked by another process" in said.splitlines()[-1]
    assert [*tmp_path.iterdir()] == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk that holds one checkpoint, but not two."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=240k", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no tmpfs can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_loses_nothing_that_was_saved_before(
    folder: Path, small_disk: Path, uninterrupted: list[str]
) -> None:
    output = small_disk / "adapter"
    status, said = train(folder, output)
    assert status == 2
    assert "the disk is full" in said.splitlines()[-1]
    [kept] = small_disk.glob(".adapter.*.checkpoints")
    assert (kept / "checkpoint-1" / MARKER).is_file()
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    status, said = train(folder, output)
    assert status == 0, said
    assert "going on from" in said
    assert digests(output) == uninterrupted


def test_only_complete_checkpoints_are_taken_up_and_the_last_of_them(tmp_path: Path) -> None:
    for step in (8, 9, 10, 11):
        (tmp_path / f"checkpoint-{step}").mkdir()
    for step in (8, 9, 10):
        (tmp_path / f"checkpoint-{step}" / MARKER).touch()
    assert newest_checkpoint(tmp_path) == tmp_path / "checkpoint-10"
    assert not (tmp_path / "checkpoint-11").exists()
    assert newest_checkpoint(tmp_path / "nowhere") is None


def test_another_fingerprint_has_another_folder(tmp_path: Path) -> None:
    one, other = (checkpoint_folder(tmp_path / "seed0", text * 64) for text in "ab")
    assert one != other
    assert one.parent == tmp_path
