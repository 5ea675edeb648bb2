"""Profiles of clusters: complete, and the same as the default where nothing speaks against it."""

import re
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Project

CLUSTERS = ["slurm", "kubernetes"]


def settings(profile: str) -> dict[str, object]:
    """What a profile sets."""
    path = ROOT / "profiles" / profile / "profile.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_cluster_keeps_the_default_but_for_its_limit_of_gpus(cluster: str) -> None:
    default = settings("default")
    del default["resources"]
    assert default.items() <= settings(cluster).items()


def test_the_slurm_profile_plans_the_reference_experiment(project: Project) -> None:
    done = project.run("snakemake", "--workflow-profile", "profiles/slurm", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "train                         3\n" in done.stdout


def test_kubernetes_is_told_what_it_refuses_a_gpu_without() -> None:
    resources = settings("kubernetes")["default-resources"]
    assert resources["gpu_manufacturer"] in {"nvidia", "amd"}
    assert resources["scale"] == 0  # makes requests limits


def test_everything_can_be_planned_with_files_in_object_storage(
    project: Project, tmp_path: Path
) -> None:
    command = ["snakemake", "--cores", "1", "--dry-run", "--config", "arms=[random,synthetic]"]
    storage = ["--default-storage-provider", "fs", "--default-storage-prefix", str(tmp_path)]
    here, there = project.run(*command), project.run(*command, *storage)
    assert there.returncode == 0, there.stdout + there.stderr
    assert job_counts(there.stdout) == job_counts(here.stdout)


def job_counts(output: str) -> set[tuple[str, str]]:
    """The rules that a dry run would run, and how often."""
    return set(re.findall(r"^(\w+) +(\d+)$", output, re.MULTILINE))
