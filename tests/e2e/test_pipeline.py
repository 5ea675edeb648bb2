"""One real run of everything: a micro model, two seeds, every rule, and what is in every file."""

import csv
import html
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import Project
from failpairs.labels import FAILURES, LABELS
from failpairs.storage.files import sha256_file
from failpairs.training.losses import LOSSES
from failpairs.training.model_card import trained_on
from jsonschema import Draft202012Validator

N_PROBLEMS, N_SAMPLES = 12, 8


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def value(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_samples_are_complete_and_in_order(finished: Project) -> None:
    problems = rows(finished.results / "problems/train.jsonl")
    samples = rows(finished.results / "samples.jsonl")
    expected = [(p["task_id"], k) for p in problems for k in range(N_SAMPLES)]
    assert [(s["task_id"], s["sample_index"]) for s in samples] == expected
    assert all(s["sum_logprob"] < 0 < s["n_tokens"] for s in samples)
    assert {s["finish_reason"] for s in samples} <= {"eos", "stop", "length"}


def test_labels_show_passes_and_several_kinds_of_failure(finished: Project) -> None:
    labels = rows(finished.results / "exec_labels.jsonl")
    samples = rows(finished.results / "samples.jsonl")
    assert [(r["task_id"], r["sample_index"]) for r in labels] == [
        (s["task_id"], s["sample_index"]) for s in samples
    ]
    counts = Counter(r["label"] for r in labels)
    assert set(counts) <= set(LABELS)
    assert counts["PASS"] >= 10
    assert len(set(counts) & set(FAILURES)) >= 3


def test_both_sides_of_a_pair_are_the_models_own_and_judged_alike(finished: Project) -> None:
    pairs = rows(finished.results / "pairs.jsonl")
    samples = {
        (s["task_id"], s["sample_index"]): s for s in rows(finished.results / "samples.jsonl")
    }
    labels = {
        (r["task_id"], r["sample_index"]): r["label"]
        for r in rows(finished.results / "exec_labels.jsonl")
    }
    prompts = value(finished.results / "samples.meta.json")["prompts"]
    assert len(pairs) >= 8
    for pair in pairs:
        chosen, rejected = (
            (pair["task_id"], pair[side]) for side in ("chosen_index", "rejected_index")
        )
        assert labels[chosen] == "PASS"
        assert labels[rejected] == pair["rejected_label"] in FAILURES
        assert pair["chosen"] == samples[chosen]["completion"]
        assert pair["rejected"] == samples[rejected]["completion"]
        assert pair["prompt"] == prompts[pair["task_id"]]


def test_the_funnel_adds_up(finished: Project) -> None:
    funnel = value(finished.results / "curation_funnel.json")
    counts = funnel["samples"]
    assert counts["all"] == N_PROBLEMS * N_SAMPLES == sum(counts.values()) - counts["all"]
    assert funnel["pairs"]["kept"] == len(rows(finished.results / "pairs.jsonl"))
    assert sum(label["pairs"] for label in funnel["mix"].values()) == funnel["pairs"]["kept"]
    card = (finished.results / "pairs.md").read_text(encoding="utf-8")
    assert sha256_file(finished.results / "pairs.jsonl") in card


def test_every_control_arm_has_its_pairs_and_trains_with_the_same_rules(finished: Project) -> None:
    names = ["random", "synthetic", "external", "shuffled", "n8"]
    files = [f"results/test/arms/{name}/pairs.jsonl" for name in names]
    files += [f"results/test/arms/{name}/eval/seed0.json" for name in ("sft", "apo_zero")]
    done = finished.snakemake(*files)
    assert done.returncode == 0, done.stdout + done.stderr
    curated = rows(finished.results / "pairs.jsonl")
    arms = {name: rows(finished.results / f"arms/{name}/pairs.jsonl") for name in names}
    assert {name: len(pairs) for name, pairs in arms.items()} == {
        **dict.fromkeys(names, len(curated)),
        "n8": 8,
    }
    assert sum(pair["rejected_label"] == "PASS" for pair in arms["shuffled"]) == len(curated) // 2
    assert [p["rejected"] for p in arms["external"]] == [p["rejected"] for p in curated]
    assert {p["chosen"] for p in arms["synthetic"]} <= {p["chosen"] for p in curated}
    assert value(finished.results / "arms/sft/eval/seed0.json")["n_problems"] == N_PROBLEMS
    # What is only trained in another way has no pairs of its own, nor another reference.
    trained = finished.results / "arms/apo_zero"
    assert {path.name for path in trained.iterdir()} == {"adapters", "eval"}
    adapters = {
        sha256_file(finished.results / folder / "adapters/seed0/adapter_model.safetensors")
        for folder in ("", "arms/sft", "arms/apo_zero")
    }
    assert len(adapters) == 3
    card = (trained / "adapters/seed0/README.md").read_text(encoding="utf-8")
    assert LOSSES["apo_zero"].title in card


def test_pairs_load_with_datasets(finished: Project, tmp_path: Path) -> None:
    from datasets import load_dataset

    path = str(finished.results / "pairs.jsonl")
    loaded = load_dataset("json", data_files=path, split="train", cache_dir=str(tmp_path))
    assert {"prompt", "chosen", "rejected"} <= set(loaded.column_names)
    assert len(loaded) == len(rows(finished.results / "pairs.jsonl"))


def test_each_seed_has_its_own_adapter_that_loads_and_generates(finished: Project) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    folders = [finished.results / f"adapters/seed{seed}" for seed in (0, 1)]
    digests = {sha256_file(folder / "adapter_model.safetensors") for folder in folders}
    assert len(digests) == 2
    for folder in folders:
        base = AutoModelForCausalLM.from_pretrained(finished.results / "model")
        model = PeftModel.from_pretrained(base, folder)
        ids = torch.tensor([[10, 11, 12]])
        with torch.inference_mode(), model.disable_adapter():
            before = model(ids).logits
        with torch.inference_mode():
            after = model(ids).logits
            generated = model.generate(ids, max_new_tokens=4, do_sample=False)
        assert not torch.equal(before, after)
        assert generated.shape[1] > 3


def test_the_training_curve_moves_the_margin(finished: Project) -> None:
    curve = rows(finished.results / "adapters/seed0/train_log.jsonl")
    assert [row["step"] for row in curve] == list(range(len(curve)))
    assert curve[-1]["reward_margin"] > curve[1]["reward_margin"]
    held_out = [row for row in curve if "held_out_reward_margin" in row]
    assert held_out[0]["step"] == held_out[0]["held_out_reward_margin"] == 0
    assert held_out[-1] == curve[-1]


@pytest.mark.parametrize("model", ["base", "seed0", "seed1"])
def test_an_evaluation_counts_every_problem_once(finished: Project, model: str) -> None:
    evaluation = value(finished.results / f"eval/{model}.json")
    assert evaluation["n_problems"] == N_PROBLEMS == len(evaluation["problems"])
    assert sum(evaluation["counts"].values()) == N_PROBLEMS
    files = {"problems": "problems/eval.jsonl", "samples": f"eval/{model}/samples.jsonl"}
    for name, path in files.items():
        assert evaluation["provenance"][f"{name}_sha256"] == sha256_file(finished.results / path)
    passed = sum(problem["labels"] == ["PASS"] for problem in evaluation["problems"])
    assert evaluation["pass_at_1"] == pytest.approx(passed / N_PROBLEMS)
    adapter = evaluation["protocol"]["adapter_sha256"]
    if model == "base":
        assert adapter is None
    else:
        assert adapter == sha256_file(
            finished.results / f"adapters/{model}/adapter_model.safetensors"
        )


def test_base_and_tuned_share_prompts_and_settings(finished: Project) -> None:
    one, other = (value(finished.results / f"eval/{m}.json") for m in ("base", "seed1"))
    for key in ("model", "prompts_sha256", "generation", "engine"):
        assert one["protocol"][key] == other["protocol"][key]
    assert one["validator"] == other["validator"]


def test_the_report_names_the_machines_that_sampled_executed_and_trained(finished: Project) -> None:
    page = (finished.results / "report.html").read_text(encoding="utf-8")
    machine = value(finished.results / "samples.meta.json")["hardware"]
    provenance = value(finished.results / "eval/seed1.json")["provenance"]
    assert provenance["hardware"] == machine
    executed_on = value(finished.results / "exec_labels.meta.json")["hardware"]
    assert provenance["executed_on"] == executed_on
    assert trained_on(finished.results / "adapters/seed1/README.md") == machine
    for work, where, models in (
        ("sampling the training problems", machine, "base"),
        ("training", machine, "seed0, seed1"),
        ("sampling the evaluation problems", machine, "all"),
        ("executing these samples", executed_on, "all"),
    ):
        row = f'<th scope="row">{work}</th><td>{html.escape(where)}</td><td>{models}</td>'
        assert row in page


def test_the_report_shows_the_statistics(finished: Project) -> None:
    page = (finished.results / "report.html").read_text(encoding="utf-8")
    stats = value(finished.results / "stats.json")
    base = value(finished.results / "eval/base.json")
    assert stats["base_pass_at_1"] == base["pass_at_1"]
    assert f"{100 * stats['base_pass_at_1']:.2f}%" in page
    assert f"{100 * stats['tuned_pass_at_1']['mean']:.2f}%" in page
    assert page.count("<svg") == 5
    assert stats["effect"]["sentence"] in page
    for table in stats["transitions"].values():
        assert sum(map(sum, table)) == N_PROBLEMS
    schema = value(finished.folder / "docs/stats.schema.json")
    Draft202012Validator(schema).validate(stats)
    assert sum(dose["n_pairs"] for dose in stats["doses"]) == len(
        rows(finished.results / "pairs.jsonl")
    )


def test_programs_figures_and_tables_come_with_the_report(finished: Project) -> None:
    page = (finished.results / "report.html").read_text(encoding="utf-8")
    moved = value(finished.results / "stats.json")["movements"]
    assert page.count("<article id=") == N_PROBLEMS
    assert all(f'<article id="{movement["task_id"]}"' in page for movement in moved)
    stages = re.findall(r'<th scope="row"><code>([^<]+)</code></th><td>(\d+)</td>', page)
    assert dict(stages) == {
        **dict.fromkeys(["prepare_model", "prepare_eval_problems", "prepare_train_problems"], "1"),
        **dict.fromkeys(["try_train_problems", "try_eval_problems"], "1"),
        "sample/*": "2",
        **dict.fromkeys(["gather_samples", "execute", "curate", "reference"], "1"),
        "train/*": "2",
        **dict.fromkeys([f"eval/*/{verb}" for verb in ("sample", "execute", "evaluate")], "3"),
    }
    names = {path.name for path in (finished.results / "figures").iterdir()}
    assert {"failure_modes.svg", "failure_modes.png", "mode_strip.svg", "training.png"} <= names
    with (finished.results / "tables/headline.csv").open(encoding="utf-8", newline="") as file:
        assert [row["model"] for row in csv.DictReader(file)] == ["base", "seed0", "seed1"]


def test_every_problem_has_a_row_for_every_model(finished: Project) -> None:
    with (finished.results / "failures.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    models = [("", "base"), ("curated", "seed0"), ("curated", "seed1")]
    assert [(row["arm"], row["model"]) for row in table[::N_PROBLEMS]] == models
    assert len(table) == 3 * N_PROBLEMS
    passed = sum(row["label"] == "PASS" for row in table[:N_PROBLEMS])
    assert passed == value(finished.results / "stats.json")["base_passes"]


def test_a_second_run_does_nothing(finished: Project) -> None:
    assert finished.planned() == {}


def test_training_again_gives_the_same_bytes(finished: Project) -> None:
    adapter = finished.results / "adapters/seed0/adapter_model.safetensors"
    config = finished.results / "adapters/seed0/adapter_config.json"
    log = finished.results / "adapters/seed0/train_log.jsonl"
    card = finished.results / "adapters/seed0/README.md"
    written = (adapter, config, log, card)
    before = [sha256_file(path) for path in written]
    done = finished.snakemake(
        "results/test/adapters/seed0/adapter_model.safetensors", "--forcerun", "train"
    )
    assert done.returncode == 0, done.stderr
    assert [sha256_file(path) for path in written] == before


def test_sampling_in_other_shards_gives_the_same_samples(finished: Project) -> None:
    before = rows(finished.results / "samples.jsonl")
    finished.edit("config/test.yaml", "shards: 2", "shards: 3")
    done = finished.snakemake("results/test/samples.jsonl")
    assert done.returncode == 0, done.stderr
    after = rows(finished.results / "samples.jsonl")
    same = [a["completion"] == b["completion"] for a, b in zip(before, after, strict=True)]
    # In another batch the last bits differ, and with them a draw that falls on a border.
    assert sum(same) >= 0.97 * len(same)


@pytest.mark.parametrize(
    ("script", "arguments", "message"),
    [
        (
            "sample.py",
            "--model nowhere --problems {problems} --output {out}",
            "no such model folder",
        ),
        ("sample.py", "--model {model} --problems nowhere.jsonl --output {out}", "no such file"),
        ("sample.py", "--model {model} --problems {broken} --output {out}", "broken.jsonl:2"),
        ("sample.py", "--model {model} --problems {empty} --output {out}", "no problems"),
        ("execute.py", "--problems {problems} --samples {broken} --output {out}", "broken.jsonl:1"),
        ("prepare_model.py", "--model no/such/model --output {out}", "no/such/model"),
        ("prepare_problems.py", "--source jsonl:{broken} --output {out}", "broken.jsonl:2"),
        ("train.py", "--model {model} --pairs {empty} --seed 0 --output-dir {out}", "no pairs"),
        (
            "curate.py",
            "--problems {problems} --samples {samples} --labels {labels} --output {out} "
            "--n-pairs 1000",
            "only",
        ),
    ],
)
def test_bad_input_ends_in_one_line_and_status_2(
    finished: Project, tmp_path: Path, script: str, arguments: str, message: str
) -> None:
    good = (finished.results / "problems/train.jsonl").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "broken.jsonl").write_text(f"{good}\n{{not json\n", encoding="utf-8")
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    places = {
        "problems": finished.results / "problems/train.jsonl",
        "samples": finished.results / "samples.jsonl",
        "labels": finished.results / "exec_labels.jsonl",
        "model": finished.results / "model",
        "broken": tmp_path / "broken.jsonl",
        "empty": tmp_path / "empty.jsonl",
        "out": tmp_path / "out" / "made.jsonl",
    }
    done = finished.run(
        sys.executable,
        f"scripts/{script}",
        *arguments.format(**places).split(),
        HF_HUB_OFFLINE="1",
    )
    assert done.returncode == 2, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert len(lines) == 1
    assert message in lines[0]
    assert "Traceback" not in done.stderr
    assert not places["out"].is_file()
