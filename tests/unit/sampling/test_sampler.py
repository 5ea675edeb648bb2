from pathlib import Path

import pytest
import torch
from builders import a_problem
from failpairs.errors import InputError
from failpairs.models.prompts import encode, render_prompt
from failpairs.provenance.hardware import hardware
from failpairs.sampling import transformers_engine
from failpairs.sampling.sampler import load_sampler, sample_problems
from failpairs.sampling.settings import SamplingSettings
from failpairs.storage.files import sha256_file, sha256_json
from peft import LoraConfig, PeftModel, get_peft_model
from tiny_model import write_tiny_model
from transformers import AutoModelForCausalLM

SETTINGS = SamplingSettings(n_samples=2, temperature=1.0, max_new_tokens=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"))


def test_samples_come_in_the_order_of_problems_and_index(folder: Path) -> None:
    sampler = load_sampler(folder, None, "float32", "chat")
    problems = [a_problem(task_id=f"t/{i}") for i in range(3)]
    samples, _ = sample_problems(sampler, problems, SETTINGS, 4)
    assert [(s.task_id, s.sample_index) for s in samples] == [
        (f"t/{i}", k) for i in range(3) for k in range(2)
    ]


def test_the_meta_says_all_that_decides_the_result(folder: Path) -> None:
    sampler = load_sampler(folder, None, "float32", "completion")
    problem = a_problem()
    _, meta = sample_problems(sampler, [problem], SETTINGS, 4)
    assert meta.prompts == {problem.task_id: problem.prompt}
    assert meta.prompts_sha256 == sha256_json(meta.prompts)
    assert {**meta.generation, **SETTINGS.generation()} == meta.generation
    assert meta.generation["eos_token_ids"] == [0]
    assert meta.generation["stop"]
    assert meta.adapter_sha256 is None
    assert len(meta.model.weights_sha256) == 64
    assert meta.engine["dtype"] == "float32"
    assert meta.hardware == hardware()


def test_sampling_says_what_memory_it_needs_and_is_refused_what_is_not_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    sampler = load_sampler(folder, None, "float32", "chat")
    sample_problems(sampler, [a_problem()], SETTINGS, 4)
    assert any("memory: sampling needs about 0.4 GiB" in message for message in caplog.messages)
    monkeypatch.setattr(transformers_engine, "room_here", lambda: 2**28)
    with pytest.raises(InputError, match=r"sampling needs .* and has 0\.2 GiB"):
        sample_problems(sampler, [a_problem()], SETTINGS, 4)


def test_a_chat_prompt_uses_the_models_template(folder: Path) -> None:
    sampler = load_sampler(folder, None, "float32", "chat")
    text = render_prompt(sampler.model.tokenizer, "def f():\n", "chat")
    assert text.startswith("<user>")
    assert text.endswith("<assistant>```python\n")


def test_a_sampled_text_ends_with_its_stop(folder: Path) -> None:
    sampler = load_sampler(folder, None, "float32", "chat")
    problems = [a_problem(task_id=f"t/{i}") for i in range(20)]
    settings = SETTINGS.model_copy(update={"max_new_tokens": 60})
    samples, _ = sample_problems(sampler, problems, settings, 64)
    for sample in samples:
        assert ("```" in sample.completion) == (sample.finish_reason == "stop")
        assert "<eos>" not in sample.completion


def test_an_answer_goes_on_after_a_fence_in_a_docstring(folder: Path) -> None:
    model = load_sampler(folder, None, "float32", "chat").model
    tokens = model.encode(
        'def f():\n    """One.\n\n    ```\n    f()\n    ```\n    """\n    return 1\n```'
    )
    assert [end for end in range(len(tokens) + 1) if model.has_stop(tokens[:end])] == [len(tokens)]


def test_an_adapter_samples_as_peft_and_generate_do(folder: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    settings = LoraConfig(target_modules="all-linear", init_lora_weights=False)
    base = AutoModelForCausalLM.from_pretrained(folder)
    get_peft_model(base, settings).save_pretrained(tmp_path / "adapter")
    tuned = PeftModel.from_pretrained(
        AutoModelForCausalLM.from_pretrained(folder), tmp_path / "adapter"
    ).eval()
    problems = [a_problem(task_id=f"t/{i}", prompt=f"def double(n):  # {i}\n") for i in range(4)]
    greedy = SETTINGS.model_copy(update={"n_samples": 1, "temperature": 0.0})
    sampler = load_sampler(folder, tmp_path / "adapter", "float32", "chat")
    samples, meta = sample_problems(sampler, problems, greedy, 2)
    plain, _ = sample_problems(load_sampler(folder, None, "float32", "chat"), problems, greedy, 2)
    assert meta.adapter_sha256 == sha256_file(tmp_path / "adapter/adapter_model.safetensors")
    assert [s.completion for s in samples] != [s.completion for s in plain]
    for sample in samples:
        ids = encode(sampler.model.tokenizer, meta.prompts[sample.task_id], "chat")
        with torch.inference_mode():
            theirs = tuned.generate(
                input_ids=torch.tensor([ids]), do_sample=False, max_new_tokens=sample.n_tokens
            )
        text = sampler.model.tokenizer.decode(theirs[0, len(ids) :], skip_special_tokens=True)
        assert text == sample.completion


@pytest.mark.parametrize("shards", [3, 7])
def test_shards_draw_what_the_whole_draws(folder: Path, shards: int) -> None:
    sampler = load_sampler(folder, None, "float32", "chat")
    problems = [a_problem(task_id=f"t/{i}") for i in range(10)]
    whole, _ = sample_problems(sampler, problems, SETTINGS, 8)
    parts = [
        sample
        for number in range(shards)
        for sample in sample_problems(sampler, problems[number::shards], SETTINGS, 8)[0]
    ]
    texts = {(sample.task_id, sample.sample_index): sample.completion for sample in parts}
    assert texts == {(s.task_id, s.sample_index): s.completion for s in whole}


def test_a_shard_without_problems_has_no_samples(folder: Path) -> None:
    sampler = load_sampler(folder, None, "float32", "chat")
    samples, meta = sample_problems(sampler, [], SETTINGS, 4)
    assert (samples, meta.prompts) == ([], {})
