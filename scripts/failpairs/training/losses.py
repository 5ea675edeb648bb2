"""Losses on preference pairs, by the names that `training.loss` takes. A loss is one function here.

The names are read where no job runs, so torch is imported only when a loss is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    PairLoss = Callable[[Tensor, Tensor, Tensor, float], Tensor]


@dataclass(frozen=True)
class Loss:
    """A loss on preference pairs.

    Attributes:
        title: what a model card calls the training with this loss.
        of_pairs: the mean loss of pairs, as a function of `logprobs` and `reference` (of their
            sides under the trained and the reference model, summed over tokens, in nats),
            `lengths` (of the sides, in tokens), and `beta`. The tensors have the shape (pairs, 2),
            with the chosen side first.
    """

    title: str
    of_pairs: PairLoss


LOSSES: dict[str, Loss] = {}


def loss(title: str) -> Callable[[PairLoss], PairLoss]:
    """Enters a function into `LOSSES` under its own name."""

    def enter(of_pairs: PairLoss) -> PairLoss:
        LOSSES[of_pairs.__name__] = Loss(title, of_pairs)
        return of_pairs

    return enter


@loss("direct preference optimisation: chosen sides against rejected ones")
def dpo(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """DPO: -log σ(β (Δ chosen - Δ rejected)), Δ being `logprobs - reference`.

    Source: Rafailov et al. 2023 (arXiv 2305.18290), equation 7.

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-3.0, -6.0]]), torch.tensor([[-5.0, -4.0]])
        >>> round(dpo(logprobs, reference, torch.tensor([[2, 4]]), 0.1).item(), 4)  # -log σ(0.4)
        0.513
    """
    from torch.nn import functional

    chosen, rejected = (logprobs - reference).unbind(1)
    return -functional.logsigmoid(beta * (chosen - rejected)).mean()
