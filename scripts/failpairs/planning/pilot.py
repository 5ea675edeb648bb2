"""A pilot of a run: some samples, their execution, and some steps of training, timed."""

import itertools
import random
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.labels import PASS
from failpairs.models.load import load_model, load_tokenizer
from failpairs.models.prompts import encode, render_prompt
from failpairs.models.settings import ModelFormat
from failpairs.planning.decoding_cost import fitted, timed_calls
from failpairs.planning.rates import Rates
from failpairs.records import Pair, Problem, Sample
from failpairs.sampling.sampler import load_sampler, sample_problems
from failpairs.sampling.settings import GenerationSettings
from failpairs.sampling.transformers_engine import TransformersEngine
from failpairs.training.encoding import encode_pairs, n_tokens
from failpairs.training.pair_scores import logprobs_of
from failpairs.training.recipe import Recipe
from failpairs.training.train_adapter import PairSet, Run, train_adapter

N_SAMPLES = 4  # of each problem
BATCHES = 2  # of samples: lengths and outcomes differ between problems
SHORT, LONG = 1, 7  # steps of the two trainings, whose difference is timed


class Trained(NamedTuple):
    """Seconds until a training could begin, per token of a pair that is trained on, and per token
    of one that is only scored."""

    start: float
    per_token: float
    per_scored_token: float


def some_problems(problems: Sequence[Problem], sequences: int) -> list[Problem]:
    """As many problems as give two batches of so many samples."""
    count = min(len(problems), -(-BATCHES * sequences // N_SAMPLES))
    return random.Random(0).sample(problems, count)


def pilot(
    model: Path,
    form: ModelFormat,
    sampling: GenerationSettings,
    batch_size: int,
    recipe: Recipe | None,
    problems: Sequence[Problem],
    label: Callable[[Sequence[Sample]], Iterable[ExecLabel]],
) -> Rates:
    """The rates of this machine, from some samples, their execution and some steps of training.

    Args:
        model: its folder.
        recipe: None where nothing is trained.
        problems: that are sampled.
        label: executes samples with one worker.

    Raises:
        InputError: as sampling and training; no two samples of a problem differ.
    """
    start = time.monotonic()
    sampler = load_sampler(
        model, None, form.dtype, form.prompt_format, "transformers", quantization=form.quantization
    )
    loaded = time.monotonic()
    assert isinstance(sampler.engine, TransformersEngine)
    settings = sampling.model_copy(update={"n_samples": N_SAMPLES if sampling.temperature else 1})
    with timed_calls(sampler.engine.model) as calls:
        samples, _ = sample_problems(sampler, problems, settings, batch_size)
    tokenizer, name = sampler.model.tokenizer, form.prompt_format
    del sampler
    prompts = [encode(tokenizer, render_prompt(tokenizer, p.prompt, name), name) for p in problems]
    sampled = time.monotonic()
    labels = [*label(samples)]
    executed = time.monotonic()
    trained = Trained(0.0, 0.0, 0.0)
    if recipe:
        trained = train_some(model, form, recipe, problems, samples)
    return Rates(
        sampling_start=loaded - start,
        training_start=trained.start,
        decoding=fitted(calls),
        training=trained.per_token,
        scoring=trained.per_scored_token,
        trial=0.0,
        execution=(executed - sampled) / len(samples),
        prompt_tokens=mean(map(len, prompts)),
        lengths=[sample.n_tokens or 1 for sample in samples],
        outcomes=outcomes_of(labels),
    )


def outcomes_of(labels: Iterable[ExecLabel]) -> list[tuple[int, int]]:
    """(passes, failures) of each problem.

    Example:
        >>> outcomes_of([])
        []
    """
    by_problem = itertools.groupby(labels, key=lambda label: label.task_id)
    counts = [[label.label == PASS for label in group] for _, group in by_problem]
    return [(sum(passed), len(passed) - sum(passed)) for passed in counts]


def train_some(
    model: Path,
    form: ModelFormat,
    recipe: Recipe,
    problems: Sequence[Problem],
    samples: Sequence[Sample],
) -> Trained:
    """Train for a few steps on pairs of samples, whether these passed or not.

    Raises:
        InputError: no two samples of a problem differ.
    """
    size = recipe.micro_batch_size
    changes = {"batch_size": size, "processes": 1, "epochs": 1.0, "order": "shuffled"}
    limits = {"eval_every": 1_000_000, "max_chosen_drop": 100.0}
    tried = recipe.model_copy(update={**changes, **limits})
    pairs = some_pairs(load_tokenizer(model), form, problems, samples, LONG * size)
    encoded = encode_pairs(load_tokenizer(model), pairs, form.prompt_format)
    tokens = [*map(n_tokens, encoded)]
    loaded = load_model(model, form.dtype, form.quantization)
    logprobs_of(loaded, encoded[:1], 1)  # what is made on first use
    start = time.monotonic()
    logprobs_of(loaded, encoded, size)
    per_scored_token = (time.monotonic() - start) / sum(tokens)
    del loaded

    def seconds(steps: int) -> float:
        run = Run(
            model=model,
            dtype=form.dtype,
            prompt_format=form.prompt_format,
            recipe=tried,
            method="preference",
            seed=0,
            code="pilot",
            quantization=form.quantization,
        )
        start = time.monotonic()
        with TemporaryDirectory() as folder:
            data = PairSet(pairs[: steps * size], [])
            train_adapter(run, data, Path(folder, "adapter"), {})
        return time.monotonic() - start

    short, long = seconds(SHORT), seconds(LONG)
    of_both = max(0.0, long - short) / sum(tokens[SHORT * size :])
    load_s = max(0.0, short - of_both * sum(tokens[: SHORT * size]))
    return Trained(load_s, max(0.0, of_both - per_scored_token), per_scored_token)


def some_pairs(
    tokenizer: Any,
    form: ModelFormat,
    problems: Sequence[Problem],
    samples: Sequence[Sample],
    count: int,
) -> list[Pair]:
    """So many pairs of different samples of a problem, shuffled, again from the first where there
    are fewer.

    Raises:
        InputError: no two samples of a problem differ.
    """
    texts: dict[str, dict[str, int]] = {}
    for sample in samples:
        texts.setdefault(sample.task_id, {}).setdefault(sample.completion, sample.sample_index)
    prompts = {each.task_id: each.prompt for each in problems}
    found = [
        Pair(
            prompt=render_prompt(tokenizer, prompts[task_id], form.prompt_format),
            chosen=chosen,
            rejected=rejected,
            task_id=task_id,
            chosen_index=index,
            rejected_index=other,
            rejected_label="pilot",
            similarity=1.0,
            length_ratio=1.0,
        )
        for task_id, known in texts.items()
        for (chosen, index), (rejected, other) in itertools.combinations(known.items(), 2)
        if chosen and rejected
    ]
    if not found:
        raise InputError(
            "all samples of the pilot are the same for each problem, so that there will be no "
            "pairs: raise sampling.temperature"
        )
    random.Random(0).shuffle(found)  # pairs of many problems rather than many pairs of the first
    return [*itertools.islice(itertools.cycle(found), count)]
