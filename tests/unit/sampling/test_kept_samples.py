"""Samples that are there already are not drawn again, if they would be the same."""

from pathlib import Path

import pytest
from builders import a_problem
from failpairs.errors import InputError
from failpairs.provenance.protocol import SamplesMeta, write_meta
from failpairs.records import Problem
from failpairs.sampling import sampler as sampler_module
from failpairs.sampling.kept_samples import (
    drawing_sha256,
    given_samples,
    keep,
    kept_samples,
)
from failpairs.sampling.sampler import load_sampler, meta_of, sample_problems
from failpairs.sampling.settings import SamplingSettings
from failpairs.storage.files import write_jsonl
from tiny_model import write_tiny_model

PROBLEMS = [a_problem(f"t/{number}") for number in range(3)]


@pytest.fixture(scope="module")
def sampler(tmp_path_factory: pytest.TempPathFactory) -> sampler_module.Sampler:
    folder = tmp_path_factory.mktemp("model")
    write_tiny_model(folder)
    return load_sampler(folder, None, "float32", "completion")


def settings(n_samples: int, **changes: float) -> SamplingSettings:
    return SamplingSettings(n_samples=n_samples, max_new_tokens=8, **changes)


def drawn(
    sampler: sampler_module.Sampler, folder: Path, n_samples: int, problems: list[Problem]
) -> Path:
    samples, meta = sample_problems(sampler, problems, settings(n_samples), 4)
    path = folder / "samples.jsonl"
    write_jsonl(path, samples)
    keep(path, meta, "code")
    return path


@pytest.mark.parametrize("n_samples", [2, 3, 5])
def test_more_or_fewer_samples_extend_or_shorten_those_that_are_kept(
    sampler: sampler_module.Sampler, tmp_path: Path, n_samples: int
) -> None:
    path = drawn(sampler, tmp_path, 3, PROBLEMS[:2])
    path.unlink()  # as Snakemake does before a job
    wanted = settings(n_samples)
    known = kept_samples(path, meta_of(sampler, PROBLEMS, wanted), "code")
    assert {task_id: len(each) for task_id, each in known.items()} == {"t/0": 3, "t/1": 3}
    whole, meta = sample_problems(sampler, PROBLEMS, wanted, 4)
    assert sample_problems(sampler, PROBLEMS, wanted, 4, known) == (whole, meta)


def test_what_is_kept_is_not_drawn(
    sampler: sampler_module.Sampler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drawn(sampler, tmp_path, 3, PROBLEMS)
    asked = []
    complete = sampler.engine.complete

    def noted(prompts, generation, batch_size, there):  # type: ignore[no-untyped-def]
        asked.append(({*prompts}, there))
        return complete(prompts, generation, batch_size, there)

    monkeypatch.setattr(sampler.engine, "complete", noted)
    known = kept_samples(path, meta_of(sampler, PROBLEMS, settings(3)), "code")
    sample_problems(sampler, PROBLEMS, settings(3), 4, known)
    del known["t/1"]
    known["t/2"].pop()
    sample_problems(sampler, PROBLEMS, settings(3), 4, known)
    there = {"t/0": 3, "t/1": 3, "t/2": 3}
    assert asked == [(set(), there), ({"t/1", "t/2"}, {"t/0": 3, "t/1": 0, "t/2": 2})]


def test_samples_that_would_be_others_are_not_taken(
    sampler: sampler_module.Sampler, tmp_path: Path
) -> None:
    path = drawn(sampler, tmp_path, 2, PROBLEMS)
    meta = meta_of(sampler, PROBLEMS, settings(2))
    assert len(kept_samples(path, meta, "code")) == 3
    assert kept_samples(path, meta, "newer code") == {}
    assert kept_samples(tmp_path / "other.jsonl", meta, "code") == {}
    warmer = meta_of(sampler, PROBLEMS, settings(2, temperature=0.5))
    assert kept_samples(path, warmer, "code") == {}
    prompts = {**meta.prompts, "t/1": "another prompt"}
    changed: SamplesMeta = meta.model_copy(update={"prompts": prompts})
    assert {*kept_samples(path, changed, "code")} == {"t/0", "t/2"}


def test_other_settings_of_a_model_or_an_adapter_are_another_drawing(tmp_path: Path) -> None:
    model, adapter = write_tiny_model(tmp_path / "model"), tmp_path / "adapter"
    adapter.mkdir()
    settings_of_adapter = adapter / "adapter_config.json"
    settings_of_adapter.write_text('{"lora_alpha": 8}', encoding="utf-8")
    found = [drawing_sha256("code", model, None), drawing_sha256("code", model, adapter)]
    assert drawing_sha256("code", model, adapter) == found[-1]
    found.append(drawing_sha256("newer code", model, adapter))
    settings_of_adapter.write_text('{"lora_alpha": 16}', encoding="utf-8")
    found.append(drawing_sha256("code", model, adapter))
    for name in ("config.json", "tokenizer.json"):
        with (model / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        found.append(drawing_sha256("code", model, adapter))
    assert len({*found}) == len(found)


@pytest.mark.parametrize("name", [".samples.jsonl.kept", ".samples.jsonl.kept.json"])
def test_what_is_damaged_is_drawn_again(
    sampler: sampler_module.Sampler, tmp_path: Path, name: str
) -> None:
    path = drawn(sampler, tmp_path, 2, PROBLEMS[:1])
    damaged = tmp_path / name
    text = damaged.read_text(encoding="utf-8")
    damaged.unlink()
    damaged.write_text(text[: len(text) // 2], encoding="utf-8")
    meta = meta_of(sampler, PROBLEMS, settings(2))
    assert len(kept_samples(path, meta, "code").get("t/0", [])) < 2


def test_samples_of_another_file_are_extended_if_they_were_drawn_alike(
    sampler: sampler_module.Sampler, tmp_path: Path
) -> None:
    path = drawn(sampler, tmp_path, 3, PROBLEMS)
    write_meta(path, meta_of(sampler, PROBLEMS, settings(3)))
    known = given_samples(path, meta_of(sampler, PROBLEMS, settings(5)))
    assert {task_id: len(each) for task_id, each in known.items()} == dict.fromkeys(
        ("t/0", "t/1", "t/2"), 3
    )
    other = meta_of(sampler, PROBLEMS, settings(5, temperature=0.5))
    with pytest.raises(InputError, match=r"temperature is 0\.8 in one and 0\.5 in the other"):
        given_samples(path, other)
