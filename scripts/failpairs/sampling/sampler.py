"""Sampling a model on problems: prompts in, `samples.jsonl` rows and their protocol out."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from failpairs.errors import InputError
from failpairs.models.load import ModelIdentity, eos_token_ids, load_tokenizer, model_identity
from failpairs.models.prompts import FORMATS, PromptFormat, cut_at_stop, render_prompts
from failpairs.models.settings import InferenceSettings
from failpairs.models.tuned import tuned_sha256
from failpairs.progress import Progress
from failpairs.provenance.hardware import hardware
from failpairs.provenance.protocol import SamplesMeta, sampling_meta
from failpairs.records import Problem, Sample
from failpairs.sampling.engines import ADAPTING, ENGINES, QUANTIZING, Completion, Engine
from failpairs.sampling.sampled_model import SampledModel
from failpairs.sampling.settings import GenerationSettings

INFERENCE = InferenceSettings()
NONE: Mapping[str, Sequence[Sample]] = {}


@dataclass(frozen=True)
class Sampler:
    """An engine with a model ready to be sampled, and what names them.

    `hardware` is None where the engine runs the model elsewhere.
    """

    engine: Engine
    model: SampledModel
    identity: ModelIdentity
    tuned_sha256: str | None
    hardware: str | None


def load_sampler(
    folder: Path,
    tuned: Path | None,
    dtype: str,
    prompt_format: str,
    engine: str = "transformers",
    inference: InferenceSettings = INFERENCE,
    quantization: str = "none",
) -> Sampler:
    """Load a model folder, or a tuned model with the tokenizer of that folder, into an engine.

    Args:
        tuned: folder of an adapter for the model, or of a whole model in its place.
        dtype, quantization: as `device.choose_device` takes them.
        engine: a name of the registry.
        inference: holds the engine's own options.

    Raises:
        InputError: the folder is no model, the engine is not installed, one of its options is
            missing, or it cannot apply an adapter or quantize the weights.
    """
    entry = ENGINES[engine]
    if tuned is not None and not entry.can_adapt:
        able = ", ".join(ADAPTING)
        raise InputError(f"--adapter: --engine {engine} cannot apply one; use one of {able}")
    if quantization != "none" and not entry.can_quantize:
        able = ", ".join(QUANTIZING)
        raise InputError(f"--quantization: --engine {engine} cannot do it; use one of {able}")
    for key in entry.required:
        if not getattr(inference, key):
            raise InputError(f"--{key.replace('_', '-')}: --engine {engine} needs it")
    identity = model_identity(folder)
    tokenizer = load_tokenizer(folder)
    model = SampledModel(
        folder=folder,
        tuned=tuned,
        dtype=dtype,
        format=FORMATS[prompt_format],
        tokenizer=tokenizer,
        eos_token_ids=eos_token_ids(folder, tokenizer),
        quantization=quantization,
    )
    return Sampler(
        engine=entry.load(model, inference),
        model=model,
        identity=identity,
        tuned_sha256=tuned_sha256(tuned) if tuned else None,
        hardware=hardware() if entry.is_local else None,
    )


def sample_problems(
    sampler: Sampler,
    problems: Sequence[Problem],
    settings: GenerationSettings,
    batch_size: int,
    known: Mapping[str, Sequence[Sample]] = NONE,
) -> tuple[list[Sample], SamplesMeta]:
    """Draw the configured number of completions of every problem.

    Args:
        known: the first samples of some problems, which are not drawn again.

    Returns:
        the samples, in the order of the problems and of their index, and the protocol they follow.

    Raises:
        InputError: as `Engine.complete`.
    """
    model, engine = sampler.model, sampler.engine
    prompts = render_prompts(model.tokenizer, problems, model.format.name)
    drawn = {task_id: len(known.get(task_id, ())) for task_id in prompts}
    missing = {t: text for t, text in prompts.items() if drawn[t] < settings.n_samples}
    groups = _with_progress(engine.complete(missing, settings, batch_size, drawn), len(missing))
    new = {
        group[0].task_id: [_as_sample(each, model.format, settings.seed) for each in group]
        for group in groups
    }
    samples = [
        sample
        for task_id in prompts
        for sample in [*known.get(task_id, ())[: settings.n_samples], *new.get(task_id, ())]
    ]
    return samples, meta_of(sampler, problems, settings)


def meta_of(
    sampler: Sampler, problems: Sequence[Problem], settings: GenerationSettings
) -> SamplesMeta:
    """The protocol of the samples that `sample_problems` draws."""
    model, engine = sampler.model, sampler.engine
    return sampling_meta(
        sampler.identity,
        sampler.tuned_sha256,
        model.format,
        render_prompts(model.tokenizer, problems, model.format.name),
        {**settings.generation(), **engine.own_settings()},
        engine.describe(),
        sampler.hardware,
    )


def _with_progress(groups: Iterator[list[Completion]], total: int) -> Iterator[list[Completion]]:
    progress = Progress("sampled problems", total)
    start, written = time.monotonic(), 0
    for done, group in enumerate(groups, start=1):
        unit = "characters" if group[0].n_tokens is None else "tokens"
        written += sum(each.n_tokens or len(each.text) for each in group)
        progress.update(done, f"{written / (time.monotonic() - start):.0f} {unit}/s")
        yield group


def _as_sample(completion: Completion, prompt_format: PromptFormat, seed: int) -> Sample:
    cut = cut_at_stop(completion.text, prompt_format)
    logprob = completion.sum_logprob
    return Sample.model_validate(
        {
            "task_id": completion.task_id,
            "sample_index": completion.sample_index,
            "completion": completion.text if cut is None else cut,
            "finish_reason": completion.finish_reason if cut is None else "stop",
            "n_tokens": completion.n_tokens,
            "sum_logprob": None if logprob is None else round(logprob, 4),
            "seed": seed,
        }
    )
