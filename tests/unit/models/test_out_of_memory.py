import weakref

import pytest
import torch
from failpairs.models.out_of_memory import smaller_part, within_memory


@pytest.mark.parametrize(("batch", "micro", "smaller"), [(16, 4, 2), (12, 6, 3), (9, 9, 3)])
def test_a_smaller_part_still_divides_the_batch(batch: int, micro: int, smaller: int) -> None:
    assert smaller_part(batch, micro) == smaller


class InCycle:
    """An object that only the garbage collector frees."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_failed_attempt_left_in_a_cycle_is_freed_before_the_next() -> None:
    left: list[weakref.ref[InCycle]] = []

    def work(size: int) -> bool:
        if size == 2:
            left.append(weakref.ref(InCycle()))
            raise torch.OutOfMemoryError("CUDA out of memory")
        return left[0]() is None

    assert within_memory(work, 2, 2)
