import pytest
from failpairs.execution.sandbox.seccomp import (
    ARCHITECTURES,
    ATTACKS,
    LIMITED,
    TIMES,
    USELESS,
    Table,
    alone_filter,
    first_filter,
    numbers,
)
from failpairs.execution.sandbox.syscalls import SandboxUnavailable

PARTS = (ATTACKS, USELESS, TIMES, LIMITED)


@pytest.mark.parametrize(
    ("part", "name", "on_x86_64", "on_aarch64"),
    [
        (ATTACKS, "socket", 41, 198),
        (ATTACKS, "fork", 57, None),
        (ATTACKS, "execve", 59, 221),
        (ATTACKS, "ptrace", 101, 117),
        (ATTACKS, "mount", 165, 40),
        (ATTACKS, "bpf", 321, 280),
        (ATTACKS, "io_uring_setup", 425, 425),
        (USELESS, "chown", 92, None),
        (USELESS, "fchown", 93, 55),
        (USELESS, "sched_setaffinity", 203, 122),
        (USELESS, "userfaultfd", 323, 282),
        (LIMITED, "kill", 62, 129),
        (LIMITED, "clone", 56, 220),
        (LIMITED, "prlimit64", 302, 261),
    ],
)
def test_system_calls_have_the_numbers_of_the_kernel(
    part: Table, name: str, on_x86_64: int, on_aarch64: int | None
) -> None:
    assert part[name] == (on_x86_64, on_aarch64)


def test_each_system_call_stands_in_one_part_of_the_table() -> None:
    names = [name for part in PARTS for name in part]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_each_number_of_a_machine_is_that_of_one_system_call(machine: str) -> None:
    found = [number for part in PARTS for number in numbers(part, machine).values()]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_filters_name_their_machine_and_every_system_call(machine: str) -> None:
    values = {value for *_, value in [*first_filter(machine), *alone_filter(machine)]}
    assert ARCHITECTURES[machine] in values
    assert values > {number for part in PARTS for number in numbers(part, machine).values()}


def test_an_unknown_machine_has_no_filter() -> None:
    with pytest.raises(SandboxUnavailable, match="riscv64"):
        first_filter("riscv64")
