"""The same bytes from every training on the same GPU."""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch

Result = TypeVar("Result")
log = logging.getLogger(__name__)


def deterministically(work: Callable[[], Result]) -> Result:
    """The result of some work, which on a GPU uses kernels that give the same bytes in every run.

    PyTorch refuses an operation that has no such kernel. The work is then begun again with the
    kernels that there are, and the log names the operation.
    """
    if not torch.cuda.is_available():
        return work()
    try:
        with _deterministic_kernels():
            return work()
    except RuntimeError as error:
        refusal = " ".join(str(error).split())
        if "deterministic" not in refusal:
            raise
    # Only here, where nothing holds the failed attempt any more, is its memory free.
    log.warning("training: another run may write other bytes, since PyTorch says: %s", refusal)
    # The functions that accelerate wraps around a model keep it in a reference cycle.
    gc.collect()
    return work()


@contextmanager
def _deterministic_kernels() -> Iterator[None]:
    # An error and no mere warning: only then is the gradient of attention deterministic.
    torch.use_deterministic_algorithms(True)
    # Filling what is allocated only finds bugs.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(False)
