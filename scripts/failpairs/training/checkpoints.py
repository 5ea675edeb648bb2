"""Checkpoints of a training run: whole or not there, and found again by what determines the run."""

import os
import shutil
from pathlib import Path
from typing import Any

from accelerate import PartialState
from transformers import TrainerCallback

from failpairs.storage.files import atomic_write

MARKER = "complete"


def checkpoint_folder(output: Path, fingerprint: str) -> Path:
    """Where the checkpoints of a run stand: beside its output, and undeclared to the workflow.

    Args:
        fingerprint: stands for all that determines the result.
    """
    output = output.resolve()
    return output.with_name(f".{output.name}.{fingerprint[:16]}.checkpoints")


def newest_checkpoint(folder: Path) -> Path | None:
    """The last checkpoint that was written to its end; what is left of others is removed."""
    complete = []
    for path in folder.glob("checkpoint-*"):
        if (path / MARKER).is_file():
            complete.append(path)
        else:
            shutil.rmtree(path)
    return max(complete, key=_step, default=None)


def remove_checkpoints(output: Path) -> None:
    """Remove the checkpoints of an output, those of runs with other settings too."""
    output = output.resolve()
    for folder in output.parent.glob(f".{output.name}.*.checkpoints"):
        shutil.rmtree(folder)


def _step(checkpoint: Path) -> int:
    return int(checkpoint.name.rpartition("-")[2])


class KeepNewest(TrainerCallback):  # type: ignore[misc]
    """Marks a checkpoint as complete when it is on the disk, and only then removes older ones."""

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        PartialState().wait_for_everyone()  # each process writes its random numbers' state
        if not state.is_world_process_zero:
            return
        folder = Path(args.output_dir)
        made = folder / f"checkpoint-{state.global_step}"
        for path in made.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        with atomic_write(made / MARKER):
            pass
        for path in folder.glob("checkpoint-*"):
            if path != made:
                shutil.rmtree(path)
