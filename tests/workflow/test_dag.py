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
    assert counts["sample_eval"] == 5
    assert counts["reference"] == 1
    assert (counts["top_up"], counts["sample_top_up"]) == (2, 8)
    assert sum(counts.values()) == 70


def test_the_base_model_is_evaluated_again_with_half_the_batch(project: Project) -> None:
    status, said = project.forked("--cores", "1", "--dry-run", "--printshellcmds")
    assert status == 0, said
    commands = [line for line in said.splitlines() if "scripts/sample.py" in line]
    assert all("--batch-size=auto" in command for command in commands)
    [halved] = [command for command in commands if "--half-batches" in command]
    assert "/eval/again/samples.jsonl" in halved


def test_all_trainings_can_be_watched(project: Project) -> None:
    given = ("--config", "training={report_to: [tensorboard, mlflow]}", "arms=[sft]")
    status, said = project.forked("--cores", "1", "--dry-run", "--printshellcmds", *given)
    assert status == 0, said
    commands = [line for line in said.splitlines() if "scripts/train.py" in line]
    assert len(commands) == 6 + 3 + 3  # candidates, the curated pairs and the arm
    options = "--report-to tensorboard mlflow --live-dir results/live --threads"
    assert all(options in command for command in commands)


@pytest.mark.parametrize("target", ["sample_shard", "sample_eval"])
def test_no_sample_is_drawn_before_all_problems_have_been_tried(
    project: Project, target: str
) -> None:
    micro = project.folder / "resources" / "micro-model"
    micro.mkdir(parents=True)
    (micro / "config.json").touch()
    (project.folder / "resources" / "micro-eval.jsonl").touch()
    jobs = project.planned("--until", target, "--omit-from", "train")
    trials = {"try_train_problems": 1, "try_eval_problems": 1, "trust_problems": 1}
    assert trials.items() <= jobs.items()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("training={learning_rate: 2.0e-4, epochs: 3}", ""),
        ("training={learning_rate: 1e-5}", ""),
        ("seeds={values: [4, 5]}", ""),
        ("curation={allow_fewer: false, exclude_labels: [EMPTY, REFUSAL]}", ""),
        ("arms=[random, n125]", ""),
        ("training={learning_rate: fast}", "training.learning_rate: 'fast' should be a valid num"),
        ("seeds={values: [0, one]}", "seeds.values.1: 'one' should be a valid integer"),
        ("seeds={values: 3}", "seeds.values: '3' should be a valid list"),
        ("sampling=8", "sampling: 8 should be a section with keys"),
        ("training=", "training: None should be a section with keys"),
    ],
)
def test_values_on_the_command_line_have_the_types_of_their_keys(
    project: Project, given: str, message: str
) -> None:
    status, said = project.forked("--cores", "1", "--dry-run", "--config", given)
    assert (status == 0) == (not message), said
    assert message in said


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "pairs=jsonl:results/test/pairs.jsonl",
            "is what this run would write; copy it, or choose",
        ),
        ("pairs=jsonl:a{b}.jsonl", "a{b}.jsonl: Snakemake takes braces in the name of a file"),
        ("compare={base: nothing.jsonl, tuned: [a.jsonl]}", "Missing input files for rule compare"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_before_any_job(
    project: Project, given: str, message: str
) -> None:
    model = project.folder / "resources" / "micro-model"
    model.mkdir(parents=True)
    (model / "config.json").touch()
    status, said = project.forked("--dry-run", *TEST_RUN, "--config", given)
    assert status != 0
    assert message in said


def test_a_model_that_is_no_folder_and_has_no_commit_is_refused_before_any_job(
    project: Project,
) -> None:
    status, said = project.forked("--dry-run", *TEST_RUN)
    assert status != 0
    assert "model resources/micro-model: no such folder; a model of the Hub needs" in said


def test_a_tuned_model_without_a_configuration_is_refused_before_any_job(project: Project) -> None:
    (project.folder / "own").mkdir()
    (project.folder / "own/adapter_model.safetensors").touch()
    for place, message in (
        ("own", "tuned.mine own: the folder has neither config.json nor adapter_config.json"),
        ("nowhere", "tuned.mine nowhere: no such folder"),
    ):
        tuned = f"tuned={{mine: {place}}}"
        status, said = project.forked(
            "--dry-run", "--configfile", "config/demo.yaml", "--config", tuned
        )
        assert status != 0
        assert message in said


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
        ("learning_rate: 1.0e-3", "learning_rate: fast", "'fast' should be a valid number"),
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
