from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from datasets import load_dataset
from failpairs.errors import InputError
from failpairs.models.load import load_model, load_tokenizer
from failpairs.provenance.hardware import hardware
from failpairs.provenance.protocol import write_meta
from failpairs.records import Pair
from failpairs.storage.files import read_json, read_objects, sha256_file, write_jsonl
from failpairs.training import packing, trainer
from failpairs.training import train_adapter as train_adapter_module
from failpairs.training.adapter_folder import ADAPTER_FILES
from failpairs.training.encoding import encode_pairs
from failpairs.training.model_card import trained_on
from failpairs.training.recipe import Recipe
from failpairs.training.reference_logprobs import reference_of
from failpairs.training.train_adapter import PairSet, Run, train_adapter
from failpairs.training.train_log import Row
from failpairs.training.trained_arms import METHODS
from failpairs.training.trainer import as_single_answers
from peft import PeftModel
from tiny_model import write_tiny_model
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer

RECIPE = Recipe(
    learning_rate=5e-3,
    epochs=2,
    batch_size=4,
    micro_batch_size=2,
    warmup_ratio=0.0,
    lora_rank=4,
    lora_alpha=8,
    eval_every=1,
    max_chosen_drop=10.0,
)


def a_pair(number: int) -> Pair:
    return Pair(
        prompt=f"<user>{number}<end><assistant>",
        chosen=f"return {number}\n```",
        rejected=f"retrun {number}\n```",
        task_id=f"t/{number}",
        chosen_index=0,
        rejected_index=1,
        rejected_label="NAME_ERROR",
        similarity=0.5,
        length_ratio=1.0,
    )


