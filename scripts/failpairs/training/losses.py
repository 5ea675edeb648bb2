"""Losses on preference pairs, by the names that `training.loss` takes. A loss is one function here.

The names are read where no job runs, so torch is imported only when a loss is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    PairLoss = Callable[[Tensor, Tensor, Tensor, float], Tensor]

FLIPPED = 0.1  # share of the pairs that `robust` takes for flipped
DROP_WEIGHT = 50.0  # of a fall of the chosen side in `dpop` (Smaug's λ)
TARGET_MARGIN = 0.5  # of `simpo`, as a share of beta (γ/β; the paper's from 0.3 to 0.6)


@dataclass(frozen=True)
class Loss:
    """A loss on preference pairs.

    Attributes:
        title: what a model card calls the training with this loss.
        of_pairs: the mean loss of pairs, as a function of `logprobs` and `reference` (of their
            sides under the trained and the reference model, summed over tokens, in nats),
            `lengths` (of the sides, in tokens), and `beta`. The tensors have the shape (pairs, 2),
            with the chosen side first.
        own: values of keys of `training` with which a control arm of this name is trained, where
            those of the other losses mean something else; taken from the source of the loss.
    """

    title: str
    of_pairs: PairLoss
    own: Mapping[str, float]


LOSSES: dict[str, Loss] = {}


def loss(title: str, **own: float) -> Callable[[PairLoss], PairLoss]:
    """Enters a function into `LOSSES` under its own name."""

    def enter(of_pairs: PairLoss) -> PairLoss:
        LOSSES[of_pairs.__name__] = Loss(title, of_pairs, own)
        return of_pairs

    return enter


@loss("direct preference optimisation: chosen sides against rejected ones")
def dpo(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """DPO: -log σ(β (Δ chosen - Δ rejected)), Δ being `logprobs - reference`.

    Source: Rafailov et al. 2023 (arXiv 2305.18290), equation 7.

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-3.0, -6.0]]), torch.tensor([[-5.0, -4.0]])
        >>> lengths = torch.tensor([[2, 4]])
        >>> round(dpo(logprobs, reference, lengths, 0.1).item(), 4)  # -log σ(0.4)
        0.513
    """
    from torch.nn import functional

    return -functional.logsigmoid(beta * _margin(logprobs, reference)).mean()


@loss("IPO: the margin of chosen over rejected sides is drawn to a fixed size")
def ipo(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """IPO: (Δ chosen / length - Δ rejected / length - 1 / (2 β))².

    Source: Azar et al. 2023 (arXiv 2310.12036), equation 17, with the means over tokens that TRL
    has from the authors.

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-3.0, -6.0]]), torch.tensor([[-5.0, -4.0]])
        >>> round(ipo(logprobs, reference, torch.tensor([[2, 4]]), 0.5).item(), 4)  # (1.5 - 1)²
        0.25
    """
    chosen, rejected = ((logprobs - reference) / lengths).unbind(1)
    return (chosen - rejected - 1 / (2 * beta)).square().mean()


@loss("a hinge on the margin of chosen over rejected sides")
def hinge(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """The hinge of SLiC on implicit rewards: max(0, 1 - β (Δ chosen - Δ rejected)).

    Source: Zhao et al. 2023 (arXiv 2305.10425), in the form of Liu et al. 2023 (RSO, 2309.06657).

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-3.0, -6.0]]), torch.tensor([[-5.0, -4.0]])
        >>> round(hinge(logprobs, reference, torch.tensor([[2, 4]]), 0.1).item(), 4)
        0.6
    """
    return (1 - beta * _margin(logprobs, reference)).relu().mean()


@loss("DPO for pairs of which a tenth may be flipped")
def robust(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """Robust DPO: with m = β (Δ chosen - Δ rejected) and a share ε = 0.1 of flipped pairs,
    (-(1 - ε) log σ(m) + ε log σ(-m)) / (1 - 2 ε).

    Source: Chowdhury et al. 2024 (arXiv 2403.00409), equation 5.

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-3.0, -6.0]]), torch.tensor([[-5.0, -4.0]])
        >>> round(robust(logprobs, reference, torch.tensor([[2, 4]]), 0.1).item(), 4)
        0.463
    """
    from torch.nn.functional import logsigmoid

    margin = beta * _margin(logprobs, reference)
    losses = -(1 - FLIPPED) * logsigmoid(margin) + FLIPPED * logsigmoid(-margin)
    return losses.mean() / (1 - 2 * FLIPPED)


@loss("APO-zero: chosen sides become likelier, rejected ones less likely, each by itself")
def apo_zero(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """APO-zero: 1 - σ(β Δ chosen) + σ(β Δ rejected).

    Source: D'Oosterlinck et al. 2024 (arXiv 2408.06266), equation 7.

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-3.0, -6.0]]), torch.tensor([[-5.0, -4.0]])
        >>> round(apo_zero(logprobs, reference, torch.tensor([[2, 4]]), 0.1).item(), 4)
        0.9003
    """
    chosen, rejected = (beta * (logprobs - reference)).sigmoid().unbind(1)
    return (1 - chosen + rejected).mean()


@loss("APO-down: both sides become less likely, rejected ones more so")
def apo_down(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """APO-down, for chosen sides that are worse than what the model writes: σ(β Δ chosen) + 1 -
    σ(β (Δ chosen - Δ rejected)).

    Source: D'Oosterlinck et al. 2024 (arXiv 2408.06266), equation 8.

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-3.0, -6.0]]), torch.tensor([[-5.0, -4.0]])
        >>> round(apo_down(logprobs, reference, torch.tensor([[2, 4]]), 0.1).item(), 4)
        0.9511
    """
    chosen = (beta * (logprobs - reference)[:, 0]).sigmoid()
    return (chosen + 1 - (beta * _margin(logprobs, reference)).sigmoid()).mean()


@loss("NCA: the likelihood of each side by itself, and not only of one against the other")
def nca(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """NCA of pairs: -log σ(β Δ chosen) - (log σ(-β Δ chosen) + log σ(-β Δ rejected)) / 2.

    Source: Chen et al. 2024 (arXiv 2402.05369), algorithm 1 with binary preferences.

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-3.0, -6.0]]), torch.tensor([[-5.0, -4.0]])
        >>> round(nca(logprobs, reference, torch.tensor([[2, 4]]), 0.1).item(), 4)
        1.2963
    """
    from torch.nn.functional import logsigmoid

    rewards = beta * (logprobs - reference)
    return (-logsigmoid(rewards[:, 0]) - logsigmoid(-rewards).mean(1)).mean()


@loss("DPO-positive: as DPO, with a penalty where a chosen side becomes less likely")
def dpop(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """DPOP: -log σ(β (Δ chosen - Δ rejected - λ max(0, -Δ chosen))), with λ = 50.

    Source: Pal et al. 2024 (Smaug, arXiv 2402.13228), equation 3; λ as in its experiments.

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-5.1, -6.0]]), torch.tensor([[-5.0, -4.0]])
        >>> lengths = torch.tensor([[2, 4]])
        >>> round(dpop(logprobs, reference, lengths, 0.1).item(), 4)  # -log σ(0.1 (1.9 - 5))
        0.8601
    """
    from torch.nn import functional

    fall = (reference - logprobs)[:, 0].relu()
    margin = _margin(logprobs, reference) - DROP_WEIGHT * fall
    return -functional.logsigmoid(beta * margin).mean()


@loss("SimPO: mean log-probabilities of chosen and rejected sides, without a reference", beta=2.0)
def simpo(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """SimPO: -log σ(β (chosen / length - rejected / length - γ/β)), with γ/β = 0.5.

    Source: Meng et al. 2024 (arXiv 2405.14734), equation 6; β of at least 2 as in its appendix.

    Example:
        >>> import torch
        >>> logprobs, reference = torch.tensor([[-3.0, -8.0]]), torch.zeros(1, 2)
        >>> lengths = torch.tensor([[2, 4]])
        >>> round(simpo(logprobs, reference, lengths, 2.0).item(), 4)  # -log σ(2 (0.5 - 0.5))
        0.6931
    """
    from torch.nn import functional

    chosen, rejected = (logprobs / lengths).unbind(1)
    return -functional.logsigmoid(beta * (chosen - rejected - TARGET_MARGIN)).mean()


@loss("ORPO: the odds of chosen against rejected sides, without a reference", sft_weight=1.0)
def orpo(logprobs: Tensor, reference: Tensor, lengths: Tensor, beta: float) -> Tensor:
    """The odds ratio of ORPO: -β log σ(log(p / (1 - p)) - log(q / (1 - q))), p and q being the
    geometric means of the probabilities of chosen and rejected tokens. Its other term is the
    likelihood of the chosen side, `sft_weight` 1.

    Source: Hong et al. 2024 (arXiv 2403.07691), equations 6 and 7, of which β is λ.

    Example:
        >>> import math, torch
        >>> logprobs = torch.tensor([[2 * math.log(0.8), 4 * math.log(0.5)]])
        >>> reference, lengths = torch.zeros(1, 2), torch.tensor([[2, 4]])
        >>> round(orpo(logprobs, reference, lengths, 0.1).item(), 4)  # -0.1 log σ(log 4)
        0.0223
    """
    from torch.nn import functional

    means = logprobs / lengths
    log_odds = means - (-means.expm1()).log()
    return -beta * functional.logsigmoid(log_odds[:, 0] - log_odds[:, 1]).mean()


def _margin(logprobs: Tensor, reference: Tensor) -> Tensor:
    """Δ chosen - Δ rejected, of shape (pairs,)."""
    chosen, rejected = (logprobs - reference).unbind(1)
    return chosen - rejected
