"""The whole workflow on a real Slurm: who had the GPU and when, a cancelled job, the results."""

import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Project
from deliverables import deliverables
from slurm import Job, Slurm, running_slurm, why_not
from warm_python import warm_python

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

PROFILE = "profiles/slurm"
GPU_RULES = {"sample_shard", "reference", "train", "sample_eval"}
CANCELLED = "train"
TIME_LIMIT_S = 3600  # turns a hang into a failure, on however busy a machine
# The profile as it ships, but with shorter waits and with the threads of the local run: sums in
# floating point depend on their number.
OVERRIDES = ["--slurm-init-seconds-before-status-checks=1", "--max-threads=2"]


@dataclass
class ClusterRun:
    """The workflow run by Slurm, and what Slurm said of its jobs while it ran."""

    project: Project
    jobs: list[Job] = field(default_factory=list)
    bindings: dict[int, str] = field(default_factory=dict)  # the GPU of each job that has one
    waited_for_the_gpu: set[int] = field(default_factory=set)
    cancelled: Job | None = None

    def look(self, slurm: Slurm) -> None:
        """Ask Slurm once."""
        self.jobs = slurm.jobs()
        running = {job.id: job.gpu for job in self.jobs if job.state == "RUNNING" and job.gpu}
        self.bindings |= running
        if running:
            self.waited_for_the_gpu |= {j.id for j in self.jobs if j.reason == "Resources"}

    def of(self, rules: set[str]) -> list[Job]:
        """The jobs of some rules."""
        return [job for job in self.jobs if job.rule in rules]

    def table(self) -> str:
        """Every job with its GPU, start and end."""
        rows = [("job", "rule", "wildcards", "partition", "state", "GPU", "start", "end")]
        for j in self.jobs:
            gpu = self.bindings.get(j.id, "-")
            rows.append((str(j.id), j.rule, j.wildcards, j.partition, j.state, gpu, j.start, j.end))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        )


@pytest.fixture(scope="module")
def cluster_run(_finished: Project, tmp_path_factory: pytest.TempPathFactory) -> ClusterRun:
    folder = tmp_path_factory.mktemp("cluster")
    unfinished = shutil.ignore_patterns("results", ".snakemake")
    copy = shutil.copytree(_finished.folder, folder / "project", ignore=unfinished)
    partitions = yaml.safe_load((ROOT / PROFILE / "partitions.yaml").read_text(encoding="utf-8"))
    (folder / "slurm").mkdir()
    with running_slurm(folder / "slurm", list(partitions["partitions"])) as slurm:
        project = Project(Path(copy), python=warm_python(*slurm.command()))
        run = _run_and_cancel_one(project, slurm)
    (folder / "jobs.txt").write_text(run.table() + "\n", encoding="utf-8")
    print(run.table())
    return run


def _run_and_cancel_one(project: Project, slurm: Slurm) -> ClusterRun:
    """Run the workflow, and cancel the first job of a rule once its program has begun."""
    run = ClusterRun(project)
    command = slurm.command("timeout", "--kill-after=10", str(TIME_LIMIT_S), "snakemake")
    command += ["--workflow-profile", PROFILE, "--configfile", "config/test.yaml", *OVERRIDES]
    with ThreadPoolExecutor() as pool:
        workflow = pool.submit(project.run, *command)
        while not wait([workflow], timeout=1).done:
            run.look(slurm)
            if run.cancelled is None and any(project.results.glob("logs/train/*.log")):
                run.cancelled = run.of({CANCELLED})[0]
                slurm.ask("scancel", str(run.cancelled.id))
    run.look(slurm)
    done = workflow.result()
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{run.table()}"
    return run


def test_every_job_of_the_plan_was_a_job_of_slurm(cluster_run: ClusterRun) -> None:
    completed = Counter(job.rule for job in cluster_run.jobs if job.state == "COMPLETED")
    assert completed == cluster_run.project.planned("--forceall")


def test_gpu_rules_had_the_gpu_and_the_others_none(cluster_run: ClusterRun) -> None:
    gpu_jobs = cluster_run.of(GPU_RULES)
    assert {job.rule for job in gpu_jobs} == GPU_RULES
    assert cluster_run.bindings == {job.id: "0" for job in gpu_jobs}
    assert {job.partition for job in gpu_jobs} == {"gpu"}
    assert {job.partition for job in cluster_run.jobs if job not in gpu_jobs} == {"cpu"}


def test_jobs_waited_for_the_gpu_and_never_shared_it(cluster_run: ClusterRun) -> None:
    gpu_jobs = sorted(cluster_run.of(GPU_RULES), key=lambda job: job.start)
    assert cluster_run.waited_for_the_gpu & {job.id for job in gpu_jobs}
    assert [(a, b) for a, b in pairwise(gpu_jobs) if b.start < a.end] == []


def test_a_cancelled_job_was_handed_in_again(cluster_run: ClusterRun) -> None:
    cancelled = cluster_run.cancelled
    assert cancelled is not None
    same = [job for job in cluster_run.of({CANCELLED}) if job.wildcards == cancelled.wildcards]
    assert [job.state for job in same] == ["CANCELLED", "COMPLETED"]
    assert same[0].id == cancelled.id
    assert {job.state for job in cluster_run.jobs if job.id != cancelled.id} == {"COMPLETED"}


def test_the_results_are_those_of_a_local_run(cluster_run: ClusterRun, _finished: Project) -> None:
    there, here = (deliverables(project.results) for project in (cluster_run.project, _finished))
    assert there.keys() == here.keys()
    assert {name for name in here if there[name] != here[name]} == set()


def test_a_local_run_afterwards_has_nothing_to_do(cluster_run: ClusterRun) -> None:
    assert cluster_run.project.planned() == {}
