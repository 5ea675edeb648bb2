from pathlib import Path

import pytest
from builders import a_problem
from failpairs.files import sha256_json
from failpairs.prompts import render_prompt
from failpairs.sampling import load_sampler, sample_problems
from tiny_model import write_tiny_model

SETTINGS = {"n_samples": 2, "temperature": 1.0, "top_p": 1.0, "max_new_tokens": 30, "seed": 0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"))


def test_samples_come_in_the_order_of_problems_and_index(folder: Path) -> None:
    sampler = load_sampler(folder, None, "float32", "chat", 1)
    problems = [a_problem(task_id=f"t/{i}") for i in range(3)]
    samples, _ = sample_problems(sampler, problems, SETTINGS, 4)
    assert [(s.task_id, s.sample_index) for s in samples] == [
        (f"t/{i}", k) for i in range(3) for k in range(2)
    ]


def test_the_meta_says_all_that_decides_the_result(folder: Path) -> None:
    sampler = load_sampler(folder, None, "float32", "completion", 1)
    problem = a_problem()
    _, meta = sample_problems(sampler, [problem], SETTINGS, 4)
    assert meta["prompts"] == {problem.task_id: problem.prompt}
    assert meta["prompts_sha256"] == sha256_json(meta["prompts"])
    assert {**meta["generation"], **SETTINGS} == meta["generation"]
    assert meta["generation"]["eos_token_ids"] == [0]
    assert meta["generation"]["stop"]
    assert meta["adapter_sha256"] is None
    assert len(meta["model"]["weights_sha256"]) == 64
    assert meta["engine"]["dtype"] == "float32"


def test_a_chat_prompt_uses_the_models_template(folder: Path) -> None:
    sampler = load_sampler(folder, None, "float32", "chat", 1)
    text = render_prompt(sampler.tokenizer, "def f():\n", "chat")
    assert text.startswith("<user>")
    assert text.endswith("<assistant>```python\n")


def test_a_sampled_text_ends_with_its_stop(folder: Path) -> None:
    sampler = load_sampler(folder, None, "float32", "chat", 1)
    problems = [a_problem(task_id=f"t/{i}") for i in range(20)]
    settings = {**SETTINGS, "max_new_tokens": 60}
    samples, _ = sample_problems(sampler, problems, settings, 64)
    for sample in samples:
        assert ("```" in sample.completion) == (sample.finish_reason == "stop")
        assert "<eos>" not in sample.completion
