"""Losses on preference pairs, as functions of the log-probabilities of their sides."""

import torch
from torch.nn import functional


def dpo_loss(
    logprobs: torch.Tensor,
    reference: torch.Tensor,
    lengths: torch.Tensor,
    beta: float,
    sft_weight: float,
) -> torch.Tensor:
    """Mean DPO loss of pairs (Rafailov et al. 2023, equation 7), and with a weight the negative
    log-likelihood of the chosen sides, a token (as IRPO, Pang et al. 2024; TRL's `sft`).

    Args:
        logprobs, reference: summed over tokens, in nats; as `lengths` of shape (pairs, 2).
    """
    chosen, rejected = (logprobs - reference).unbind(1)
    loss = -functional.logsigmoid(beta * (chosen - rejected)).mean()
    likelihood: torch.Tensor = logprobs[:, 0].sum() / lengths[:, 0].sum()
    return loss - sft_weight * likelihood