PAIRS = [a_pair(number) for number in range(6)]
HELD_OUT = [a_pair(number) for number in (7, 8)]
# The rarest failure mode, whose held-out pair is the wrong way round: what is learned lowers it.
STUBS = [pair.model_copy(update={"rejected_label": "STUB"}) for pair in PAIRS[:2]]
WITH_STUBS = [*STUBS, *PAIRS[2:]]
FAILING = STUBS[0].model_copy(
    update={"chosen": STUBS[0].rejected, "rejected": STUBS[0].chosen, "task_id": "t/9"}
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"))


def a_run(folder: Path, seed: int = 0, method: str = "preference", **recipe: Any) -> Run:
    return Run(
        model=folder,
        dtype="float32",
        prompt_format="chat",
        recipe=RECIPE.model_copy(update=recipe),
        method=method,
        seed=seed,
        code="code",
    )


def train(folder: Path, output: Path, *, pairs: list[Pair] = PAIRS, **how: Any) -> list[Row]:
    data = PairSet(pairs, HELD_OUT)
    return train_adapter(a_run(folder, **how), data, output, {"pairs.jsonl": "0123abcd"})


def test_training_raises_the_margin_and_logs_every_step(folder: Path, tmp_path: Path) -> None:
    curve = train(folder, tmp_path / "adapter")
    assert [row["step"] for row in curve] == [0, 1, 2, 3]
    assert curve[1]["reward_margin"] == pytest.approx(0, abs=1e-4)
    assert curve[-1]["reward_margin"] > 0.01
    figures = {"reward_margin", "reward_accuracy", "chosen_logprob", "rejected_logprob"}
    held_out = {f"held_out_{name}" for name in (*figures, "loss", "chosen_change")}
    assert held_out <= curve[0].keys()
    expected = {"loss", "grad_norm", "learning_rate", "tokens", "chosen_change"} | figures
    assert all(expected <= row.keys() for row in curve[1:])
    assert curve[-1]["held_out_reward_margin"] > curve[0]["held_out_reward_margin"] == 0


def test_held_out_pairs_are_measured_as_often_as_the_recipe_says_and_change_nothing(
    folder: Path, tmp_path: Path
) -> None:
    curve = train(folder, tmp_path / "adapter", eval_every=2)
    assert [row["step"] for row in curve if "held_out_loss" in row] == [0, 2, 3]
    train_adapter(a_run(folder), PairSet(PAIRS, []), tmp_path / "without", {})
    one, other = (sha256_file(tmp_path / n / ADAPTER_FILES[0]) for n in ("adapter", "without"))
    assert one == other


def test_the_first_loss_is_that_of_dpo_and_the_likelihood_term(
    folder: Path, tmp_path: Path
) -> None:
    # Before the first step the policy is the reference: -log sigmoid(0) + weight * NLL(chosen).
    curve = train(folder, tmp_path / "adapter")
    model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    losses = []
    for pair in PAIRS:
        prompt = tokenizer(pair.prompt, add_special_tokens=False)["input_ids"]
        answer = [*tokenizer(pair.chosen, add_special_tokens=False)["input_ids"], 0]
        labels = torch.tensor([[-100] * len(prompt) + answer])
        with torch.inference_mode():
            losses.append(float(model(torch.tensor([prompt + answer]), labels=labels).loss))
    low, high = (0.6931 + RECIPE.sft_weight * bound for bound in (min(losses), max(losses)))
    assert low - 1e-3 <= curve[1]["loss"] <= high + 1e-3


def digests(output: Path) -> list[str]:
    return [sha256_file(output / name) for name in (ADAPTER_FILES[0], "train_log.jsonl")]


def test_a_failure_mode_that_the_held_out_pairs_show_as_not_learned_is_replayed(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    how = {"epochs": 4, "batch_size": 2, "micro_batch_size": 1}
    run = a_run(folder, order="replay", **how)
    data = PairSet(WITH_STUBS, [*HELD_OUT, FAILING])
    with caplog.at_level("INFO"):
        curve = train_adapter(run, data, tmp_path / "adapter", {})
    # The two stubs are the first step, and the other mode is learned at once.
    assert [row.get("replayed") for row in curve] == [[], *[["STUB"]] * 11, None]
    assert "after step 1 failure modes are replayed: STUB" in caplog.text
    written = [row for _, row in read_objects(tmp_path / "adapter/train_log.jsonl")]
    assert written == curve
    planned = train_adapter(a_run(folder, order="rare_first", **how), data, tmp_path / "plan", {})
    assert [row["step"] for row in planned] == [row["step"] for row in curve]
    assert planned[1] == {key: curve[1][key] for key in planned[1]}
    assert digests(tmp_path / "plan")[0] != digests(tmp_path / "adapter")[0]


@pytest.mark.parametrize("batch_size", [2, 4])
def test_where_all_is_learned_replay_gives_the_adapter_of_its_plan(
    folder: Path, tmp_path: Path, batch_size: int
) -> None:
    data = PairSet(WITH_STUBS, HELD_OUT)
    for order in ("replay", "rare_first"):
        run = a_run(folder, order=order, epochs=1.5, batch_size=batch_size)
        curve = train_adapter(run, data, tmp_path / order, {})
        assert {*map(str, (row.get("replayed") or None for row in curve))} == {"None"}
    assert digests(tmp_path / "replay")[0] == digests(tmp_path / "rare_first")[0]


@pytest.mark.parametrize("method", ["sft", "kto"])
def test_other_methods_take_the_order_of_replay_without_what_is_replayed(
    folder: Path, tmp_path: Path, method: str
) -> None:
    data = PairSet(WITH_STUBS, [FAILING])
    for order in ("replay", "rare_first"):
        run = a_run(folder, order=order, method=method)
        train_adapter(run, data, tmp_path / order, {})
    assert digests(tmp_path / "replay") == digests(tmp_path / "rare_first")
    assert "| order | rare_first |" in (tmp_path / "replay/README.md").read_text("utf-8")


def test_replay_without_held_out_pairs_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"replay .* needs held-out pairs \(--held-out\)"):
        train_adapter(a_run(folder, order="replay"), PairSet(PAIRS, []), tmp_path / "adapter", {})


def test_logits_in_chunks_and_activations_computed_twice_change_nothing_but_rounding(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = train(folder, tmp_path / "adapter")
    monkeypatch.setattr(packing, "CHUNK", 16)
    found = train(folder, tmp_path / "chunks", activation_checkpointing="always")
    assert [row.keys() for row in found] == [row.keys() for row in expected]
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("method", ["preference", "sft"])
def test_training_that_cannot_fit_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(train_adapter_module, "room_here", lambda: 2**28)
    with pytest.raises(InputError, match=r"training needs .* and has 0\.2 GiB"):
        train(folder, tmp_path / "adapter", method=method)


def test_plain_fine_tuning_imitates_the_chosen_sides_alone(folder: Path, tmp_path: Path) -> None:
    curve = train(folder, tmp_path / "adapter", method="sft")
    assert [row["step"] for row in curve] == [0, 1, 2, 3]
    assert curve[-1]["loss"] < curve[1]["loss"]
    assert curve[-1]["held_out_chosen_change"] > 0
    rejected = [pair.model_copy(update={"rejected": f"{pair.chosen}x"}) for pair in PAIRS]
    train(folder, tmp_path / "other", pairs=rejected, method="sft")
    one, other = (sha256_file(tmp_path / n / ADAPTER_FILES[0]) for n in ("adapter", "other"))
    assert one == other


def test_kto_learns_from_single_sides_and_compares_with_those_of_other_prompts(
    folder: Path, tmp_path: Path
) -> None:
    curve = train(folder, tmp_path / "adapter", method="kto", micro_batch_size=4)
    # Before the first step the policy is the reference: 1 - sigmoid(0), whatever the divergence.
    assert curve[1]["loss"] == pytest.approx(0.5, abs=1e-4)
    assert curve[-1]["held_out_reward_margin"] > 0
    card = (tmp_path / "adapter/README.md").read_text("utf-8")
    assert METHODS["kto"] in card
    rows = [
        {"prompt_ids": [n], "chosen_ids": [n, 1], "rejected_ids": [n, 2]} for n in range(10, 13)
    ]
    examples = as_single_answers(rows)
    assert [example["completion_ids"] for example in examples] == [
        *([n, 1] for n in range(10, 13)),
        *([n, 2] for n in range(10, 13)),
    ]
    assert [example["label"] for example in examples] == [True] * 3 + [False] * 3
    assert all(e["KL_completion_ids"][0] != e["prompt_ids"][0] for e in examples)


def test_kto_needs_two_pairs_at_once(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"KTO needs training\.micro_batch_size"):
        train(folder, tmp_path / "adapter", method="kto", micro_batch_size=1)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    folder: Path, tmp_path: Path
) -> None:
    for name, seed in (("one", 0), ("again", 0), ("other", 1)):
        train(folder, tmp_path / name, seed=seed)
    digests = {
        name: [sha256_file(tmp_path / name / file) for file in (*ADAPTER_FILES, "train_log.jsonl")]
        for name in ("one", "again", "other")
    }
    assert digests["one"] == digests["again"]
    assert digests["one"][0] != digests["other"][0]


def test_the_adapter_loads_in_peft_and_merges_and_nothing_else_is_left(
    folder: Path, tmp_path: Path
) -> None:
    train(folder, tmp_path / "adapter")
    written = sorted(p.name for p in (tmp_path / "adapter").iterdir())
    assert written == sorted([*ADAPTER_FILES, "train_log.jsonl"])
    assert [p.name for p in tmp_path.iterdir()] == ["adapter"]
    config = read_json(tmp_path / "adapter" / "adapter_config.json")
    assert config["target_modules"] == sorted(config["target_modules"])
    assert config["base_model_name_or_path"] == folder.name
    base = AutoModelForCausalLM.from_pretrained(folder)
    tuned = PeftModel.from_pretrained(base, tmp_path / "adapter")
    ids = torch.arange(10, 20)[None]
    with torch.inference_mode():
        before = tuned(ids).logits
        merged = tuned.merge_and_unload()
        assert merged(ids).logits == pytest.approx(before, abs=1e-4)


def test_the_model_card_says_what_the_adapter_is_and_how_it_did(
    folder: Path, tmp_path: Path
) -> None:
    curve = train(folder, tmp_path / "adapter")
    card = (tmp_path / "adapter" / "README.md").read_text(encoding="utf-8")
    assert f"A LoRA adapter of `{folder.name}`" in card
    assert trained_on(tmp_path / "adapter" / "README.md") == hardware()
    assert "0123abcd" in card
    assert "| sft_weight | 0.2 |" in card
    assert f"| 3 | {curve[-1]['held_out_loss']} |" in card


def test_activations_computed_twice_change_nothing(folder: Path, tmp_path: Path) -> None:
    kept = train(folder, tmp_path / "kept", activation_checkpointing="never")
    twice = train(folder, tmp_path / "twice", activation_checkpointing="always")
    assert [row["loss"] for row in twice[1:]] == pytest.approx([r["loss"] for r in kept[1:]])


def test_lora_dropout_is_not_lost(folder: Path, tmp_path: Path) -> None:
    train(folder, tmp_path / "without")
    train(folder, tmp_path / "with", lora_dropout=0.5)
    one, other = (sha256_file(tmp_path / n / ADAPTER_FILES[0]) for n in ("without", "with"))
    assert one != other


def test_a_reference_that_was_computed_before_gives_the_same_bytes(
    folder: Path, tmp_path: Path
) -> None:
    rows, meta = reference_of(folder, [*PAIRS, *HELD_OUT], "float32", "chat", 2)
    path = tmp_path / "reference_logps.jsonl"
    write_jsonl(path, rows)
    write_meta(path, meta)
    train(folder, tmp_path / "computed")
    train_adapter(a_run(folder), PairSet(PAIRS, HELD_OUT, path), tmp_path / "given", {})
    one, other = (sha256_file(tmp_path / n / ADAPTER_FILES[0]) for n in ("computed", "given"))
    assert one == other


def test_a_checkpoint_is_of_its_reference_and_of_the_settings_of_its_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []

    def note(output: Path, fingerprint: str) -> Path:
        found.append(fingerprint)
        raise InputError("that was all")

    monkeypatch.setattr(train_adapter_module, "checkpoint_folder", note)
    folder, path = write_tiny_model(tmp_path / "model"), tmp_path / "reference_logps.jsonl"
    rows, meta = reference_of(folder, [*PAIRS, *HELD_OUT], "float32", "chat", 2)
    write_meta(path, meta)

    def train_with(lower: float) -> None:
        changed = [r.model_copy(update={"chosen_logprob": r.chosen_logprob - lower}) for r in rows]
        write_jsonl(path, changed)
        with pytest.raises(InputError, match="that was all"):
            train_adapter(a_run(folder), PairSet(PAIRS, HELD_OUT, path), tmp_path / "adapter", {})

    train_with(0)
    train_with(0)
    assert found[0] == found[1]
    train_with(1)
    with (folder / "generation_config.json").open("a", encoding="utf-8") as file:
        file.write("\n")
    train_with(1)
    assert len({*found}) == 3


def test_training_goes_on_from_an_adapter(folder: Path, tmp_path: Path) -> None:
    first = train(folder, tmp_path / "first")
    data = PairSet(PAIRS, HELD_OUT)
    run = replace(a_run(folder), start=tmp_path / "first")
    second = train_adapter(run, data, tmp_path / "second", {})
    # Against the base model it begins where the first training has ended.
    margin = "held_out_reward_margin"
    assert second[0][margin] == pytest.approx(first[-1][margin], abs=1e-4)
    assert second[-1][margin] > first[-1][margin]
    # Without a step that moves it, it is the adapter that it began with.
    still = replace(run, recipe=run.recipe.model_copy(update={"learning_rate": 1e-30}))
    train_adapter(still, data, tmp_path / "still", {})
    one, other = (sha256_file(tmp_path / n / ADAPTER_FILES[0]) for n in ("first", "still"))
    assert one == other


def test_an_adapter_of_another_rank_or_model_is_no_start(folder: Path, tmp_path: Path) -> None:
    train(folder, tmp_path / "first")
    data, run = PairSet(PAIRS, HELD_OUT), replace(a_run(folder), start=tmp_path / "first")
    wider = replace(run, recipe=run.recipe.model_copy(update={"lora_rank": 8}))
    with pytest.raises(InputError, match=r"rank and alpha of this adapter are \(4, 8\)"):
        train_adapter(wider, data, tmp_path / "second", {})
    other = write_tiny_model(tmp_path / "model", hidden_size=48)
    with pytest.raises(InputError, match="belongs to another model"):
        train_adapter(replace(run, model=other), data, tmp_path / "second", {})


def test_the_reference_may_be_the_adapter_that_training_goes_on_from(
    folder: Path, tmp_path: Path
) -> None:
    for seed, name in enumerate(("first", "other")):
        train(folder, tmp_path / name, seed=seed)
    rows, meta = reference_of(
        folder, [*PAIRS, *HELD_OUT], "float32", "chat", 4, adapter=tmp_path / "first"
    )
    write_jsonl(tmp_path / "reference_logps.jsonl", rows)
    write_meta(tmp_path / "reference_logps.jsonl", meta)
    data = PairSet(PAIRS, HELD_OUT, tmp_path / "reference_logps.jsonl")
    curve = train_adapter(
        replace(a_run(folder), start=tmp_path / "first"), data, tmp_path / "second", {}
    )
    assert curve[0]["held_out_reward_margin"] == pytest.approx(0, abs=1e-4)
    for start in (None, tmp_path / "other"):
        with pytest.raises(InputError, match="adapter_sha256"):
            train_adapter(replace(a_run(folder), start=start), data, tmp_path / "third", {})


def test_no_pairs_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no pairs"):
        train(folder, tmp_path / "adapter", pairs=[])


def test_a_run_in_which_the_chosen_sides_fall_is_stopped_and_keeps_its_log(
    folder: Path, tmp_path: Path
) -> None:
    # No likelihood term, and steps so large that both sides fall.
    with pytest.raises(
        InputError, match=r"stopped at step \d: the chosen sides .* training.max_chosen_drop"
    ):
        train(folder, tmp_path / "adapter", learning_rate=0.5, sft_weight=0.0, max_chosen_drop=0.5)
    assert not (tmp_path / "adapter").exists()
    [log] = tmp_path.glob(".adapter.*.checkpoints/train_log.jsonl")
    rows = [row for _, row in read_objects(log)]
    assert min(rows[-1]["chosen_change"], rows[-1]["held_out_chosen_change"]) < -0.5


def test_what_is_not_a_number_stops_the_run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = trainer.loss_of
    monkeypatch.setattr(trainer, "loss_of", lambda *args: real(*args) * float("nan"))
    with pytest.raises(InputError, match=r"stopped at step 1: loss is not .* \(--learning-rate"):
        train(folder, tmp_path / "adapter")
    [log] = tmp_path.glob(".adapter.*.checkpoints/train_log.jsonl")
    assert [row for _, row in read_objects(log)][-1]["loss"] is None


def test_memory_that_runs_out_halves_the_micro_batch_and_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    expected = train(folder, tmp_path / "small", micro_batch_size=1)
    real = trainer.pair_logprobs
    calls = []

    def pair_logprobs(model: Any, packed: Any) -> torch.Tensor:
        calls.append(packed)
        if len(calls) > 4 and len(packed["lengths"]) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")
        return real(model, packed)

    monkeypatch.setattr(trainer, "pair_logprobs", pair_logprobs)
    curve = train(folder, tmp_path / "adapter", micro_batch_size=2)
    # Two steps were done and saved, the third was begun.
    assert len(calls) == 4 + 1 + 4
    assert "--micro-batch-size) to 1" in caplog.text
    assert [row["step"] for row in curve] == [0, 1, 2, 3]
    assert curve[-1]["reward_margin"] == pytest.approx(expected[-1]["reward_margin"], rel=1e-2)


def test_the_file_of_pairs_trains_in_plain_trl_as_it_is(folder: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "pairs.jsonl", PAIRS)
    loaded = load_dataset(
        "json",
        data_files=str(tmp_path / "pairs.jsonl"),
        split="train",
        cache_dir=str(tmp_path / "cache"),
    )
    trainer = DPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(folder),
        processing_class=AutoTokenizer.from_pretrained(folder),
        train_dataset=loaded,
        args=DPOConfig(
            output_dir=str(tmp_path / "out"),
            max_steps=1,
            use_cpu=True,
            bf16=False,
            report_to="none",
        ),
    )
    assert trainer.train().training_loss > 0


def test_imitation_in_bfloat16_sees_logits_in_float32(folder: Path, tmp_path: Path) -> None:
    run = replace(a_run(folder, method="sft", batch_size=1, micro_batch_size=1), dtype="bfloat16")
    first = train_adapter(run, PairSet(PAIRS[:1], []), tmp_path / "adapter", {})[1]
    model = load_model(folder, "bfloat16")
    [pair] = encode_pairs(load_tokenizer(folder), PAIRS[:1], "chat")
    ids = torch.tensor([pair["prompt_ids"] + pair["chosen_ids"]])
    with torch.inference_mode():
        logits = model(input_ids=ids).logits[0, len(pair["prompt_ids"]) - 1 : -1]
    expected = functional.cross_entropy(logits, torch.tensor(pair["chosen_ids"])).item()
    assert first["loss"] == pytest.approx(expected, abs=1e-5)
