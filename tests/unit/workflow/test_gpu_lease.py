import os
import random
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import a_problem
from failpairs.errors import InputError
from failpairs.records import Pair
from failpairs.storage.files import write_jsonl
from failpairs.workflow.gpu_lease import FOLDER, VISIBLE, lease_device, visible_devices
from places import SCRIPTS

TWO_GPUS = """\
GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-aaaaaaaa-0000-4000-8000-000000000000)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-bbbbbbbb-0000-4000-8000-000000000000)
"""
DIVIDED = """\
GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-aaaaaaaa-0000-4000-8000-000000000000)
  MIG 3g.20gb     Device  0: (UUID: MIG-11111111-0000-4000-8000-000000000000)
  MIG 1g.5gb      Device  1: (UUID: MIG-22222222-0000-4000-8000-000000000000)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-bbbbbbbb-0000-4000-8000-000000000000)
"""
# Leases, says what it leased, and lives until its standard input ends.
JOB = """\
import logging, os, signal, sys
from pathlib import Path
from failpairs.workflow.gpu_lease import lease_device
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by jobs in the background
logging.basicConfig(level=logging.INFO, format="%(message)s")
lease_device(int(os.environ.get("COUNT", 1)), Path(sys.argv[1]))
print(os.environ.get("CUDA_VISIBLE_DEVICES"), flush=True)
"""
HOLD = "sys.stdin.read()\n"
WITH_FORKED_CHILD = """\
child = os.fork()
if child:
    print(child, flush=True)
sys.stdin.read()
"""
WITH_ANOTHER_PROGRAM = """\
import subprocess
print(subprocess.Popen(["sleep", "infinity"]).pid, flush=True)
sys.stdin.read()
"""


