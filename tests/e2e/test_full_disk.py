"""Every stage on a full disk: it says so, harms nothing, and goes on once there is space."""

import csv
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Project
from deliverables import deliverables

STAGES = (
    "prepare_model prepare_eval_problems prepare_train_problems sample_shard gather_samples "
    "execute curate reference train evaluate report"
).split()


class Disk:
    """The results of a finished project on a disk of their own."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.filler = project.results / ".filler"
        self.before = deliverables(project.results)
        self.stages: dict[str, tuple[str, list[Path]]] = {}
        table = project.snakemake("--detailed-summary").stdout
        for row in csv.DictReader(table.splitlines(), delimiter="\t"):
            command, outputs = self.stages.setdefault(row["rule"], (row["shellcmd"], []))
            if command == row["shellcmd"]:
                outputs.append(project.folder / row["output_file"])

    def fill(self, left: int) -> None:
        """Leave this many bytes, or one page less."""
        free = os.statvfs(self.project.results)
        with self.filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - left)

    def make_space(self) -> None:
        self.filler.unlink()


@pytest.fixture(scope="module")
def disk(_finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    folder = tmp_path_factory.mktemp("disk") / "project"
    subprocess.run(["cp", "-a", _finished.folder, folder], check=True)
    project = Project(folder)
    project.results.rename(folder / "elsewhere")
    project.results.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(project.results)]
    mounted = subprocess.run(mount, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    subprocess.run(["cp", "-a", f"{folder}/elsewhere/.", project.results], check=True)
    yield Disk(project)
    subprocess.run(["umount", str(project.results)], check=True)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_fills_the_disk_goes_on_when_there_is_space(disk: Disk, stage: str) -> None:
    command, outputs = disk.stages[stage]
    size = sum(path.stat().st_size for path in outputs)
    for path in outputs:
        path.unlink()
    disk.fill(left=size // 2)
    failed = disk.project.run("bash", "-c", command, OMP_NUM_THREADS="2")
    log = Path(command.rpartition("2> ")[2])
    said = failed.stdout + (disk.project.folder / log).read_text(encoding="utf-8")
    assert failed.returncode == 2, said
    assert "Traceback" not in said
    [error] = [line for line in said.splitlines() if line.startswith("error:")]
    assert error.startswith("error: the disk is full while writing results/test/")
    assert error.endswith(": free some space and run again")
    # What can be seen is as it was, or whole; only outputs are missing.
    after = deliverables(disk.project.results)
    assert after.items() <= disk.before.items()
    missing = {*disk.before} - {*after}
    assert missing and missing <= {str(p.relative_to(disk.project.results)) for p in outputs}

    disk.make_space()
    done = disk.project.run("bash", "-c", command, OMP_NUM_THREADS="2")
    assert done.returncode == 0, (disk.project.folder / log).read_text(encoding="utf-8")
    assert deliverables(disk.project.results) == disk.before
    assert [path.name for path in disk.project.results.rglob(".*")] == [".lock"]


def test_the_workflow_says_it_too_and_goes_on_with_the_rows_that_it_had(disk: Disk) -> None:
    _, outputs = disk.stages["execute"]
    size = sum(path.stat().st_size for path in outputs)
    for path in outputs:
        path.unlink()
    disk.fill(left=size // 2)
    command = ["results/test/exec_labels.jsonl"]
    failed = disk.project.snakemake(*command)
    assert failed.returncode == 1
    assert "error: the disk is full while writing results/test/" in failed.stdout + failed.stderr
    [partial] = disk.project.results.glob(".exec_labels.jsonl.*.partial")
    assert partial.read_bytes().count(b"\n") > 1
    disk.make_space()
    done = disk.project.snakemake(*command)
    assert done.returncode == 0, done.stderr
    assert deliverables(disk.project.results) == disk.before
