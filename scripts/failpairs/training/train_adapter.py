"""Training of a LoRA adapter, by preference or by plain fine-tuning, with TRL and PEFT."""

import logging
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig
from transformers import PrinterCallback

from failpairs.errors import InputError
from failpairs.models.load import load_model, load_tokenizer, model_identity
from failpairs.models.memory_estimate import describe_loaded, room_here, training_choice
from failpairs.models.out_of_memory import smaller_sizes, within_memory
from failpairs.models.quantization import number_format_of
from failpairs.models.tuned import settings_sha256, tuned_sha256
from failpairs.provenance.hardware import hardware
from failpairs.records import Pair
from failpairs.storage.files import name_path_in_errors, sha256_json
from failpairs.storage.locks import locked
from failpairs.training.adapter_folder import start_from, write_adapter
from failpairs.training.checkpoints import (
    KeepNewest,
    checkpoint_folder,
    newest_checkpoint,
    remove_checkpoints,
)
from failpairs.training.determinism import deterministically
from failpairs.training.encoding import (
    SIDES,
    Encoded,
    encode_pairs,
    longest_pair,
    n_tokens,
    require_room,
)
from failpairs.training.guard_rails import GuardRails, write_log
from failpairs.training.live_curves import LiveCurves
from failpairs.training.model_card import model_card
from failpairs.training.pair_order import training_order, turns_of, weighted
from failpairs.training.ranks import rank_and_count
from failpairs.training.recipe import Recipe
from failpairs.training.reference_logprobs import (
    ReferenceMeta,
    compute_reference,
    read_reference,
    with_reference,
)
from failpairs.training.replay import Replay
from failpairs.training.trackers import Live
from failpairs.training.train_log import Row
from failpairs.training.trainer import PairTrainer, ReplayTrainer, kto_trainer, sft_trainer

MEASUREMENTS = 10  # a run, where the recipe does not say
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """One training run: a model, a recipe and a seed.

    Attributes:
        prompt_format: how the pairs' prompts were rendered, so that they are encoded likewise.
        method: `preference` for the recipe's loss on pairs, `sft` to imitate the chosen sides and
            leave the rejected ones alone, or `kto` for the loss of KTO on single sides.
        seed: decides the LoRA initialisation and the order of the pairs.
        code: a hash of the code; another one takes up no checkpoint of this one.
        start: folder of an adapter to go on from; None for a new one.
        live: where it is shown while it runs, which changes nothing.
    """

    model: Path
    dtype: str
    prompt_format: str
    recipe: Recipe
    method: str
    seed: int
    code: str
    quantization: str = "none"
    start: Path | None = None
    live: Live = field(default_factory=Live)


@dataclass(frozen=True)
class PairSet:
    """Pairs to train on, pairs only to measure on, and their reference log-probabilities if they
    were computed before."""

    pairs: Sequence[Pair]
    held_out: Sequence[Pair]
    reference: Path | None = None


def train_adapter(
    run: Run,
    data: PairSet,
    output: Path,
    files: Mapping[str, str],
    in_processes: Callable[[Callable[[], list[Row]]], list[Row]] = operator.call,
) -> list[Row]:
    """Train one adapter and write it to a folder, with its model card and its `train_log.jsonl`.

    A run that was interrupted goes on from its last checkpoint and ends with the same bytes.

    Args:
        files: SHA-256 of the files that the pairs came from, by name, for the model card.
        in_processes: does some work in each of the processes that the recipe asks for, and returns
            the result in that of rank 0; without it, the work is done in this process.

    Returns:
        the training curve, one row per step.

    Raises:
        InputError: there are no pairs, one is too long, the reference is of other ones, the adapter
            to go on from does not fit, a guard rail stopped the run, there is not even memory for
            one pair, no pairs are held out to tell what to replay, or another process is training
            this adapter.
    """
    if not data.pairs:
        raise InputError("no pairs to train on")
    if run.recipe.order == "replay":
        run = _able_to_replay(run, data)
    recipe = run.recipe
    with locked(output.with_name(f".{output.name}.lock")):
        rows = within_memory(
            lambda size: in_processes(partial(_train_and_write, run, data, output, files, size)),
            recipe.batch_size // recipe.processes,
            recipe.micro_batch_size,
            fewest=2 if run.method == "kto" else 1,
        )
        remove_checkpoints(output)
    return rows


