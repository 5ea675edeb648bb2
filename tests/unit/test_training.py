from pathlib import Path

import pytest
import torch
from datasets import load_dataset
from failpairs.errors import InputError
from failpairs.files import read_json, sha256_file, write_jsonl
from failpairs.records import Pair
from failpairs.training import ADAPTER_FILES, Recipe, train_adapter
from peft import PeftModel
from tiny_model import write_tiny_model
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer

RECIPE = Recipe(
    learning_rate=5e-3,
    epochs=2,
    batch_size=4,
    micro_batch_size=2,
    warmup_ratio=0.0,
    beta=0.1,
    sft_weight=0.2,
    lora_rank=4,
    lora_alpha=8,
    lora_dropout=0.0,
    max_grad_norm=1.0,
)
PAIRS = [
    Pair(
        prompt=f"<user>{i}<end><assistant>",
        chosen=f"return {i}\n```",
        rejected=f"retrun {i}\n```",
        task_id=f"t/{i}",
        chosen_index=0,
        rejected_index=1,
        rejected_label="NAME_ERROR",
        similarity=0.5,
        length_ratio=1.0,
    )
    for i in range(6)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"))


def train(folder: Path, output: Path, seed: int = 0, method: str = "dpo") -> list[dict[str, float]]:
    return train_adapter(folder, PAIRS, RECIPE, seed, "float32", "chat", method, output)


def test_training_raises_the_margin_and_logs_every_step(folder: Path, tmp_path: Path) -> None:
    curve = train(folder, tmp_path / "adapter")
    assert [row["step"] for row in curve] == [1, 2, 3, 4]
    assert curve[0]["reward_margin"] == pytest.approx(0, abs=1e-4)
    assert curve[-1]["reward_margin"] > 0.01
    expected = {"loss", "grad_norm", "learning_rate", "reward_accuracy", "chosen_logprob"}
    assert all(expected <= row.keys() for row in curve)


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
    assert low - 1e-3 <= curve[0]["loss"] <= high + 1e-3


def test_plain_fine_tuning_imitates_the_chosen_sides_alone(folder: Path, tmp_path: Path) -> None:
    curve = train(folder, tmp_path / "adapter", method="sft")
    assert [row["step"] for row in curve] == [1, 2, 3, 4]
    assert curve[-1]["loss"] < curve[0]["loss"]
    rejected = [pair.model_copy(update={"rejected": "anything else"}) for pair in PAIRS]
    train_adapter(folder, rejected, RECIPE, 0, "float32", "chat", "sft", tmp_path / "other")
    one, other = (sha256_file(tmp_path / n / ADAPTER_FILES[0]) for n in ("adapter", "other"))
    assert one == other


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    folder: Path, tmp_path: Path
) -> None:
    for name, seed in (("one", 0), ("again", 0), ("other", 1)):
        train(folder, tmp_path / name, seed)
    digests = {
        name: [sha256_file(tmp_path / name / file) for file in ADAPTER_FILES]
        for name in ("one", "again", "other")
    }
    assert digests["one"] == digests["again"]
    assert digests["one"][0] != digests["other"][0]


def test_the_adapter_loads_in_peft_and_nothing_else_is_left(folder: Path, tmp_path: Path) -> None:
    train(folder, tmp_path / "adapter")
    assert sorted(p.name for p in (tmp_path / "adapter").iterdir()) == sorted(ADAPTER_FILES)
    config = read_json(tmp_path / "adapter" / "adapter_config.json")
    assert config["target_modules"] == sorted(config["target_modules"])
    base = AutoModelForCausalLM.from_pretrained(folder)
    PeftModel.from_pretrained(base, tmp_path / "adapter")


def test_no_pairs_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no pairs"):
        train_adapter(folder, [], RECIPE, 0, "float32", "chat", "dpo", tmp_path / "adapter")


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
