"""Profiles of clusters: complete, and the same as the default where nothing speaks against it."""

from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Project, job_counts

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
    status, said = project.forked("--dry-run", "--workflow-profile", "profiles/slurm")
    assert status == 0, said
    assert job_counts(said)["train"] == 3


def test_kubernetes_is_told_what_it_refuses_a_gpu_without() -> None:
    resources = settings("kubernetes")["default-resources"]
    assert resources["gpu_manufacturer"] in {"nvidia", "amd"}
    assert resources["scale"] == 0  # makes requests limits


def test_everything_can_be_planned_with_files_in_object_storage(
    project: Project, tmp_path: Path
) -> None:
    command = ["--dry-run", "--cores", "1", "--config", "arms=[random,synthetic]"]
    storage = ["--default-storage-provider", "fs", "--default-storage-prefix", str(tmp_path)]
    (_, here), (status, there) = project.forked(*command), project.forked(*command, *storage)
    assert status == 0, there
    assert job_counts(there) == job_counts(here)
