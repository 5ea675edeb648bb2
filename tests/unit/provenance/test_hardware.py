import platform

import pytest
import torch
from failpairs.provenance.hardware import describe, hardware, processor

MACHINE = platform.machine()


@pytest.mark.parametrize(
    ("cpuinfo", "name"),
    [
        (
            "processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD  EPYC\n\nmodel name\t: AMD EPYC\n",
            f"AMD EPYC ({MACHINE})",
        ),
        ("processor\t: 0\nCPU implementer\t: 0x41\n", MACHINE),
        ("", MACHINE),
    ],
)
def test_the_processor_has_the_name_that_linux_gives_it(cpuinfo: str, name: str) -> None:
    assert processor(cpuinfo) == name


def test_gpus_are_named_and_counted() -> None:
    assert describe("EPYC", 64, 251.4, ["H100", "H100", "T4"]) == (
        "EPYC, 64 logical cores, 251 GiB, 2 × H100, 1 × T4"
    )
    assert describe("EPYC", 2, 7.76, []) == "EPYC, 2 logical cores, 8 GiB"


def test_the_hardware_names_the_gpus_that_models_can_run_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without = hardware().partition(" GiB")[0]
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda place: f"GPU {place // 2}")
    assert hardware() == f"{without} GiB, 2 × GPU 0"
    assert MACHINE in without
