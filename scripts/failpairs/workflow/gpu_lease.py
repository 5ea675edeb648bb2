"""A GPU for each job: one that no other job of this user on this machine holds."""

import fcntl
import logging
import os
import re
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from failpairs.errors import InputError

log = logging.getLogger(__name__)

VISIBLE = "CUDA_VISIBLE_DEVICES"
# On every node, its own, and the same for all jobs: TMPDIR may differ from job to job, and
# /run/user and /dev/shm are emptied when their owner logs out, though jobs may still run.
FOLDER = Path("/tmp") / f"failpairs-{os.geteuid()}"
INTERVAL = 1.0  # seconds between two looks while all devices are leased

_leases: list[int] = []  # descriptors that stay open as long as the process


def lease_device(folder: Path = FOLDER) -> None:
    """Hold a GPU until this process ends, and let CUDA see no other; to be called before torch or
    vllm is imported.

    Nothing is done where `CUDA_VISIBLE_DEVICES` is set, even to nothing: by Slurm, Kubernetes or
    the user. Nor where there is no NVIDIA GPU. Where all are leased, wait for one: a run with more
    GPU jobs than devices takes longer, and does not fail.

    The lease is a `flock`, so that the kernel takes it back however the process dies. A forked
    child shares it, and keeps it if it lives longer, as it keeps the GPU's memory; another program
    that is started does not.

    Args:
        folder: for the lock files; local to the machine. It is made where it is missing.

    Raises:
        InputError: the folder is not this user's own.
    """
    if VISIBLE in os.environ:
        return
    devices = visible_devices()
    if not devices:
        return
    own = _open_own(folder)
    is_waiting = False
    while not any(_take(own, device) for device in devices):
        if not is_waiting:
            holders = ", ".join(_holder(own, device) for device in devices)
            log.info(
                "all %d GPUs are leased by other jobs (processes %s): waiting for one; "
                "are there more GPU jobs at a time than GPUs?",
                len(devices),
                holders,
            )
            is_waiting = True
        time.sleep(INTERVAL)
    os.close(own)
    log.info("leased %s", os.environ[VISIBLE])


def visible_devices() -> list[str]:
    """The UUIDs of the GPUs that the driver shows to this process, empty without NVIDIA's driver.

    A GPU that is divided (MIG) is replaced by its instances, of which a process can use one.
    `nvidia-smi` is asked, since it respects what a container or a cgroup hides and `/proc` does not
    always. A UUID, unlike an index, means the same in every container and order of devices.
    """
    try:
        done = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=False)
    except OSError:
        return []
    devices: list[str] = []
    for device in re.findall(r"\(UUID: ((?:GPU|MIG)-[^)]+)\)", done.stdout):
        if device.startswith("MIG-") and devices and devices[-1].startswith("GPU-"):
            devices.pop()  # instances are listed below their GPU
        devices.append(device)
    return devices


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


def _take(own: int, device: str) -> bool:
    """Lease a device unless another process holds it."""
    lease = os.open(_file(device), os.O_RDWR | os.O_CREAT, 0o600, dir_fd=own)
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lease)
        return False
    os.truncate(lease, 0)
    os.write(lease, str(os.getpid()).encode())
    os.environ[VISIBLE] = device
    _leases.append(lease)
    return True


def _holder(own: int, device: str) -> str:
    """The process id that holds a device, as it wrote it down."""
    opened = os.open(_file(device), os.O_RDONLY, dir_fd=own)
    with os.fdopen(opened, encoding="ascii") as file:
        return file.read() or "?"


def _file(device: str) -> str:
    return f"{device.replace('/', '_')}.lock"  # old drivers name MIG instances with slashes
