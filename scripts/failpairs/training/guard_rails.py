"""Guard rails of training: curves, live and in the log, and limits that stop a run."""

import json
import logging
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from failpairs.errors import InputError
from failpairs.progress import Progress
from failpairs.storage.files import atomic_write
from failpairs.training.encoding import Encoded
from failpairs.training.pair_scores import (
    logprobs_of,
    loss_of,
    margin_se,
    reward_margins,
    scores_of,
    summary,
)
from failpairs.training.recipe import Recipe
from failpairs.training.replay import Replay, exams_of
from failpairs.training.train_log import Row, rounded

LOGGED = (
    "loss",
    "reward_margin",
    "reward_accuracy",
    "chosen_logprob",
    "rejected_logprob",
    "chosen_change",
    "grad_norm",
    "learning_rate",
)
HELD_OUT = (*LOGGED[:2], "reward_margin_se", *LOGGED[2:6])
COLUMNS = ("step", "tokens", *LOGGED, *(f"held_out_{name}" for name in HELD_OUT), "replayed")
log = logging.getLogger(__name__)


class GuardRails(TrainerCallback):  # type: ignore[misc]
    """Makes the trainer's log the rows of `train_log.jsonl`, and stops what has gone wrong.

    The rows are kept in the trainer's own state, so that a checkpoint has them. They hold no times:
    a run that is repeated or resumed writes the same bytes. The rate is on standard error.
    """

    def __init__(
        self,
        recipe: Recipe,
        steps: int,
        every: int,
        held_out: Sequence[Encoded],
        batch_size: int,
        is_new: bool,
        replay: Replay | None = None,
    ) -> None:
        """
        Args:
            steps: number of steps of the run.
            every: steps between two measurements on the held-out pairs; the last step has one too.
            batch_size: held-out pairs in memory at once.
            is_new: whether the adapter is a new one, with which the model is still the base model.
            replay: of a run whose order depends on the measurements.
        """
        self._recipe = recipe
        self._steps = steps
        self._every = every
        self._held_out = held_out
        self._batch_size = batch_size
        self._is_new = is_new
        self._replay = replay

    def on_train_begin(
        self, args: Any, state: Any, control: Any, model: Any, **kwargs: Any
    ) -> None:
        self._progress = Progress("training steps", self._steps, before=state.global_step)
        self._start, self._tokens = time.monotonic(), state.num_input_tokens_seen
        if state.global_step == 0:
            # Before the first step the model with a new adapter is the reference.
            before = self._on_held_out(None if self._is_new else model, state)
            state.log_history = [{"step": 0, **before}]

    def on_log(
        self, args: Any, state: Any, control: Any, model: Any, logs: Any, **kwargs: Any
    ) -> None:
        if "loss" not in logs:  # the trainer's last words
            state.log_history.pop()
            return
        step = state.global_step
        row = {"step": step, "tokens": state.num_input_tokens_seen}
        row |= rounded({name: logs[name] for name in LOGGED if name in logs})
        if step % self._every == 0 or step == self._steps:
            row |= self._on_held_out(model, state)
        state.log_history[-1] = row
        if not state.is_world_process_zero:  # what process 0 raises ends all of them
            return
        self._say(state, row)
        reason = self._what_is_wrong(row)
        if reason:
            path = Path(args.output_dir) / "train_log.jsonl"
            write_log(path, state.log_history)
            raise InputError(f"training was stopped at step {step}: {reason}; the log is in {path}")

    def _on_held_out(self, model: Any, state: Any) -> Row:
        """Measurements on the held-out pairs, without a model those of the reference, and what is
        replayed because of them."""
        if not self._held_out:
            return {}
        logprobs = None
        if model is not None:
            logprobs = logprobs_of(model, self._held_out, self._batch_size)
        scores = scores_of(self._held_out, logprobs)
        loss = loss_of(scores, self._recipe).item()
        measured = {"loss": loss, **summary(scores, self._recipe.beta)}
        if (noise := margin_se(scores, self._recipe.beta)) is not None:
            measured["reward_margin_se"] = noise
        row = rounded({f"held_out_{name}": value for name, value in measured.items()})
        if self._replay and state.global_step < self._steps:
            margins = reward_margins(scores, self._recipe.beta).tolist()
            exams = exams_of(state.log_history)
            row["replayed"] = self._replay.failed(margins, state.global_step, exams)
        return row

    def _say(self, state: Any, row: Row) -> None:
        elapsed = time.monotonic() - self._start
        rate = (state.num_input_tokens_seen - self._tokens) / elapsed if elapsed > 0 else 0.0
        parts = [f"loss {row['loss']}"]
        if "reward_margin" in row:
            parts.append(f"margin {row['reward_margin']}")
        self._progress.update(row["step"], ", ".join([*parts, f"{rate:.0f} tokens/s"]))
        if failed := row.get("replayed"):
            log.info(f"after step {row['step']} failure modes are replayed: {', '.join(failed)}")

    def _what_is_wrong(self, row: Row) -> str:
        for name, value in row.items():
            if name != "replayed" and (value is None or not math.isfinite(value)):
                return (
                    f"{name} is not a finite number; lower training.learning_rate (--learning-rate)"
                )
        limit = self._recipe.max_chosen_drop
        for prefix, pairs in (("", "training"), ("held_out_", "held-out")):
            drop = -row.get(f"{prefix}chosen_change", 0.0)
            if drop > limit:
                return (
                    f"the chosen sides of the {pairs} pairs fell by {drop:.3f} nats per token, "
                    f"more than training.max_chosen_drop ({limit}) allows; lower "
                    "training.learning_rate (--learning-rate), or raise training.sft_weight "
                    "(--sft-weight)"
                )
        return ""


def write_log(path: Path, rows: Sequence[Row]) -> None:
    """Write `train_log.jsonl`, in one order of columns: the trainer's state has another."""
    with atomic_write(path) as file:
        for row in rows:
            ordered = {name: row[name] for name in COLUMNS if name in row}
            file.write(f"{json.dumps(ordered, allow_nan=False)}\n")
