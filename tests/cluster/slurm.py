"""A real Slurm of one node with one fake GPU, for tests: its own munge, controller and node daemon.

Everything it writes lies in one folder. Daemons and commands run in namespaces in which that folder
is /etc/slurm (job steps strip SLURM_CONF, so that nothing else would do). Hence nobody else sees
this Slurm, and nothing is left of it but the folder, even where the tests are killed.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "srun", "scancel", "scontrol", "sinfo"]
CONFIGURATION = Path(__file__).with_name("slurm.conf")
FOLDER = "/etc/slurm"
PATIENCE_S = 600  # turns a hang into a failure, on however busy a machine
NAMESPACES = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
# In a process namespace all that a program started dies with it, and it dies with the tests.
ALONE = ["setpriv", "--pdeathsig", "KILL", *NAMESPACES]


@dataclass(frozen=True)
class Job:
    """One job as Slurm records it."""

    id: int
    rule: str
    wildcards: str
    partition: str
    state: str
    reason: str  # why it waits
    gpu: str  # index of the GPU that it is bound to; empty without one, and once it has ended
    start: str  # ISO time, to the second; Unknown before
    end: str


def why_not() -> str:
    """What keeps a Slurm from being started here; empty if nothing does."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        return f"Slurm is not installed (no {', '.join(missing)})"
    if os.geteuid() != 0:
        return "starting Slurm needs root"
    if Path(FOLDER, "slurm.conf").exists():
        return f"a Slurm is configured here already ({FOLDER}/slurm.conf)"
    if subprocess.run([*NAMESPACES, "true"], capture_output=True, check=False).returncode:
        return "mount and process namespaces are forbidden here"
    return ""


class Slurm:
    """A running Slurm."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, *words: str) -> list[str]:
        """A command line that runs a program where this Slurm is the one configured."""
        inside = f'mount --bind "$0" {FOLDER} && exec "$@"'
        return [*ALONE, "sh", "-c", inside, str(self.folder), *words]

    def ask(self, *words: str) -> str:
        """What one of Slurm's commands answers."""
        done = subprocess.run(
            self.command(*words), capture_output=True, text=True, timeout=PATIENCE_S, check=True
        )
        return done.stdout

    def jobs(self) -> list[Job]:
        """All jobs since the start, oldest first."""
        lines = self.ask("scontrol", "show", "job", "--details", "--oneliner").splitlines()
        return sorted(map(_job, filter(None, map(_fields, lines))), key=lambda job: job.id)

    def is_idle(self) -> bool:
        """Whether the node is there and has no job."""
        done = subprocess.run(
            self.command("sinfo", "--noheader", "--format=%T"),
            capture_output=True,
            text=True,
            check=False,
        )
        return set(done.stdout.split()) == {"idle"}


@contextmanager
def running_slurm(folder: Path, partitions: list[str]) -> Iterator[Slurm]:
    """Start a Slurm whose one node is in all the partitions; at the end stop it and its jobs."""
    _configure(folder, partitions)
    slurm = Slurm(folder)
    with ExitStack() as daemons:
        munge = ["--foreground", "--key-file=munge.key", "--socket=munge.socket"]
        munge += ["--pid-file=munged.pid", "--seed-file=munged.seed", "--log-file=munged.log"]
        munge = [word.replace("=", f"={FOLDER}/") for word in munge]
        daemons.enter_context(_daemon(slurm, "munged", *munge))
        _until(lambda: (folder / "munge.socket").exists(), slurm)
        daemons.enter_context(_daemon(slurm, "slurmctld", "-D"))
        daemons.enter_context(_daemon(slurm, "slurmd", "-D"))
        _until(slurm.is_idle, slurm)
        try:
            yield slurm
        finally:
            slurm.ask("scancel", "--user=root")
            _until(slurm.is_idle, slurm)


def _configure(folder: Path, partitions: list[str]) -> None:
    node = socket.gethostname().split(".")[0]
    lines = [
        CONFIGURATION.read_text(encoding="utf-8"),
        f"SlurmctldHost={node}(127.0.0.1)",
        f"SlurmctldPort={_free_port()}",
        f"SlurmdPort={_free_port()}",
        "TaskProlog=/etc/slurm/prolog.sh",
        f"NodeName={node} NodeAddr=127.0.0.1 CPUs=8 RealMemory=64000 Gres=gpu:1 State=UNKNOWN",
    ]
    # A node is kept for the first job that waits for it. A waiting GPU job must not hold up the
    # others, hence the first partition has the highest tier.
    for tier, name in enumerate(reversed(partitions), start=1):
        default = "YES" if tier == len(partitions) else "NO"
        lines.append(f"PartitionName={name} Nodes={node} Default={default} PriorityTier={tier}")
    folder.chmod(0o755)  # munge wants others to reach its socket
    (folder / "slurm.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    # A GPU must be some character device, and none that PyTorch could use: programs are shown none.
    prolog = folder / "prolog.sh"
    prolog.write_text("#!/bin/sh\necho export CUDA_VISIBLE_DEVICES=\n", encoding="utf-8")
    prolog.chmod(0o755)
    (folder / "gres.conf").write_text(
        f"NodeName={node} Name=gpu File=/dev/null\n", encoding="utf-8"
    )
    (folder / "munge.key").write_bytes(os.urandom(1024))
    (folder / "munge.key").chmod(0o400)
    for name in ("state", "spool"):
        (folder / name).mkdir()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _daemon(slurm: Slurm, *words: str) -> Iterator[None]:
    with (slurm.folder / f"{words[0]}.out").open("w") as output:
        process = subprocess.Popen(
            slurm.command(*words), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _until(condition: Callable[[], bool], slurm: Slurm) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            said = [
                p.read_text(encoding="utf-8") for p in sorted(slurm.folder.glob("*.[lo][ou][gt]"))
            ]
            raise TimeoutError("Slurm did not come up or down:\n" + "\n".join(said))
        time.sleep(0.1)


def _fields(line: str) -> dict[str, str]:
    return dict(re.findall(r"(\S+?)=(\S*)", line))


def _job(fields: dict[str, str]) -> Job:
    rule, _, wildcards = fields["Comment"].removeprefix("rule_").partition("_wildcards_")
    bound = re.search(r"gpu[^(]*\(IDX:([\d,-]+)\)", fields.get("GRES", ""))
    return Job(
        id=int(fields["JobId"]),
        rule=rule,
        wildcards=wildcards.strip("_"),
        partition=fields["Partition"],
        state=fields["JobState"],
        reason=fields["Reason"],
        gpu=bound[1] if bound else "",
        start=fields["StartTime"],
        end=fields["EndTime"],
    )
