"""The workflow as a graph: what is planned, what is refused, and what a change reruns."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Project


def test_the_reference_experiment_is_planned_without_model_or_network(project: Project) -> None:
    done = project.run(
        "snakemake", "--cores", "8", "--resources", "gpu=1", "--dry-run", HF_HUB_OFFLINE="1"
    )
    assert done.returncode == 0, done.stderr
    counts = dict(line.split() for line in done.stdout.splitlines() if len(line.split()) == 2)
    assert counts["train"] == "3"
    assert counts["sample_eval"] == "4"
    assert counts["reference"] == "1"
    assert counts["total"] == "28"


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
        ("n_samples: 8", "n_samples: many", "sampling.n_samples: 'many' is not of type 'integer'"),
        ("timeout: 2", "timeout: 0", "execution.timeout: 0 is less than or equal"),
        ("learning_rate: 1.0e-3", "learning_rate: 1e-3", "write 1.0e-5"),
        ("values: [0, 1]", "values: [0, 0]", "seeds.values: [0, 0] has non-unique elements"),
        ("micro_batch_size: 2", "micro_batch_size: 3", "does not divide"),
        ("train: starter:1", "train: leetcode", "problems.train"),
    ],
)
def test_a_wrong_configuration_stops_before_any_job(
    project: Project, old: str, new: str, message: str
) -> None:
    project.edit("config/test.yaml", old, new)
    done = project.snakemake()
    assert done.returncode != 0
    assert f"config: {message}" in done.stdout + done.stderr or message in done.stderr
    assert not project.results.exists()


SEEDS_AGAIN = {"sample_eval": 2, "execute_eval": 2, "evaluate": 2, "report": 1}
EVALUATE_ALL = {"sample_eval": 3, "execute_eval": 3, "evaluate": 3, "report": 1}


def change_eval_problems(project: Project) -> None:
    path = project.folder / "resources/micro-eval.jsonl"
    problems = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    problems[0]["prompt"] += "    # a change\n"
    path.write_text("".join(json.dumps(p) + "\n" for p in problems), encoding="utf-8")


def edit(name: str, old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.edit(name, old, new)


@pytest.mark.parametrize(
    ("change", "jobs"),
    [
        pytest.param(
            edit("config/test.yaml", "values: [0, 1]", "values: [0, 1, 2]"),
            {"train": 1, "sample_eval": 1, "execute_eval": 1, "evaluate": 1, "report": 1},
            id="a new seed runs only that seed",
        ),
        pytest.param(
            edit("config/test.yaml", "values: [0, 1]", "values: [0]"),
            {"report": 1},
            id="a removed seed makes only the report anew",
        ),
        pytest.param(
            edit(
                "config/test.yaml", "evaluation:\n  max_new_tokens: 160", "evaluation:\n  seed: 1"
            ),
            EVALUATE_ALL,
            id="an evaluation setting trains nothing",
        ),
        pytest.param(
            change_eval_problems,
            {"prepare_eval_problems": 1, **EVALUATE_ALL},
            id="changed evaluation problems train nothing",
        ),
        pytest.param(
            edit("config/test.yaml", "epochs: 2", "epochs: 1"),
            {"train": 2, **SEEDS_AGAIN},
            id="a training setting leaves samples, pairs and the base model alone",
        ),
        pytest.param(
            edit("config/test.yaml", "values: [0, 1]", "values: [0, 1]\narms: [shuffled]"),
            {"make_arm": 1, "reference": 1, "train": 2, **SEEDS_AGAIN},
            id="a new arm runs only that arm, and the report",
        ),
        pytest.param(
            edit("config/test.yaml", "values: [0, 1]", "values: [0, 1]\n  vary: pairs"),
            {"curate_for_seed": 2, "reference": 2, "train": 2, **SEEDS_AGAIN},
            id="seeds that vary the pairs curate a set each",
        ),
        pytest.param(
            edit("config/test.yaml", "n_pairs: 20", "n_pairs: 16"),
            {"curate": 1, "reference": 1, "train": 2, **SEEDS_AGAIN},
            id="a curation setting samples and executes nothing anew on the training side",
        ),
        pytest.param(
            edit("config/test.yaml", "batch_size: 32", "batch_size: 16"),
            {},
            id="another batch size changes no sample and reruns nothing",
        ),
        pytest.param(
            edit("report/style.css", "main {", "main { "),
            {"report": 1},
            id="the style sheet makes only the report anew",
        ),
        pytest.param(
            edit("scripts/failpairs/stats.py", "import numpy as np", "import numpy as np  # note"),
            {},
            id="a comment reruns nothing",
        ),
        pytest.param(
            edit("scripts/failpairs/stats.py", "ddof=1", "ddof=0"),
            {"report": 1},
            id="a change in the statistics makes only the report anew",
        ),
    ],
)
def test_a_change_reruns_exactly_these_jobs(
    finished: Project, change: Callable[[Project], None], jobs: dict[str, int]
) -> None:
    change(finished)
    assert finished.planned() == jobs


def test_a_touched_input_reruns_nothing(finished: Project) -> None:
    Path(finished.folder / "resources/micro-eval.jsonl").touch()
    assert finished.planned() == {}
