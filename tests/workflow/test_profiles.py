"""Profiles of clusters: complete, and the same as the default where nothing speaks against it."""

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
