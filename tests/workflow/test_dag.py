"""The workflow as a graph: what is planned, and what is refused."""

import pytest
from conftest import TEST_RUN, Project, job_counts


def test_the_reference_experiment_is_planned_without_model_or_network(project: Project) -> None:
    done = project.run(
        "snakemake", "--cores", "8", "--resources", "gpu=1", "--dry-run", HF_HUB_OFFLINE="1"
    )
    assert done.returncode == 0, done.stderr
    counts = job_counts(done.stdout)
    assert counts["train"] == 3
    assert counts["sample_eval"] == 4
    assert counts["reference"] == 1
    assert sum(counts.values()) == 31


def test_snakemake_finds_nothing_to_object_to(project: Project) -> None:
    done = project.run("snakemake", "--lint")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "n_samples: 8",
            "n_sampels: 8",
            "sampling.n_sampels: unknown key; did you mean 'n_samples'",
        ),
        ("n_samples: 8", "n_samples: many", "sampling.n_samples: 'many' should be a valid integer"),
        ("timeout: 2", "timeout: 0", "execution.timeout: 0 should be greater than 0"),
        ("learning_rate: 1.0e-3", "learning_rate: 1e-3", "write 1.0e-5"),
        ("values: [0, 1]", "values: [0, 0]", "seeds.values: [0, 0] should have no value twice"),
        ("micro_batch_size: 2", "micro_batch_size: 3", "does not divide"),
        ("train: starter:1", "train: leetcode", "problems.train"),
        ("results: results/test", "results: results/test/", "pathvars.results"),
    ],
)
def test_a_wrong_configuration_stops_before_any_job(
    project: Project, old: str, new: str, message: str
) -> None:
    project.edit("config/test.yaml", old, new)
    status, said = project.forked(*TEST_RUN)
    assert status != 0
    assert message in said
    assert not project.results.exists()
