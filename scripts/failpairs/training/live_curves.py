"""The curves of a training in the tools that its user watches, through transformers' callbacks."""

import json
import logging
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from copy import copy
from pathlib import Path
from typing import Any

from transformers import TrainerCallback
from transformers.integrations import get_reporting_integration_callbacks

from failpairs.storage.locks import in_turn
from failpairs.training.trackers import PROJECT, Live, run_name
from failpairs.training.train_log import Row

log = logging.getLogger(__name__)


class LiveCurves(TrainerCallback):  # type: ignore[misc]
    """Shows the rows of `train_log.jsonl` as soon as `GuardRails`, which comes before, makes them.

    Only the process of rank 0 does so. Its run in a tool begins with all rows of the log, so that a
    resumed training has a whole curve. A tool that fails is asked no more; the training goes on.
    """

    def __init__(self, live: Live, output: Path, parameters: Mapping[str, Any]) -> None:
        """
        Args:
            output: folder of the adapter, after which the run is named.
            parameters: what the tools show as the parameters of the run.
        """
        self._live = live
        self._output = output
        self._parameters = parameters
        self._tools: dict[str, Any] = {}  # callbacks, by the names of the tools
        self._last = -1  # step of the last row that was shown

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if not state.is_world_process_zero:
            return
        name = run_name(self._output, time.strftime("%Y-%m-%d %H:%M:%S"))
        self._around = _Arguments(args, name, self._parameters), control
        for tool in self._live.trackers:
            # Trainings that begin together would all make the tables of one database.
            with self._asking(tool), in_turn(self._live.folder / ".lock"):
                callback = self._tools[tool] = _callback(tool, self._live.folder, name)
                callback.on_train_begin(self._around[0], state, control, **kwargs)
        self.show(state)

    def on_log(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self.show(state)

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        for tool, callback in [*self._tools.items()]:
            with self._asking(tool):
                callback.on_train_end(args, state, control, **kwargs)

    def show(self, state: Any) -> None:
        """Show the rows of a trainer's log that have not been shown yet."""
        for row in state.log_history:
            if self._tools and row["step"] > self._last:
                self._last = row["step"]
                self._show(row, state)

    def _show(self, row: Row, state: Any) -> None:
        args, control = self._around
        then = copy(state)
        then.global_step = row["step"]
        for tool, callback in [*self._tools.items()]:
            with self._asking(tool):
                callback.on_log(args, then, control, logs=grouped(row))

    @contextmanager
    def _asking(self, tool: str) -> Iterator[None]:
        try:
            with redirect_stdout(sys.stderr):  # where the log of the job is
                yield
        except Exception as error:
            self._tools.pop(tool, None)
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            log.warning(f"training.report_to: {tool} shows no more of this training: {reason}")


class _Arguments:
    """The arguments of a trainer as the tools see them. Their parameters are those of the recipe:
    the trainer sees all epochs as one, and takes the loss for that of DPO."""

    def __init__(self, args: Any, name: str, parameters: Mapping[str, Any]) -> None:
        self._args = args
        self._parameters = parameters
        self.run_name = name
        self.project = PROJECT

    def __getattr__(self, name: str) -> Any:
        return getattr(self._args, name)

    def to_dict(self) -> dict[str, Any]:
        return dict(self._parameters)

    def to_json_string(self) -> str:
        return json.dumps(self._parameters, indent=2)


def _callback(tool: str, folder: Path, name: str) -> Any:
    [kind] = get_reporting_integration_callbacks([tool])
    callback = kind()
    if tool == "tensorboard":  # whose runs are folders
        callback.logging_dir = str(Path(callback.logging_dir or folder / tool, name))
    return callback


def grouped(row: Row) -> dict[str, float]:
    """The numbers of a row by the names of which transformers makes two groups of curves: eval/…
    for those of the held-out pairs, and train/… for the others.

    Example:
        >>> grouped({"step": 4, "loss": 0.6, "held_out_loss": 0.7, "replayed": ["STUB"]})
        {'loss': 0.6, 'eval_loss': 0.7}
    """
    return {
        name.replace("held_out_", "eval_"): value
        for name, value in row.items()
        if name != "step" and isinstance(value, int | float)
    }
