"""Training over two processes, on the CPU: pairs, losses and adapter are those of one process."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from failpairs.training.adapter_folder import ADAPTER_FILES
from failpairs.training.checkpoints import KeepNewest
from failpairs.training.reference_logprobs import reference_of
from failpairs.training.train_adapter import PairSet, Run, train_adapter
from failpairs.training.train_log import Row
from failpairs.workflow.processes import in_processes
from peft import PeftModel
from safetensors.torch import load_file
from test_train_adapter import HELD_OUT, PAIRS, a_run
from tiny_model import write_tiny_model
from transformers import AutoModelForCausalLM

IN_TWO = partial(in_processes, 2, 1)
DATA = PairSet(PAIRS, HELD_OUT)


def run_of(folder: Path, processes: int, method: str = "preference") -> Run:
    """Steps of 4, 4 and 1 pairs: in the last one the second process has none."""
    return a_run(folder, method=method, epochs=1.5, micro_batch_size=2, processes=processes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"))


def require_same(one: Path, two: Path, rows: list[Row], others: list[Row]) -> None:
    assert [row.keys() for row in rows] == [row.keys() for row in others]
    for row, other in zip(rows, others, strict=True):
        assert other == pytest.approx(row, rel=1e-4, abs=1e-5)
    weights, same = (load_file(output / ADAPTER_FILES[0]) for output in (one, two))
    assert weights.keys() == same.keys()
    for name, weight in weights.items():
        torch.testing.assert_close(same[name], weight, rtol=1e-4, atol=1e-5)


def test_plain_fine_tuning_takes_the_same_steps_too(folder: Path, tmp_path: Path) -> None:
    expected = train_adapter(run_of(folder, 1, "sft"), DATA, tmp_path / "one", {})
    rows = train_adapter(run_of(folder, 2, "sft"), DATA, tmp_path / "two", {}, IN_TWO)
    for row in (expected[-1], rows[-1]):
        del row["tokens"]  # with those that keep the second process busy
    require_same(tmp_path / "one", tmp_path / "two", expected, rows)


@dataclass(frozen=True)
class Dying:
    """Work whose second process dies in step 2, before its checkpoint is complete."""

    work: Callable[[], Any]

    def __call__(self) -> Any:
        mark = KeepNewest.on_save

        def on_save(self: Any, args: Any, state: Any, *rest: Any, **kwargs: Any) -> None:
            if state.global_step == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            mark(self, args, state, *rest, **kwargs)

        if os.environ["RANK"] == "1":
            KeepNewest.on_save = on_save
        return self.work()


def in_dying(work: Callable[[], Any]) -> Any:
    return IN_TWO(Dying(work))


def test_two_processes_one_of_which_died_take_the_steps_of_one(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    expected = train_adapter(run_of(folder, 1), DATA, tmp_path / "one", {})
    output = tmp_path / "two"
    with pytest.raises(SystemExit, match="one of the processes of this program has died"):
        train_adapter(run_of(folder, 2), DATA, output, {}, in_dying)
    assert not output.exists()
    rows = train_adapter(run_of(folder, 2), DATA, output, {}, IN_TWO)
    assert capfd.readouterr().err.count("/checkpoint-1\n") == 1
    require_same(tmp_path / "one", output, expected, rows)
    config = ADAPTER_FILES[1]
    assert (output / config).read_bytes() == (tmp_path / "one" / config).read_bytes()
    assert {path.name for path in output.iterdir()} == {*ADAPTER_FILES, "train_log.jsonl"}
    assert "| processes | 2 |" in (output / "README.md").read_text(encoding="utf-8")
    PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(folder), output)


def test_the_reference_of_two_processes_is_that_of_one(folder: Path) -> None:
    one, meta = reference_of(folder, PAIRS[:5], "float32", "chat", 2)
    two, same = reference_of(folder, PAIRS[:5], "float32", "chat", 2, "none", 2, IN_TWO)
    assert meta == same
    for row, other in zip(one, two, strict=True):
        assert other.pair_sha256 == row.pair_sha256
        assert other.chosen_logprob == pytest.approx(row.chosen_logprob, rel=1e-4)
        assert other.rejected_logprob == pytest.approx(row.rejected_logprob, rel=1e-4)
