import logging
import weakref

import pytest
import torch
from failpairs.training.determinism import deterministically


def nondeterministic() -> torch.Tensor:
    """An operation that has no deterministic kernel, on a CPU either."""
    return torch.zeros(3).put_(torch.tensor([0]), torch.tensor([1.0]))


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)


@pytest.mark.usefixtures("gpu")
def test_work_on_a_gpu_uses_deterministic_kernels_and_only_that_work() -> None:
    assert deterministically(torch.are_deterministic_algorithms_enabled)
    assert not torch.are_deterministic_algorithms_enabled()


def test_work_on_a_cpu_is_left_as_it_is() -> None:
    assert not deterministically(torch.are_deterministic_algorithms_enabled)


@pytest.mark.usefixtures("gpu")
def test_an_operation_without_a_deterministic_kernel_is_named_and_done(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert deterministically(nondeterministic).tolist() == [1.0, 0.0, 0.0]
    assert "put_" in caplog.text
    assert not torch.are_deterministic_algorithms_enabled()


@pytest.mark.usefixtures("gpu")
def test_memory_that_runs_out_is_no_matter_of_determinism() -> None:
    def work() -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")

    with pytest.raises(torch.OutOfMemoryError):
        deterministically(work)
    assert not torch.are_deterministic_algorithms_enabled()


class InCycle:
    """An object that only the garbage collector frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("gpu")
def test_what_the_first_attempt_left_in_a_cycle_is_freed_before_the_second() -> None:
    left: list[weakref.ref[InCycle]] = []

    def work() -> bool:
        if left:
            return left[0]() is None
        left.append(weakref.ref(InCycle()))
        raise RuntimeError("put_ does not have a deterministic implementation")

    assert deterministically(work)
