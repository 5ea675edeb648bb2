"""The device of models: what is chosen, and what is refused instead of running slowly."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from failpairs.errors import InputError
from failpairs.models import device
from failpairs.models.device import (
    GIB,
    VISIBLE,
    Device,
    choose_device,
    count_weights,
    find_device,
    number_format,
    require_room,
    runs_on,
)
from tiny_model import write_tiny_model

WHEELS = ["sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120", "compute_120"]


class Gpu:
    """A GPU that PyTorch is made to believe in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, usable: bool = True) -> None:
        self.capability, self.free = (9, 0), 70 * GIB
        for name, value in {
            "is_available": lambda: usable,
            "get_device_name": lambda index: "Pretended",
            "get_device_capability": lambda index: self.capability,
            "get_arch_list": lambda: WHEELS,
            "mem_get_info": lambda index: (self.free, 80 * GIB),
        }.items():
            monkeypatch.setattr(torch.cuda, name, value)
        monkeypatch.setattr(device, "driver", lambda: "580.95.05")
        monkeypatch.setenv(VISIBLE, "GPU-0123")


def test_without_a_gpu_models_run_on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    Gpu(monkeypatch, usable=False)
    for nothing in ("", "-1", "NoDevFiles"):
        monkeypatch.setenv(VISIBLE, nothing)
        assert find_device() == Device("cpu")


@pytest.mark.parametrize(
    ("cuda", "error", "reason"),
    [
        (None, None, "this build has no CUDA"),
        (
            "13.0",
            RuntimeError("The NVIDIA driver on your system is too old (found version 12020)."),
            "built for CUDA 13.0, driver 580.95.05: The NVIDIA driver on your system is too old",
        ),
    ],
)
def test_a_gpu_that_pytorch_cannot_use_is_an_error(
    monkeypatch: pytest.MonkeyPatch, cuda: str | None, error: Exception | None, reason: str
) -> None:
    Gpu(monkeypatch, usable=False)
    monkeypatch.setattr(torch.version, "cuda", cuda)

    def fail() -> None:
        if error is not None:
            raise error

    monkeypatch.setattr(torch.cuda, "init", fail)
    with pytest.raises(InputError, match="update the driver") as caught:
        find_device()
    assert f"GPU GPU-0123: PyTorch {torch.__version__} cannot use it ({reason}" in str(caught.value)
    assert "set CUDA_VISIBLE_DEVICES to nothing" in str(caught.value)


def test_a_gpu_of_another_generation_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Gpu(monkeypatch)
    assert find_device() == Device("cuda", "Pretended", 80 * GIB, 70 * GIB)
    gpu.capability = (6, 1)
    with pytest.raises(InputError, match=r"Pretended: .*compute capability 6\.1, .* for sm_75, sm"):
        find_device()


@pytest.mark.parametrize(
    ("capability", "runs"),
    [
        ((7, 0), False),
        ((7, 5), True),
        ((8, 9), True),
        ((10, 3), True),
        ((11, 0), False),
        ((12, 0), True),
        ((12, 1), True),
        ((13, 0), True),
    ],
)
def test_binaries_run_on_their_generation_and_intermediate_code_on_later_ones(
    capability: tuple[int, int], runs: bool
) -> None:
    assert runs_on([*WHEELS, "gfx90a"], capability) is runs


@pytest.mark.parametrize(
    ("asked", "billions", "gpu_gib", "dtype"),
    [
        ("auto", 3.09, 24, "float32"),  # 11.5 GiB
        ("auto", 3.09, 23, "bfloat16"),
        ("auto", 0.135, 8, "float32"),
        ("auto", 7.6, 80, "float32"),
        ("auto", 32.8, 80, "bfloat16"),
        ("float32", 32.8, 80, "float32"),
        ("bfloat16", 0.135, 0, "bfloat16"),
        ("auto", 32.8, 0, "float32"),
    ],
)
def test_the_number_format_follows_the_memory(
    asked: str, billions: float, gpu_gib: int, dtype: str
) -> None:
    found = Device("cuda", "", gpu_gib * GIB, gpu_gib * GIB) if gpu_gib else Device("cpu")
    assert number_format(asked, int(billions * 1e9), found) == dtype


@pytest.mark.parametrize(("gpu_gib", "dtype"), [(24, "float32"), (12, "bfloat16")])
def test_weights_of_4_bits_take_less_of_it(gpu_gib: int, dtype: str) -> None:
    found = Device("cuda", "Pretended", gpu_gib * GIB, gpu_gib * GIB)
    assert number_format("auto", 7 * 10**9, found, "nf4") == dtype
    require_room(found, "nf4", 20 * 10**9)
    with pytest.raises(InputError, match=r"take 27\.9 GiB in nf4"):
        require_room(found, "nf4", 60 * 10**9)


def test_a_busy_gpu_is_named_before_anything_is_loaded() -> None:
    busy = Device("cuda", "Pretended", 24 * GIB, 2 * GIB)
    with pytest.raises(InputError, match=r"Pretended is busy: 2\.0 of 24\.0 GiB .* take 5\.6 GiB"):
        require_room(busy, "bfloat16", 3 * 10**9)
    with pytest.raises(InputError, match=r"take 26\.1 GiB in float32; use a larger GPU"):
        require_room(busy, "float32", 7 * 10**9)
    require_room(busy, "bfloat16", 10**9)
    require_room(Device("cpu"), "float32", 10**12)


def test_the_log_says_what_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    folder = write_tiny_model(tmp_path)
    Gpu(monkeypatch)
    assert choose_device(folder, "auto") == ("cuda", "float32")
    assert "model: float32 on Pretended (70.0 of 80.0 GiB free, driver 580.95.05)" in caplog.text
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setenv(VISIBLE, "")
    assert choose_device(folder, "bfloat16") == ("cpu", "bfloat16")
    assert "model: bfloat16 on the CPU" in caplog.text
    assert choose_device(folder, "bfloat16", "nf4") == ("cpu", "bfloat16")
    assert "model: nf4 weights in bfloat16 on the CPU" in caplog.text


def test_several_gpus_share_the_weights_in_the_number_format_of_a_single_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Gpu(monkeypatch)
    monkeypatch.setattr(device, "count_weights", lambda folder: 50 * 10**9)
    with pytest.raises(InputError, match=r"take 93\.1 GiB in bfloat16"):
        choose_device(tmp_path, "auto")
    assert choose_device(tmp_path, "auto", n_gpus=2) == ("cuda", "bfloat16")
    monkeypatch.setattr(device, "count_weights", lambda folder: 11 * 10**9)
    assert choose_device(tmp_path, "auto") == choose_device(tmp_path, "auto", n_gpus=4)


def test_weights_are_counted_by_the_size_of_their_files(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path)
    settings: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    for stored, width in (("float32", 4), ("bfloat16", 2)):
        text = json.dumps({**settings, "dtype": stored})
        (folder / "config.json").write_text(text, encoding="utf-8")
        assert count_weights(folder) == size // width


def test_a_second_copy_of_the_weights_is_not_counted(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path)
    expected = count_weights(folder)
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "consolidated.safetensors").write_bytes(weights)
    (folder / "model.safetensors").rename(folder / "model-00001-of-00001.safetensors")
    index = {"weight_map": dict.fromkeys("ab", "model-00001-of-00001.safetensors")}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    assert count_weights(folder) == expected
