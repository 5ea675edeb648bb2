"""The reference model's log-probabilities of pairs: computed once, used by every seed."""

import operator
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from failpairs.errors import InputError
from failpairs.models.load import ModelIdentity, load_model, load_tokenizer, model_identity
from failpairs.models.memory_estimate import describe_loaded, room_here, scoring_need
from failpairs.models.out_of_memory import smaller_sizes, within_memory
from failpairs.models.quantization import number_format_of
from failpairs.models.tuned import apply_adapter, tuned_sha256
from failpairs.provenance.protocol import Meta, read_meta, require_same
from failpairs.records import Pair, Reference
from failpairs.storage.files import read_jsonl, sha256_json
from failpairs.training.encoding import (
    SIDE_NAMES,
    Encoded,
    encode_pairs,
    longest_pair,
    pair_name,
    require_room,
)
from failpairs.training.pair_scores import logprobs_of

TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 0.02}  # relative, and in nats per token


class ReferenceMeta(Meta):
    """All but the pairs that decides log-probabilities: whose they are, and how computed.

    `dtype` is the number format of the weights, as it turned out. `adapter_sha256` is that of the
    adapter that the reference model has, if it has one.
    """

    model: ModelIdentity
    dtype: str
    prompt_format: str
    adapter_sha256: str | None = None


Rows = tuple[list[Reference], ReferenceMeta]


def pair_sha256(pair: Pair) -> str:
    """The hash of a pair's texts."""
    return sha256_json([pair.prompt, pair.chosen, pair.rejected])


def compute_reference(
    model: Any, pairs: Sequence[Pair], encoded: Sequence[Encoded], batch_size: int
) -> list[Reference]:
    """Rows of `reference_logps.jsonl`.

    Args:
        encoded: the pairs as token ids.
        batch_size: pairs in memory at once.

    Raises:
        InputError: the model does not keep apart the pairs that stand in one row.
    """
    logprobs = logprobs_of(model, encoded, batch_size)
    _require_separation(model, encoded[0], logprobs[0])
    return [
        Reference(
            task_id=pair.task_id,
            chosen_index=pair.chosen_index,
            rejected_index=pair.rejected_index,
            pair_sha256=pair_sha256(pair),
            chosen_logprob=chosen,
            rejected_logprob=rejected,
            chosen_inside_logprob=chosen_inside,
            rejected_inside_logprob=rejected_inside,
        )
        for pair, ((chosen, chosen_inside), (rejected, rejected_inside)) in zip(
            pairs, logprobs.tolist(), strict=True
        )
    ]


def _require_separation(model: Any, pair: Encoded, logprobs: torch.Tensor) -> None:
    """Compare with two rows of their own: a model whose layers heed no attention mask, such as a
    recurrent one, would see the chosen side before the rejected one."""
    rows = []
    for side in SIDE_NAMES:
        both = {
            f"{other}_{of}": pair[f"{side}_{of}"]
            for other in SIDE_NAMES
            for of in ("ids", "inside")
        }
        rows.append(logprobs_of(model, [{**pair, **both}], 1))
    alone = torch.stack([row[0, 0, 0] for row in rows])
    logprobs, near = logprobs[:, 0], TOLERANCE[model.dtype]
    if not torch.allclose(logprobs, alone, rtol=near, atol=near * len(pair["chosen_ids"])):
        raise InputError(
            "this model ignores the attention mask, so chosen and rejected completions cannot be "
            f"packed into one sequence: their log-probabilities are {logprobs.tolist()} packed, "
            f"and {alone.tolist()} in sequences of their own"
        )


def reference_of(
    folder: Path,
    pairs: Sequence[Pair],
    dtype: str,
    prompt_format: str,
    batch_size: int,
    quantization: str = "none",
    processes: int = 1,
    in_processes: Callable[[Callable[[], Rows]], Rows] = operator.call,
    adapter: Path | None = None,
) -> Rows:
    """The rows of `reference_logps.jsonl` and their meta.

    Args:
        folder: model folder.
        batch_size: pairs in memory at once, fewer where memory runs out.
        processes: number of processes that hold a part of the model each.
        in_processes: as of `train_adapter`.
        adapter: folder of an adapter that the reference model has.

    Raises:
        InputError: there are no pairs, one is longer than the model's context, there is no memory
            for one, or the adapter does not fit.
    """
    if not pairs:
        raise InputError("no pairs to compute reference log-probabilities of")
    return within_memory(
        lambda size: in_processes(
            partial(
                _reference_of,
                folder,
                pairs,
                dtype,
                prompt_format,
                size,
                quantization,
                processes,
                adapter,
            )
        ),
        batch_size,
        batch_size,
    )


def _reference_of(
    folder: Path,
    pairs: Sequence[Pair],
    dtype: str,
    prompt_format: str,
    batch_size: int,
    quantization: str,
    processes: int,
    adapter: Path | None,
) -> Rows:
    model = load_model(folder, dtype, quantization, processes)
    number_format = number_format_of(model)
    if adapter is not None:
        model = apply_adapter(model, folder, adapter)
    encoded = encode_pairs(load_tokenizer(folder), pairs, prompt_format)
    require_room(encoded, pairs, model.config)
    if processes == 1 and (loaded := describe_loaded(model)):
        sizes = smaller_sizes(batch_size, batch_size)
        need = scoring_need("the reference", loaded, sizes, *longest_pair(encoded))
        need.require(room_here())
    rows = compute_reference(model, pairs, encoded, batch_size)
    meta = ReferenceMeta(
        model=model_identity(folder),
        dtype=number_format,
        prompt_format=prompt_format,
        adapter_sha256=adapter and tuned_sha256(adapter),
    )
    return rows, meta


def read_reference(path: Path, meta: ReferenceMeta) -> list[Reference]:
    """The rows of a `reference_logps.jsonl`.

    Args:
        meta: of the model that is to be trained; its reference may have no adapter all the same.

    Raises:
        InputError: another model computed them, or in another way.
    """
    found, keys = read_meta(path, ReferenceMeta), [*ReferenceMeta.model_fields]
    if found.adapter_sha256 is None:
        keys.remove("adapter_sha256")
    require_same(found, meta, keys, (str(path), "this training"), "do not match")
    return list(read_jsonl(path, Reference))


def with_reference(
    encoded: Sequence[Encoded], pairs: Sequence[Pair], reference: Iterable[Reference]
) -> list[Encoded]:
    """Encoded pairs together with their `reference`, of shape (2, 2) as of `pair_logprobs`.

    Raises:
        InputError: names the first pair that has none.
    """
    known = {row.pair_sha256: row for row in reference}
    rows = []
    for row, pair in zip(encoded, pairs, strict=True):
        found = known.get(pair_sha256(pair))
        if found is None:
            raise InputError(
                f"the reference log-probabilities are those of other pairs: {pair_name(pair)} is "
                "missing; run scripts/reference.py again"
            )
        of_sides = [
            [found.chosen_logprob, found.chosen_inside_logprob],
            [found.rejected_logprob, found.rejected_inside_logprob],
        ]
        rows.append({**row, "reference": of_sides})
    return rows