def _able_to_replay(run: Run, data: PairSet) -> Run:
    """A run with replay as it is, or with a method that has none in the order without it.

    Raises:
        InputError: no pairs are held out.
    """
    if run.method != "preference":
        log.info(f"the method {run.method} replays nothing: its order is rare_first")
        return replace(run, recipe=run.recipe.model_copy(update={"order": "rare_first"}))
    if not data.held_out:
        raise InputError(
            "training.order replay (--order) needs held-out pairs (--held-out), which tell what to "
            "replay: raise curation.held_out, or train in the order rare_first"
        )
    return run


def _train_and_write(
    run: Run, data: PairSet, output: Path, files: Mapping[str, str], micro_batch_size: int
) -> list[Row]:
    model, rows = deterministically(lambda: _train(run, data, output, micro_batch_size))
    if rank_and_count()[0] == 0:
        identity = model_identity(run.model)
        card = model_card(identity, run.method, run.seed, run.recipe, rows, files, hardware())
        write_adapter(model, output, identity, card)
        write_log(output / "train_log.jsonl", rows)
    return rows


def _train(run: Run, data: PairSet, output: Path, micro_batch_size: int) -> tuple[Any, list[Row]]:
    recipe = run.recipe
    tokenizer = load_tokenizer(run.model)
    model = load_model(run.model, run.dtype, run.quantization, recipe.processes)
    rows, held_out = _encode(run, data, tokenizer, model, micro_batch_size)
    lengths = [*map(n_tokens, rows)]
    order = training_order(
        lengths,
        recipe.batch_size,
        recipe.epochs,
        run.seed,
        turns_of([pair.rejected_label for pair in data.pairs], recipe.order),
    )
    ordered = weighted(
        [rows[number] for step in order for number in step],
        len(order[-1]),
        micro_batch_size,
        recipe.processes,
    )
    replay = None
    if recipe.order == "replay":
        replay = Replay(order, _modes(data.pairs), lengths, _modes(data.held_out), run.seed)
    every = recipe.eval_every or max(1, len(order) // MEASUREMENTS)
    # Where no reference is given, all that it follows from is in the fingerprint.
    reference = [row["reference"] for row in [*rows, *held_out]] if data.reference else None
    fingerprint = _fingerprint(run, data, number_format_of(model), reference)
    folder = checkpoint_folder(output, fingerprint)
    settings = _settings(run, len(order), micro_batch_size, every, model, folder)
    settings["activation_checkpointing"] = _is_checkpointed(run, rows, micro_batch_size, model)
    parameters = {"method": run.method, "seed": run.seed, **recipe.model_dump()}
    curves = LiveCurves(run.live, output, parameters)
    common: dict[str, Any] = {
        "model": model,
        "processing_class": tokenizer,
        "peft_config": _lora(recipe),
        "callbacks": [
            GuardRails(
                recipe, len(order), every, held_out, micro_batch_size, run.start is None, replay
            ),
            curves,
            KeepNewest(),
        ],
    }
    if run.method == "sft":
        trainer = sft_trainer(ordered, settings, **common)
    elif run.method == "kto":
        settings["disable_dropout"] = recipe.lora_dropout == 0
        trainer = kto_trainer(ordered, recipe, settings, **common)
    else:
        settings["disable_dropout"] = recipe.lora_dropout == 0
        if replay:
            trainer = ReplayTrainer(rows, replay, recipe, settings, **common)
        else:
            trainer = PairTrainer(ordered, recipe, settings, **common)
    # Of a model in parts the trainer saves no optimizer, unless it is told so now: that of sharded
    # weights would be incomplete. Here only LoRA's are trained, and each process has all of them.
    trainer.args.save_only_model = False
    trainer.remove_callback(PrinterCallback)
    if run.start is not None:
        start_from(trainer.model, run.start, recipe.lora_rank, recipe.lora_alpha)
    # TRL makes the adapter of a quantized model bfloat16, in which small steps are lost.
    for weight in trainer.model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()
    with trainer.accelerator.main_process_first():  # it removes what is left of others
        checkpoint = newest_checkpoint(folder)
    if checkpoint:
        log.info(f"going on from {checkpoint}")
    try:
        with name_path_in_errors(output):
            trainer.train(resume_from_checkpoint=checkpoint and str(checkpoint))
    except InputError:
        curves.show(trainer.state)  # the row for which a guard rail has stopped the run
        raise
    return trainer.model, trainer.state.log_history


def _modes(pairs: Sequence[Pair]) -> list[str]:
    return [pair.rejected_label or "unlabelled" for pair in pairs]


def _encode(
    run: Run, data: PairSet, tokenizer: Any, model: Any, batch_size: int
) -> tuple[list[Encoded], list[Encoded]]:
    """Training and held-out pairs as token ids with their reference log-probabilities."""
    pairs = [*data.pairs, *data.held_out]
    encoded = encode_pairs(tokenizer, pairs, run.prompt_format)
    require_room(encoded, pairs, model.config)
    if data.reference is None:
        found = compute_reference(model, pairs, encoded, batch_size)
    else:
        meta = ReferenceMeta(
            model=model_identity(run.model),
            dtype=number_format_of(model),
            prompt_format=run.prompt_format,
            adapter_sha256=run.start and tuned_sha256(run.start),
        )
        found = read_reference(data.reference, meta)
    rows = with_reference(encoded, pairs, found)
    return rows[: len(data.pairs)], rows[len(data.pairs) :]


def _is_checkpointed(run: Run, rows: Sequence[Encoded], micro_batch_size: int, model: Any) -> bool:
    """Whether activations are computed twice, so that they fit.

    Raises:
        InputError: there is no memory even for one pair.
    """
    recipe = run.recipe
    setting = recipe.activation_checkpointing
    # Of a part of a model no estimate is made, and all processes have to choose the same.
    loaded = describe_loaded(model) if recipe.processes == 1 else None
    if loaded is None:
        return setting == "always" or (setting == "auto" and model.device.type == "cuda")
    sizes = smaller_sizes(recipe.batch_size, micro_batch_size)
    longest = longest_pair(rows, SIDES[:1] if run.method == "sft" else SIDES)
    room = room_here()
    is_checkpointed, need = training_choice(
        setting, loaded, room, sizes, *longest, recipe.lora_rank
    )
    need.require(room)
    return is_checkpointed


def _lora(recipe: Recipe) -> LoraConfig:
    return LoraConfig(
        r=recipe.lora_rank,
        lora_alpha=recipe.lora_alpha,
        lora_dropout=recipe.lora_dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def _settings(
    run: Run, steps: int, micro_batch_size: int, every: int, model: Any, folder: Path
) -> dict[str, Any]:
    """What all methods have in common.

    The rows stand in the order of training, all epochs of them, so that the trainer sees one epoch.
    """
    recipe, on_gpu = run.recipe, model.device.type == "cuda"
    return {
        "output_dir": str(folder),
        "seed": run.seed,
        "learning_rate": recipe.learning_rate,
        "num_train_epochs": 1,
        "train_sampling_strategy": "sequential",
        "per_device_train_batch_size": micro_batch_size,
        "gradient_accumulation_steps": recipe.batch_size // (micro_batch_size * recipe.processes),
        "accelerator_config": {"even_batches": False},
        "warmup_steps": round(recipe.warmup_ratio * steps),
        "max_grad_norm": recipe.max_grad_norm,
        "max_length": None,
        "bf16": on_gpu and model.dtype == torch.bfloat16,
        "use_cpu": not on_gpu,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "include_num_input_tokens_seen": "all",
        "save_steps": every,
        "save_only_model": recipe.processes > 1,
        "report_to": "none",
        "disable_tqdm": True,
    }


def _fingerprint(run: Run, data: PairSet, dtype: str, reference: Sequence[Any] | None) -> str:
    """A hash of all that determines an adapter.

    Args:
        reference: the reference log-probabilities of all pairs, where they are given.
    """
    return sha256_json(
        {
            "pairs": [pair.model_dump() for pair in data.pairs],
            "held_out": [pair.model_dump() for pair in data.held_out],
            "recipe": run.recipe.model_dump(),
            "weights": model_identity(run.model).weights_sha256,
            "model_settings": settings_sha256(run.model),
            "dtype": dtype,
            "reference": reference,
            "prompt_format": run.prompt_format,
            "method": run.method,
            "seed": run.seed,
            "code": run.code,
            "start": run.start and [tuned_sha256(run.start), settings_sha256(run.start)],
        }
    )
