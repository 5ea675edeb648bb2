"""Sampling a model on problems: prompts in, `samples.jsonl` rows and their protocol out."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from failpairs.models.load import ModelIdentity, eos_token_ids, load_tokenizer, model_identity
from failpairs.models.prompts import FORMATS, PromptFormat, cut_at_stop, encode, render_prompts
from failpairs.progress import Progress
from failpairs.provenance.hardware import hardware
from failpairs.provenance.protocol import SamplesMeta, sampling_meta
from failpairs.records import Problem, Sample
from failpairs.sampling.engines import Engine, load_engine
from failpairs.sampling.settings import GenerationSettings
from failpairs.sampling.token_draws import Draft, Generation
from failpairs.storage.files import sha256_file

STOP_WINDOW = 16  # last tokens that are searched for a stop text; no stop is longer


@dataclass(frozen=True)
class Sampler:
    """A model ready to be sampled, with what names it."""

    engine: Engine
    tokenizer: Any
    eos_token_ids: tuple[int, ...]
    format: PromptFormat
    identity: ModelIdentity
    adapter_sha256: str | None


def load_sampler(
    folder: Path, adapter: Path | None, dtype: str, prompt_format: str, engine: str = "transformers"
) -> Sampler:
    """Load a model folder, with an adapter or without one.

    Args:
        engine: as `engines.load_engine` takes it.

    Raises:
        InputError: the folder is no model, or the engine is not installed.
    """
    identity = model_identity(folder)
    tokenizer = load_tokenizer(folder)
    return Sampler(
        engine=load_engine(engine, folder, adapter, dtype),
        tokenizer=tokenizer,
        eos_token_ids=eos_token_ids(folder, tokenizer),
        format=FORMATS[prompt_format],
        identity=identity,
        adapter_sha256=sha256_file(adapter / "adapter_model.safetensors") if adapter else None,
    )


def sample_problems(
    sampler: Sampler, problems: Sequence[Problem], settings: GenerationSettings, batch_size: int
) -> tuple[list[Sample], SamplesMeta]:
    """Draw the configured number of completions of every problem.

    Returns:
        the samples, in the order of the problems and of their index, and the protocol they follow.
    """
    generation = Generation(**settings.generation(), eos_token_ids=sampler.eos_token_ids)
    prompts = render_prompts(sampler.tokenizer, problems, sampler.format.name)
    encoded = [
        (task_id, encode(sampler.tokenizer, text, sampler.format.name))
        for task_id, text in prompts.items()
    ]
    drafts = _with_progress(
        sampler.engine.decode(
            encoded, generation, lambda tokens: _has_stop(sampler, tokens), batch_size
        ),
        len(problems),
    )
    by_problem = {rows[0].prompt_index: rows for rows in drafts}
    samples = [
        _finish(sampler, problem.task_id, draft, generation)
        for index, problem in enumerate(problems)
        for draft in by_problem[index]
    ]
    meta = sampling_meta(
        sampler.identity,
        sampler.adapter_sha256,
        sampler.format,
        prompts,
        {**vars(generation), "eos_token_ids": list(generation.eos_token_ids)},
        sampler.engine.describe(),
        hardware(),
    )
    return samples, meta


def _has_stop(sampler: Sampler, tokens: list[int]) -> bool:
    tail = sampler.tokenizer.decode(tokens[-STOP_WINDOW:])
    return cut_at_stop(tail, sampler.format) is not None


def _with_progress(batches: Iterator[list[Draft]], total: int) -> Iterator[list[Draft]]:
    progress = Progress("sampled problems", total)
    start, tokens = time.monotonic(), 0
    for done, rows in enumerate(batches, start=1):
        tokens += sum(len(row.tokens) for row in rows)
        progress.update(done, f"{tokens / (time.monotonic() - start):.0f} tokens/s")
        yield rows


def _finish(sampler: Sampler, task_id: str, draft: Draft, generation: Generation) -> Sample:
    tokens = draft.tokens[:-1] if draft.finish_reason == "eos" else draft.tokens
    text = sampler.tokenizer.decode(tokens, clean_up_tokenization_spaces=False)
    cut = cut_at_stop(text, sampler.format)
    return Sample.model_validate(
        {
            "task_id": task_id,
            "sample_index": draft.sample_index,
            "completion": text if cut is None else cut,
            "finish_reason": draft.finish_reason,
            "n_tokens": len(draft.tokens),
            "sum_logprob": round(draft.sum_logprob, 4),
            "seed": generation.seed,
        }
    )