class Machine:
    """A machine whose `nvidia-smi -L` prints what a test wants, and the jobs that run there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.leases = folder / "leases"
        self.jobs: list[subprocess.Popen[str]] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != VISIBLE},
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(SCRIPTS),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def show(self, text: str, status: int = 0) -> None:
        """Have `nvidia-smi` print a text and end with a status."""
        program = self.folder / "bin" / "nvidia-smi"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\ncat <<'EOF'\n{text}EOF\nexit {status}\n", encoding="utf-8")
        program.chmod(0o755)

    def show_gpus(self, count: int) -> list[str]:
        """Have it list so many GPUs; their UUIDs, found on no other machine."""
        devices = [f"GPU-{uuid.uuid4()}" for _ in range(count)]
        self.show("".join(f"GPU {i}: Pretended (UUID: {d})\n" for i, d in enumerate(devices)))
        return devices

    def start(self, then: str = HOLD, **environment: str) -> subprocess.Popen[str]:
        """Start a job that leases a device and goes on to do something."""
        job = subprocess.Popen(
            [sys.executable, "-c", JOB + then, self.leases],
            env={**self.environment, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.jobs.append(job)
        return job


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    yield machine
    for job in machine.jobs:
        job.kill()
        job.communicate()


@pytest.fixture
def here(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """This process runs on that machine, and is rid of what it leased when the test has ended."""
    monkeypatch.setenv("PATH", machine.environment["PATH"])
    monkeypatch.setenv(VISIBLE, "")
    monkeypatch.delenv(VISIBLE)
    return machine


def leased(job: subprocess.Popen[str]) -> str:
    """The device of a job, as soon as it has one."""
    assert job.stdout is not None
    return job.stdout.readline().strip()


def waits(job: subprocess.Popen[str]) -> str:
    """What a job says that waits for a device."""
    assert job.stderr is not None
    return job.stderr.readline()


def end(job: subprocess.Popen[str], how: int = signal.SIGKILL) -> None:
    job.send_signal(how)
    job.wait()


def test_every_job_has_a_device_of_its_own(machine: Machine) -> None:
    devices = machine.show_gpus(3)
    jobs = [machine.start() for _ in devices]
    assert {leased(job) for job in jobs} == set(devices)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_device_of_a_dead_job_is_free_again(machine: Machine, how: int) -> None:
    machine.show_gpus(2)
    jobs = [machine.start(), machine.start()]
    devices = [leased(job) for job in jobs]
    end(jobs[0], how)
    assert leased(machine.start()) == devices[0]


def test_a_job_too_many_says_so_and_waits(machine: Machine) -> None:
    machine.show_gpus(2)
    jobs = [machine.start(), machine.start()]
    devices = [leased(job) for job in jobs]
    late = machine.start()
    message = waits(late)
    assert message.startswith("all 2 GPUs are leased by other jobs")
    assert all(str(job.pid) in message for job in jobs)
    end(jobs[1])
    assert leased(late) == devices[1]


def test_a_forked_child_keeps_the_device_as_long_as_it_lives(machine: Machine) -> None:
    machine.show_gpus(1)
    job = machine.start(WITH_FORKED_CHILD)
    device, child = leased(job), int(leased(job))
    end(job)
    late = machine.start()
    assert "waiting" in waits(late)
    os.kill(child, signal.SIGKILL)
    assert leased(late) == device


def test_another_program_that_a_job_started_does_not_keep_its_device(machine: Machine) -> None:
    machine.show_gpus(1)
    job = machine.start(WITH_ANOTHER_PROGRAM)
    device, other = leased(job), int(leased(job))
    end(job)
    try:
        assert leased(machine.start()) == device
        os.kill(other, 0)  # it is still there
    finally:
        os.kill(other, signal.SIGKILL)


def test_no_two_living_jobs_ever_hold_the_same_device(machine: Machine) -> None:
    devices = machine.show_gpus(3)
    chance = random.Random(0)
    living: dict[subprocess.Popen[str], str] = {}
    for _ in range(12):
        for job in chance.sample(list(living), chance.randint(0, len(living))):
            end(job, chance.choice([signal.SIGKILL, signal.SIGTERM]))
            del living[job]
        new = [machine.start() for _ in range(chance.randint(0, len(devices) - len(living)))]
        living |= {job: leased(job) for job in new}
        assert len(set(living.values())) == len(living)
        assert set(living.values()) <= set(devices)


@pytest.mark.parametrize("value", ["", "1", "NoDevFiles"])
def test_what_somebody_has_set_stays(machine: Machine, value: str) -> None:
    machine.show_gpus(2)
    assert leased(machine.start(CUDA_VISIBLE_DEVICES=value)) == value
    assert not machine.leases.exists()


def test_one_of_several_devices_that_are_named_is_leased(machine: Machine) -> None:
    devices = machine.show_gpus(4)
    named = f"3,{devices[1]}"
    jobs = [machine.start(CUDA_VISIBLE_DEVICES=named) for _ in range(2)]
    assert {leased(job) for job in jobs} == {devices[1], devices[3]}
    third = machine.start(CUDA_VISIBLE_DEVICES=named)
    assert "all 2 GPUs are leased" in waits(third)


def test_a_job_of_several_processes_leases_as_many_devices_or_waits_with_none(
    machine: Machine,
) -> None:
    devices = machine.show_gpus(3)
    job = machine.start(COUNT="2")
    two = leased(job).split(",")
    assert len({*two} & {*devices}) == 2
    late = machine.start(COUNT="2")
    assert waits(late).startswith("too many of 3 GPUs are leased by other jobs")
    assert leased(machine.start()) in {*devices} - {*two}
    end(job)
    assert leased(late).split(",") == two


@pytest.mark.parametrize("named", ["0", "0,1"])
def test_a_job_with_fewer_devices_than_processes_is_refused(machine: Machine, named: str) -> None:
    machine.show_gpus(2)
    job = machine.start(COUNT="3", CUDA_VISIBLE_DEVICES=named)
    _, said = job.communicate("")
    assert f"3 processes need as many GPUs, and this job has {len(named.split(','))}" in said


def test_instances_of_a_divided_gpu_are_not_used_together(machine: Machine) -> None:
    machine.show(DIVIDED)
    _, said = machine.start(COUNT="2").communicate("")
    assert "this job has 1" in said


def test_a_device_that_is_not_there_is_named(machine: Machine) -> None:
    machine.show_gpus(2)
    job = machine.start(CUDA_VISIBLE_DEVICES="0,2")
    _, said = job.communicate("")
    assert job.returncode != 0
    assert "CUDA_VISIBLE_DEVICES is '0,2': this machine shows no GPU '2'" in said


def test_the_device_with_the_most_free_memory_comes_first(machine: Machine) -> None:
    free = {f"GPU-{uuid.uuid4()}": memory for memory in (900, 40_000, 20_000)}
    listed = "".join(f"GPU {i}: Pretended (UUID: {d})\n" for i, d in enumerate(free))
    queried = "".join(f"{device}, {memory}\n" for device, memory in free.items())
    machine.show(listed + queried)
    order = sorted(free, key=lambda device: -free[device])
    assert [leased(machine.start()) for _ in free] == order


def test_nothing_is_set_without_a_gpu(machine: Machine) -> None:
    assert leased(machine.start()) == "None"
    assert leased(machine.start(CUDA_VISIBLE_DEVICES="0,1")) == "0,1"
    machine.show("NVIDIA-SMI has failed because it couldn't communicate with the driver.\n", 9)
    assert leased(machine.start()) == "None"


@pytest.mark.parametrize(
    ("shown", "devices"),
    [
        (TWO_GPUS, ["GPU-aaaaaaaa", "GPU-bbbbbbbb"]),
        (DIVIDED, ["MIG-11111111", "MIG-22222222", "GPU-bbbbbbbb"]),
        ("No devices found.\n", []),
    ],
    ids=["two", "one of them divided", "none"],
)
def test_devices_are_those_that_a_process_can_use(
    here: Machine, shown: str, devices: list[str]
) -> None:
    here.show(shown)
    assert [device[:12] for gpu in visible_devices() for device in gpu] == devices


def test_the_instances_of_a_divided_gpu_are_leased_one_by_one(machine: Machine) -> None:
    parts = [f"MIG-GPU-{uuid.uuid4()}/1/{i}" for i in range(2)]  # as older drivers name them
    machine.show("".join(f"  MIG 1g.5gb Device {i}: (UUID: {p})\n" for i, p in enumerate(parts)))
    assert {leased(machine.start()) for _ in parts} == set(parts)


def test_a_link_of_somebody_else_is_not_followed(here: Machine, tmp_path: Path) -> None:
    here.show_gpus(1)
    target = tmp_path / "precious"
    target.mkdir(mode=0o700)
    here.leases.symlink_to(target)
    with pytest.raises(InputError, match="only you can write"):
        lease_device(folder=here.leases)
    assert list(target.iterdir()) == []


def test_a_folder_that_others_can_write_to_is_refused(here: Machine) -> None:
    here.show_gpus(1)
    here.leases.mkdir()
    here.leases.chmod(0o777)
    with pytest.raises(InputError, match="only you can write"):
        lease_device(folder=here.leases)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(here: Machine) -> None:
    here.show_gpus(1)
    here.leases.mkdir(mode=0o700)
    os.chown(here.leases, 12345, 12345)
    with pytest.raises(InputError, match="only you can write"):
        lease_device(folder=here.leases)


@pytest.mark.parametrize("script", ["sample", "reference", "train"])
def test_the_programs_hold_a_device_before_torch_is_imported(
    machine: Machine, tmp_path: Path, script: str
) -> None:
    (device,) = machine.show_gpus(1)
    stand_in = tmp_path / "modules" / "torch.py"
    stand_in.parent.mkdir()
    stand_in.write_text(f"import os\nraise SystemExit(os.environ['{VISIBLE}'])\n", encoding="utf-8")
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text("{}", encoding="utf-8")
    (model / "model.safetensors").write_bytes(b"weights")
    pair = {"task_id": "t", "prompt": "p", "chosen": "c", "rejected": "r"}
    rest = {"chosen_index": 0, "rejected_index": 1, "rejected_label": "TIMEOUT"}
    ratios = {"similarity": 0.5, "length_ratio": 1.0}
    write_jsonl(tmp_path / "pairs.jsonl", [Pair.model_validate({**pair, **rest, **ratios})])
    write_jsonl(tmp_path / "problems.jsonl", [a_problem()])
    arguments = {
        "sample": ["--problems", "problems.jsonl", "--output", "samples.jsonl"],
        "reference": ["--pairs", "pairs.jsonl", "--output", "reference_logps.jsonl"],
        "train": ["--pairs", "pairs.jsonl", "--output-dir", "adapter", "--seed", "0"],
    }[script]
    done = subprocess.run(
        [sys.executable, SCRIPTS / f"{script}.py", "--model", model, *arguments],
        cwd=tmp_path,
        env={**machine.environment, "PYTHONPATH": str(stand_in.parent)},
        capture_output=True,
        text=True,
    )
    (FOLDER / f"{device}.lock").unlink(missing_ok=True)
    assert done.stderr.splitlines() == [f"leased {device}", device]
