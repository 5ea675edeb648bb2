"""The place of this process among those that train one adapter together."""

from typing import TypeVar

from torch import distributed

Part = TypeVar("Part")


def rank_and_count() -> tuple[int, int]:
    """The rank of this process, from 0, and the number of processes."""
    if not distributed.is_initialized():
        return 0, 1
    return distributed.get_rank(), distributed.get_world_size()


def of_all_ranks(part: Part) -> list[Part]:
    """What each process has, by rank; all processes call this function and wait for each other."""
    _, count = rank_and_count()
    if count == 1:
        return [part]
    parts = [part] * count
    distributed.all_gather_object(parts, part)
    return parts
