"""The command that says what a run will take."""

import json
from pathlib import Path

import pytest
from builders import write_lines
from failpairs.commands import estimate
from failpairs.errors import InputError
from failpairs.models.device import GIB
from failpairs.planning import pilot
from tiny_model import write_tiny_model


def write_config(folder: Path, **more: object) -> Path:
    """A small run of the tiny model."""
    model = write_tiny_model(folder / "model")
    values = {
        "pathvars": {"results": str(folder / "results")},
        "model": {"id": str(model), "revision": ""},
        "problems": {"train": "starter:1", "eval": ["starter:1"], "limit": 12},
        "inference": {"batch_size": 8},
        "sampling": {"n_samples": 8, "max_new_tokens": 16, "shards": 2},
        "curation": {"n_pairs": 20, "verify_inputs": 0},
        "training": {
            "learning_rate": 1e-4,
            "epochs": 1,
            "batch_size": 4,
            "micro_batch_size": 2,
            "lora_rank": 4,
        },
        "evaluation": {"max_new_tokens": 16, "again": False},
        **more,
    }
    path = folder / "mine.yaml"
    path.write_text(json.dumps(values))
    return path


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: object
) -> str:
    monkeypatch.setattr("sys.argv", ["estimate", *map(str, options)])
    estimate.main()
    return capsys.readouterr().out


def rows(printed: str) -> list[list[str]]:
    lines = [line for line in printed.splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines]


def test_a_pilot_measures_every_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_config(tmp_path)
    printed = run(monkeypatch, capsys, "--configfile", path, "--cores", 2)
    assert printed.startswith("About ")
    jobs = {row[0]: row[1] for row in rows(printed)}
    assert jobs["sample/*"] == "2"
    assert jobs["train/*"] == "3"
    assert jobs["eval/*/sample"] == "4"
    assert {"sampling", "evaluation", "the reference", "training"} <= jobs.keys()
    assert "Disk, GiB: " in printed
    assert "20 are asked for (curation.n_pairs)" in printed
    assert "Smallest improvement of pass@1" in printed
    assert not (tmp_path / "results").exists()


def test_a_gpu_by_its_name_needs_no_pilot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_config(tmp_path)
    times = {}
    for gpus in (1, 2):
        printed = run(monkeypatch, capsys, "--configfile", path, "--gpu", "L4", "--gpus", gpus)
        assert "Smallest improvement" not in printed  # nothing was sampled
        times[gpus] = {row[0]: row[2:] for row in rows(printed)}
    one, two = times[1]["sample/*"], times[2]["sample/*"]
    assert two == [one[0], one[0]]  # both shards at once


def test_tuned_models_are_neither_trained_nor_need_the_memory_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_config(tmp_path, tuned={"mine": str(tmp_path / "model")})
    monkeypatch.setattr(pilot, "train_some", None)
    jobs = {row[0] for row in rows(run(monkeypatch, capsys, "--configfile", path))}
    assert {"sampling", "evaluation", "eval/*/sample"} <= jobs
    assert not {"the reference", "training", "train/*"} & jobs


def test_own_pairs_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = {}
    for count in (20, 200_000):
        pairs = [{"prompt": "p", "chosen": "c", "rejected": "r"}] * count
        given = write_lines(tmp_path / "pairs.jsonl", *pairs)
        path = write_config(tmp_path, pairs=f"jsonl:{given}")
        printed = run(monkeypatch, capsys, "--configfile", path, "--gpu", "L4")
        seconds[count] = {row[0]: row[2] for row in rows(printed)}["train/*"]
    assert seconds[20] != seconds[200_000]


def test_what_does_not_fit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_config(tmp_path)
    monkeypatch.setattr(estimate, "room_on", lambda device: GIB // 10)
    with pytest.raises(InputError, match=r"sampling needs .*; evaluation .*; training"):
        run(monkeypatch, capsys, "--configfile", path)
    monkeypatch.undo()
    with pytest.raises(InputError, match=r"the run needs .* on the disk, and .* free"):
        estimate.require_disk(tmp_path / "results", 10**18)


def test_a_run_without_a_model_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_config(tmp_path, compare={"base": "a.jsonl", "tuned": ["b.jsonl"]})
    with pytest.raises(InputError, match="compare: there is nothing to estimate"):
        run(monkeypatch, capsys, "--configfile", path)


@pytest.mark.parametrize(
    ("text", "message"),
    [("model: [", "while parsing"), ("just words", "expected a mapping"), ("models: {}", "models")],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        estimate.read_config([path])
    with pytest.raises(InputError, match=r"nowhere\.yaml: no such file"):
        estimate.read_config([tmp_path / "nowhere.yaml"])


def test_the_configuration_of_the_working_folder_counts_for_more_than_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    text = "sampling: {n_samples: 7}\ncuration: {n_pairs: 70}\n"
    (tmp_path / "config" / "config.yaml").write_text(text)
    (tmp_path / "more.yaml").write_text("curation: {n_pairs: 50}\n")
    monkeypatch.chdir(tmp_path)
    config = estimate.read_config([Path("more.yaml")])
    assert (config.sampling.n_samples, config.curation.n_pairs) == (7, 50)
    assert config.model.id.startswith("Qwen/")
