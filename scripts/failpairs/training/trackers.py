"""The tools in which a training can be watched while it runs, and how they keep to this machine."""

import importlib.util
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from failpairs.errors import InputError

PROJECT = "failpairs"  # under which the tools list the runs
# The tools by the names of their packages, each with the environment variables by which it writes
# into a folder and sends nothing.
TRACKERS = {
    "tensorboard": {},
    "trackio": {"TRACKIO_DIR": "{folder}/trackio"},
    "wandb": {
        "WANDB_MODE": "offline",
        "WANDB_DIR": "{folder}",
        "WANDB_CACHE_DIR": "{folder}/wandb/cache",
        "WANDB_PROJECT": PROJECT,
        "WANDB_CONSOLE": "off",  # or it would copy the log
        "WANDB_ERROR_REPORTING": "false",
    },
    "mlflow": {
        "MLFLOW_TRACKING_URI": "sqlite:///{folder}/mlflow.db",
        "MLFLOW_EXPERIMENT_NAME": PROJECT,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        # Seven by default, in which a training waits four minutes for a server that is away.
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    },
}


@dataclass(frozen=True)
class Live:
    """Where a training is shown: the names of the tools, and the folder that they write to."""

    trackers: Collection[str] = ()
    folder: Path = Path("live")

    def prepare(self) -> None:
        """Have the tools write to the folder and send nothing. What the user has set in the
        environment stays as it is; the tools read it when they are imported.

        Raises:
            InputError: one of them is not installed.
        """
        for name in self.trackers:
            if importlib.util.find_spec(name) is None:
                raise InputError(
                    f"training.report_to: {name} is not installed in the environment of this run: "
                    f"pip install {name}"
                )
        if self.trackers:
            self.folder.mkdir(parents=True, exist_ok=True)
        for name in self.trackers:
            for variable, value in TRACKERS[name].items():
                os.environ.setdefault(variable, value.format(folder=self.folder.absolute()))


def run_name(output: Path, begin: str) -> str:
    """What the tools call a training: its arm, its seed, and when it began or was resumed.

    Args:
        output: folder of the adapter.

    Example:
        >>> run_name(Path("results/mine/arms/sft/adapters/seed1"), "2026-03-01 12:30:59")
        'results/mine/arms/sft seed1, 2026-03-01 12:30:59'
    """
    parts = [part for part in output.parts if part not in (output.anchor, "..", "adapters")]
    return f"{'/'.join(parts[:-1])} {parts[-1]}, {begin}".strip()
