"""GPUs for each job: those that no other job of this user on this machine holds."""

import fcntl
import logging
import os
import re
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from failpairs.errors import InputError

log = logging.getLogger(__name__)

VISIBLE = "CUDA_VISIBLE_DEVICES"
# Lets cuBLAS compute the same bytes in every run; read when CUDA starts.
DETERMINISTIC = ("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
# On every node, its own, and the same for all jobs: TMPDIR may differ from job to job, and
# /run/user and /dev/shm are emptied when their owner logs out, though jobs may still run.
FOLDER = Path("/tmp") / f"failpairs-{os.geteuid()}"
NONE = ("", "-1", "NoDevFiles")  # what names no GPU
INTERVAL = 1.0  # seconds between two looks while all devices are leased

_leases: list[int] = []  # descriptors that stay open as long as the process


def lease_devices(count: int = 1, folder: Path = FOLDER) -> None:
    """Hold GPUs until this process ends, and let CUDA see no other; to be called before torch or
    vllm is imported. cuBLAS is told to compute the same bytes in every run.

    Nothing is leased where `CUDA_VISIBLE_DEVICES` names no GPU, or the only one that is needed: so
    do Slurm, Kubernetes or the user for a single job. Where it names several, they are leased as
    far as they are needed. Nothing is leased either where there is no NVIDIA GPU. The GPU with the
    most free memory comes first. Where too many are leased, wait: a run with more GPU jobs than
    devices takes longer, and does not fail.

    The lease is a `flock`, so that the kernel takes it back however the process dies. A forked
    child shares it, and keeps it if it lives longer, as it keeps the GPU's memory; another program
    that is started does not.

    Args:
        count: how many GPUs; several are leased together or not at all, so that two jobs never wait
            for each other.
        folder: for the lock files; local to the machine. It is made where it is missing.

    Raises:
        InputError: the folder is not this user's own, `CUDA_VISIBLE_DEVICES` names a GPU that is
            not there, or there are fewer GPUs.
    """
    os.environ.setdefault(*DETERMINISTIC)
    given = os.environ.get(VISIBLE)
    if given is not None and "," not in given and (count == 1 or given in NONE):
        return
    free = free_memory()
    devices = sorted(named_devices(given), key=lambda device: -free.get(device, 0))
    if not devices:
        return
    if count > 1:  # a process can use only one instance of a divided GPU
        devices = [device for device in devices if device.startswith("GPU-")]
    if len(devices) < count:
        raise InputError(f"{count} GPUs are needed, and this process may use {len(devices)}")
    own = _open_own(folder)
    is_waiting = False
    while not (taken := _take(own, devices, count)):
        if not is_waiting:
            holders = ", ".join(filter(None, (_holder(own, device) for device in devices)))
            log.info(
                "waiting for %d of %d GPUs, since other jobs (processes %s) lease too many; "
                "are there more GPU jobs at a time than GPUs?",
                count,
                len(devices),
                holders,
            )
            is_waiting = True
        time.sleep(INTERVAL)
    os.close(own)
    os.environ[VISIBLE] = ",".join(taken)
    log.info("leased %s", os.environ[VISIBLE])


def named_devices(given: str | None) -> list[str]:
    """The devices that a list of indexes (as `nvidia-smi` counts) and UUIDs names; all if None.

    Raises:
        InputError: one of them is not there.
    """
    gpus = visible_devices()
    if given is None or not gpus:
        return [device for gpu in gpus for device in gpu]
    devices = []
    for name in given.split(","):
        found = [
            device
            for index, gpu in enumerate(gpus)
            for device in gpu
            if name.strip() == str(index) or (len(name) > 4 and device.startswith(name.strip()))
        ]
        if not found:
            raise InputError(f"{VISIBLE} is {given!r}: this machine shows no GPU {name.strip()!r}")
        devices += found
    return devices


def free_memory() -> dict[str, int]:
    """The free memory of GPUs in MiB, by UUID; those that are divided are not told apart."""
    command = ["nvidia-smi", "--query-gpu=uuid,memory.free", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return {}
    return {uuid: int(free) for uuid, free in re.findall(r"^(GPU-\S+), (\d+)$", done.stdout, re.M)}


def visible_devices() -> list[list[str]]:
    """The UUIDs of the devices of each GPU that the driver shows to this process, in the order of
    the GPUs' indexes; empty without NVIDIA's driver.

    A GPU that is divided (MIG) is replaced by its instances, of which a process can use one.
    `nvidia-smi` is asked, since it respects what a container or a cgroup hides and `/proc` does not
    always. A UUID, unlike an index, means the same in every container and order of devices.
    """
    try:
        done = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=False)
    except OSError:
        return []
    gpus: list[list[str]] = []
    for device in re.findall(r"\(UUID: ((?:GPU|MIG)-[^)]+)\)", done.stdout):
        if device.startswith("GPU-") or not gpus:
            gpus.append([device])
        else:  # instances are listed below their GPU, which they take the place of
            gpus[-1] = [*(known for known in gpus[-1] if known.startswith("MIG-")), device]
    return gpus


def _open_own(folder: Path) -> int:
    """Open a folder that nobody else can write to: in `/tmp` anybody may have made it first."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    with suppress(NotADirectoryError, PermissionError):
        opened = os.open(folder, os.O_DIRECTORY | os.O_NOFOLLOW)
        status = os.fstat(opened)
        if status.st_uid == os.geteuid() and not status.st_mode & 0o022:
            return opened
        os.close(opened)
    raise InputError(
        f"{folder}: GPUs are leased in this folder, but it is not one that only you can write to: "
        f"have it removed, or name the GPU to use in {VISIBLE}"
    )


def _take(own: int, devices: Sequence[str], count: int) -> list[str]:
    """Lease so many of the devices, the first that are free; none where fewer are free."""
    fcntl.flock(own, fcntl.LOCK_EX)  # nobody else sees a device that is given back at once
    try:
        free = {d: lease for d in devices if (lease := _lock(own, d)) is not None}
        taken = list(free)[:count] if len(free) >= count else []
        for device, lease in free.items():
            if device in taken:
                os.write(lease, str(os.getpid()).encode())
                _leases.append(lease)
            else:
                os.close(lease)
        return taken
    finally:
        fcntl.flock(own, fcntl.LOCK_UN)


def _lock(own: int, device: str) -> int | None:
    """The lease of a device, in which no holder is written yet; None if another process has it."""
    lease = os.open(_file(device), os.O_RDWR | os.O_CREAT, 0o600, dir_fd=own)
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lease)
        return None
    os.truncate(lease, 0)
    return lease


def _holder(own: int, device: str) -> str:
    """The process id that holds a device, as it wrote it down; empty if the device is free."""
    opened = os.open(_file(device), os.O_RDONLY, dir_fd=own)
    with os.fdopen(opened, encoding="ascii") as file:
        return file.read()


def _file(device: str) -> str:
    return f"{device.replace('/', '_')}.lock"  # old drivers name MIG instances with slashes
