"""Every stage on a full disk: it says so, harms nothing, and goes on once there is space."""

import csv
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Project
from deliverables import deliverables, leftovers
from warm_python import warm_python

STAGES = (
    "prepare_model prepare_eval_problems prepare_train_problems try_train_problems sample_shard "
    "gather_samples execute curate reference train evaluate report"
).split()
FILLER = ".filler"


class Disk:
    """The results of a finished project on a disk of their own."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.before = deliverables(project.results)
        self._stages: dict[str, tuple[str, list[Path]]] = {}
        table = project.snakemake("--detailed-summary").stdout
        for row in csv.DictReader(table.splitlines(), delimiter="\t"):
            command, outputs = self._stages.setdefault(row["rule"], (row["shellcmd"], []))
            if command == row["shellcmd"]:
                outputs.append(project.folder / row["output_file"])

    def begin(self, stage: str) -> tuple[str, set[str]]:
        """Remove the outputs of a stage, as Snakemake does before it; its command and their names.

        The disk then has space for half of them.
        """
        command, outputs = self._stages[stage]
        size = sum(path.stat().st_size for path in outputs)
        for path in outputs:
            path.unlink()
        disk = os.statvfs(self.project.results)
        with (self.project.results / FILLER).open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, disk.f_bavail * disk.f_frsize - size // 2)
        return command, {str(path.relative_to(self.project.results)) for path in outputs}

    def make_space(self) -> None:
        (self.project.results / FILLER).unlink()

    def require_whole(self) -> None:
        """What can be seen now is what could be seen before, and nothing hidden is left."""
        assert deliverables(self.project.results) == self.before
        assert leftovers(self.project.results) == set()


@pytest.fixture(scope="module")
def disk(_finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    folder = tmp_path_factory.mktemp("disk") / "project"
    subprocess.run(["cp", "-a", _finished.folder, folder], check=True)
    project = Project(folder, python=warm_python())
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
    project = disk.project
    command, outputs = disk.begin(stage)
    log = project.folder / command.rpartition("2> ")[2]
    failed = project.run("bash", "-c", command, OMP_NUM_THREADS="2")
    said = failed.stdout + log.read_text(encoding="utf-8")
    after = deliverables(project.results)
    disk.make_space()
    done = project.run("bash", "-c", command, OMP_NUM_THREADS="2")

    assert failed.returncode == 2, said
    [error] = [line for line in said.splitlines() if line.startswith("error:")]
    message = (
        r"error: the disk is full while writing \S*results/test/\S+: free some space and run again"
    )
    assert re.fullmatch(message, error)
    assert "Traceback" not in said
    # What could be seen was as it had been, or whole; some outputs were missing, and nothing else.
    assert after.items() <= disk.before.items()
    missing = {*disk.before} - {*after}
    assert missing and missing <= outputs
    assert done.returncode == 0, log.read_text(encoding="utf-8")
    disk.require_whole()


def test_the_workflow_says_so_too_and_goes_on_with_the_rows_that_it_had(disk: Disk) -> None:
    project = disk.project
    disk.begin("execute")
    failed = project.snakemake("results/test/exec_labels.jsonl")
    rows = [p.read_text() for p in project.results.glob(".exec_labels.jsonl.*.partial")]
    disk.make_space()
    done = project.snakemake("results/test/exec_labels.jsonl")

    assert failed.returncode == 1
    assert "error: the disk is full while writing results/test/" in failed.stdout + failed.stderr
    assert len(rows) == 1 and rows[0].count("\n") > 1
    assert done.returncode == 0, done.stdout + done.stderr
    disk.require_whole()
