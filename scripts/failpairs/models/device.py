"""The device and the number format that models run in: chosen, checked, and said in the log."""

import logging
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from failpairs.errors import InputError
from failpairs.storage.files import read_json

log = logging.getLogger(__name__)

VISIBLE = "CUDA_VISIBLE_DEVICES"
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2, "nf4": 0.5}  # of a weight
GIB = 2**30
INDEX = "model.safetensors.index.json"  # says which file holds which weight


@dataclass(frozen=True)
class Device:
    """Where models run.

    Attributes:
        kind: `cuda` or `cpu`.
        name: of the GPU.
        memory: bytes of the GPU; 0 of a CPU, where memory is not asked about.
        free: bytes of them that no process uses.
    """

    kind: str
    name: str = ""
    memory: int = 0
    free: int = 0


def find_device() -> Device:
    """The GPU that this process may see, or the CPU where there is none.

    Raises:
        InputError: there is one, but PyTorch cannot use it: to run on the CPU instead would take
            days and not be noticed.
    """
    import torch

    if not torch.cuda.is_available():
        visible = os.environ.get(VISIBLE, "")
        if visible in ("", "-1", "NoDevFiles"):
            return Device("cpu")
        raise _unusable(visible, _why_unavailable())
    name, capability = torch.cuda.get_device_name(0), torch.cuda.get_device_capability(0)
    built_for = torch.cuda.get_arch_list()
    if not runs_on(built_for, capability):
        raise _unusable(
            name,
            f"it has compute capability {capability[0]}.{capability[1]}, and this build is for "
            f"{', '.join(built_for)}",
        )
    free, memory = torch.cuda.mem_get_info(0)
    return Device("cuda", name, memory, free)


def _why_unavailable() -> str:
    import torch

    if torch.version.cuda is None:
        return "this build has no CUDA"
    try:
        torch.cuda.init()  # type: ignore[no-untyped-call]
    except (RuntimeError, AssertionError) as error:
        return f"built for CUDA {torch.version.cuda}, driver {driver() or 'unknown'}: {error}"
    return f"built for CUDA {torch.version.cuda}, driver {driver() or 'unknown'}"


def _unusable(gpu: str, reason: str) -> InputError:
    import torch

    return InputError(
        f"GPU {gpu}: PyTorch {torch.__version__} cannot use it ({reason}); update the driver, "
        "install a build of PyTorch for it (remove .venv and run `make env CPU=`), or set "
        f"{VISIBLE} to nothing to run on the CPU"
    )


def runs_on(architectures: Sequence[str], capability: tuple[int, int]) -> bool:
    """Whether code for some architectures runs on a GPU: binaries on those of the same generation
    that are not older, and intermediate code (`compute_`) on all that are not older.

    Example:
        >>> runs_on(["sm_80", "sm_90"], (8, 6)), runs_on(["sm_80", "sm_90"], (7, 5))
        (True, False)
        >>> runs_on(["sm_80", "compute_80"], (12, 0))
        True
    """
    for name in architectures:
        found = re.fullmatch(r"(sm|compute)_(\d+)(\d)[af]?", name)
        if found is None:
            continue
        version = int(found[2]), int(found[3])
        if version <= capability and (found[1] == "compute" or version[0] == capability[0]):
            return True
    return False


def driver() -> str:
    """The version of NVIDIA's driver; empty where it is not known."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (done.stdout.split() or [""])[0] if done.returncode == 0 else ""


def number_format(asked: str, n_weights: int, device: Device, quantization: str = "none") -> str:
    """The number format of the weights: what is asked for, or for `auto` float32 where the weights
    take less than half of the memory, and bfloat16 elsewhere.

    A small adapter is lost in bfloat16: of one whose reward margin was 0.0035, 97% of the adapted
    outputs were exactly those of the base model.

    Example:
        >>> gpu = Device("cuda", "", memory=24 * 2**30)
        >>> number_format("auto", 3 * 10**9, gpu), number_format("auto", 7 * 10**9, gpu)
        ('float32', 'bfloat16')
    """
    if asked != "auto":
        return asked
    # Of 4 bits with the embeddings and the output layer in float32, a weight takes about a byte.
    needed = n_weights * (BYTES["float32"] if quantization == "none" else 1)
    fits = device.kind == "cpu" or needed < device.memory / 2
    return "float32" if fits else "bfloat16"


def count_weights(folder: Path) -> int:
    """About how many weights a model folder holds, by the size of the files that are loaded."""
    config = read_json(folder / "config.json")
    stored = str(config.get("dtype") or config.get("torch_dtype") or "float32")
    files = [*folder.glob("*.safetensors")]
    whole = folder / "model.safetensors"
    if whole in files:  # which transformers prefers to an index
        files = [whole]
    elif (folder / INDEX).is_file():  # there may be a second copy of the weights beside
        files = [folder / name for name in {*read_json(folder / INDEX)["weight_map"].values()}]
    size = sum(path.stat().st_size for path in files)
    return int(size / BYTES.get(stored, 2))


def require_room(device: Device, dtype: str, n_weights: int) -> None:
    """Refuse a GPU whose memory other processes use, before a smaller batch is tried in vain.

    Raises:
        InputError: the weights do not fit into what is free.
    """
    needed = BYTES.get(dtype, 2) * n_weights
    if device.kind == "cpu" or needed <= device.free:
        return
    room = f"{device.free / GIB:.1f} of {device.memory / GIB:.1f} GiB are free"
    if needed <= device.memory:
        raise InputError(
            f"GPU {device.name} is busy: {room}, and the weights take {needed / GIB:.1f} GiB in "
            f"{dtype}; wait for the other processes, or name another GPU in {VISIBLE}"
        )
    raise InputError(
        f"GPU {device.name}: {room}, and the weights take {needed / GIB:.1f} GiB in {dtype}; use a "
        "larger GPU, a smaller model, or model.dtype bfloat16"
    )


def choose_device(
    folder: Path, asked: str, quantization: str = "none", n_gpus: int = 1
) -> tuple[str, str]:
    """Where a model runs here (`cuda` or `cpu`), and in which number format; the log says so.

    Args:
        folder: of the model.
        asked: `auto`, or a number format.
        quantization: `none`, or `nf4` for weights of 4 bits that are computed in that format.
        n_gpus: GPUs that share the weights; the number format does not depend on it.

    Raises:
        InputError: as `find_device` and `require_room`.
    """
    device, n_weights = find_device(), count_weights(folder)
    dtype = number_format(asked, n_weights, device, quantization)
    weights = dtype if quantization == "none" else quantization
    require_room(device, weights, n_weights // n_gpus)
    label = dtype if weights == dtype else f"{weights} weights in {dtype}"
    if device.kind == "cuda":
        log.info(
            "model: %s on %s (%.1f of %.1f GiB free, driver %s)",
            label,
            device.name,
            device.free / GIB,
            device.memory / GIB,
            driver() or "unknown",
        )
    else:
        log.info("model: %s on the CPU", label)
    return device.kind, dtype
