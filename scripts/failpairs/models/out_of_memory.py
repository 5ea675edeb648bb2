"""Going on with less at once when memory runs out."""

import gc
import logging
from collections.abc import Callable
from typing import TypeVar

import torch

from failpairs.errors import InputError

Result = TypeVar("Result")
# What PyTorch, CUDA and its libraries say where they raise no error of its own class.
TEXTS = (
    "can't allocate memory",
    "out of memory",
    "cudaErrorMemoryAllocation",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
    "NVML_SUCCESS == r INTERNAL ASSERT",
)
log = logging.getLogger(__name__)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of PyTorch's says that there is no memory left, on a GPU or on a CPU."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and any(text in str(error) for text in TEXTS)
    )


def within_memory(
    work: Callable[[int], Result], batch_size: int, micro_batch_size: int, fewest: int = 1
) -> Result:
    """The result of some work on pairs, begun again with fewer at once where memory runs out.

    Args:
        work: is given the number of pairs that may be in memory at once.
        batch_size: of which that number is always a divisor.
        micro_batch_size: the number to begin with.
        fewest: the smallest number with which it can be done.

    Raises:
        InputError: there is not even memory for the fewest.
    """
    while True:
        try:
            return work(micro_batch_size)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        # Only here, where nothing holds the failed attempt any more, is its memory free.
        smaller = smaller_part(batch_size, micro_batch_size) if micro_batch_size > 1 else 0
        if smaller < fewest:
            pairs = "pair" if micro_batch_size == 1 else f"batch of {micro_batch_size} pairs"
            raise InputError(
                f"memory ran out with a single {pairs}: set training.activation_checkpointing "
                "(--activation-checkpointing) to always, or use a smaller model or more memory"
            )
        micro_batch_size = smaller
        log.warning(
            f"memory ran out: going on with {micro_batch_size} pairs at once, and as many a step "
            "as before; to save the time, lower training.micro_batch_size (--micro-batch-size) "
            f"to {micro_batch_size}"
        )
        # The functions that accelerate wraps around a model keep it in a reference cycle.
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def smaller_sizes(batch_size: int, micro_batch_size: int) -> list[int]:
    """The sizes of micro-batches that `within_memory` tries, from the given one down to 1.

    Example:
        >>> smaller_sizes(12, 6)
        [6, 3, 1]
    """
    sizes = [micro_batch_size]
    while sizes[-1] > 1:
        sizes.append(smaller_part(batch_size, sizes[-1]))
    return sizes


def smaller_part(batch_size: int, micro_batch_size: int) -> int:
    """The next smaller micro-batch: at most half as large, and a divisor of the batch."""
    half = range(micro_batch_size // 2, 0, -1)
    return next(size for size in half if batch_size % size == 0)
