"""Encoded pairs in one row, with each prompt computed once and logits only of answers.

Several pairs stand in one row: prompt, chosen side, rejected side, prompt, and so on. An attention
mask keeps the pairs apart, and the two sides of a pair; both sides have the positions that follow
their prompt. So there is no padding, and the log-probabilities are those of separate rows.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import torch
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from failpairs.models.memory_estimate import CHUNK
from failpairs.training.encoding import SIDE_NAMES, Encoded

PROMPT, CHOSEN, REJECTED = range(3)


def pack(pairs: Sequence[Encoded]) -> dict[str, Any]:
    """Put encoded pairs into one row.

    Args:
        pairs: as of `encode_pairs`, no side of them empty, and where they are known with their
            reference, as of `with_reference`.

    Returns:
        `input_ids` and `position_ids` of shape (1, length); `group` and `side` of shape (length):
        the pair and the part of it that a token belongs to; `kept`: where the next token is one of
        an answer, `targets`: that token, and `inside`: whether it is inside the difference of the
        sides, all over all chosen and rejected sides in turn; `lengths` (in tokens) and `reference`
        (in nats, or None) of shape (pairs, 2, 2): of the sides of each pair, of all tokens and of
        those inside.
    """
    ids: list[int] = []
    positions: list[int] = []
    group: list[int] = []
    side: list[int] = []
    kept: list[int] = []
    targets: list[int] = []
    inside: list[int] = []
    lengths: list[list[int]] = []

    def add(tokens: list[int], start: int, number: int, part: int) -> None:
        ids.extend(tokens)
        positions.extend(range(start, start + len(tokens)))
        group.extend([number] * len(tokens))
        side.extend([part] * len(tokens))

    for number, pair in enumerate(pairs):
        prompt = pair["prompt_ids"]
        add(prompt, 0, number, PROMPT)
        last = len(ids) - 1
        for part, name in zip((CHOSEN, REJECTED), SIDE_NAMES, strict=True):
            answer, marks = pair[f"{name}_ids"], pair[f"{name}_inside"]
            kept += [last, *range(len(ids), len(ids) + len(answer) - 1)]
            targets += answer
            inside += marks
            lengths.append([len(answer), sum(marks)])
            # The last token of an answer predicts nothing.
            add(answer[:-1], len(prompt), number, part)
    known = "reference" in pairs[0]
    reference = torch.tensor([pair["reference"] for pair in pairs]) if known else None
    return {
        "input_ids": torch.tensor([ids]),
        "position_ids": torch.tensor([positions]),
        "group": torch.tensor(group),
        "side": torch.tensor(side),
        "kept": torch.tensor(kept),
        "targets": torch.tensor(targets),
        "inside": torch.tensor(inside),
        "lengths": torch.tensor(lengths).view(-1, 2, 2),
        "reference": reference,
    }


def pair_logprobs(model: Any, packed: dict[str, Any]) -> torch.Tensor:
    """Log-probabilities of the chosen and rejected sides under a model, summed over tokens.

    Returns:
        shape (pairs, 2, 2), in nats: of the sides, over all tokens and over those inside the
        difference of the sides.
    """
    each = token_logprobs(model, packed)
    sizes = packed["lengths"][..., 0].flatten().tolist()
    parts = [torch.split(values, sizes) for values in (each, each * packed["inside"])]
    sums = [torch.stack([side.sum() for side in sides]).view(-1, 2) for sides in parts]
    return torch.stack(sums, -1)


def token_logprobs(model: Any, packed: dict[str, Any]) -> torch.Tensor:
    """The log-probability of each `target`, in nats; logits are computed for at most `CHUNK`
    positions at once."""
    inputs = {
        "input_ids": packed["input_ids"],
        "position_ids": packed["position_ids"],
        "attention_mask": _mask(packed["group"], packed["side"], model.dtype),
        "use_cache": False,
    }
    kept, targets = packed["kept"], packed["targets"]
    if len(kept) > CHUNK:
        return _chunked_logprobs(model, inputs, kept, targets)
    return _logprobs(model(**inputs, logits_to_keep=kept).logits[0], targets)


def _logprobs(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The log-probability of each target, (positions,), from logits, (positions, vocabulary)."""
    return -functional.cross_entropy(logits.float(), targets, reduction="none")


def _chunked_logprobs(
    model: Any, inputs: dict[str, Any], kept: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    """The log-probability of each target, of which the backward pass computes the logits again.

    The layers run once. Then the model is called with each chunk of their output in their place, so
    that it makes logits as it always does: some models scale or cap them.
    """
    decoder = model.get_decoder()
    outputs: list[Any] = []
    with decoder.register_forward_hook(lambda module, args, output: outputs.append(output)):
        model(**inputs, logits_to_keep=kept[:0])
    if not outputs:  # the model does not use what it says is its decoder
        return _logprobs(model(**inputs, logits_to_keep=kept).logits[0], targets)

    def of_chunk(hidden: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        output = replace(outputs[0], last_hidden_state=hidden)
        with patch.object(decoder, "forward", lambda *args, **kwargs: output):
            return _logprobs(model(**inputs).logits[0], targets)

    hidden = torch.split(outputs[0].last_hidden_state[:, kept], CHUNK, 1)
    chunks = zip(hidden, torch.split(targets, CHUNK), strict=True)
    return torch.cat([checkpoint(of_chunk, *chunk, use_reentrant=False) for chunk in chunks])


def _mask(group: torch.Tensor, side: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """What may see what, as a term of the attention scores of shape (1, 1, length, length)."""
    order = torch.arange(len(group), device=group.device)
    visible = (
        (order[:, None] >= order)
        & (group[:, None] == group)
        & ((side == PROMPT) | (side[:, None] == side))
    )
    mask = torch.zeros(visible.shape, dtype=dtype, device=group.device)
    return mask.masked_fill_(~visible, torch.finfo(dtype).min)[None, None]
