"""The machine that computes with a model, or runs programs."""

import os
import platform
from collections import Counter
from collections.abc import Sequence
from pathlib import Path


def hardware() -> str:
    """The machine that this runs on in one line: processor, cores, memory, and GPUs by name."""
    import torch

    gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    return machine(gpus)


def machine(gpus: Sequence[str] = ()) -> str:
    """The same with these GPUs, or without any."""
    cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return describe(processor(cpuinfo), os.cpu_count() or 1, memory, gpus)


def processor(cpuinfo: str) -> str:
    """Name and architecture of the processor; Linux knows no name of many ARM ones.

    Args:
        cpuinfo: text of /proc/cpuinfo.
    """
    names = (line.partition(":")[2] for line in cpuinfo.splitlines() if "model name" in line)
    name = " ".join(next(names, "").split())
    return f"{name} ({platform.machine()})" if name else platform.machine()


def describe(processor: str, cores: int, memory: float, gpus: Sequence[str]) -> str:
    """A machine in one line; GPUs of the same name are counted.

    Args:
        cores: as the system counts them, two for a core with two threads.
        memory: GiB.
    """
    counted = [f"{count} × {name}" for name, count in Counter(gpus).items()]
    return ", ".join([processor, f"{cores} logical cores", f"{memory:.0f} GiB", *counted])
