"""What a model thinks of pairs: their log-probabilities, and what training logs of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from failpairs.training.encoding import SIDE_NAMES, Encoded
from failpairs.training.losses import LOSSES
from failpairs.training.packing import pack, pair_logprobs
from failpairs.training.ranks import of_all_ranks, rank_and_count
from failpairs.training.recipe import Recipe


@dataclass(frozen=True)
class Scores:
    """Chosen and rejected sides of pairs, over all tokens and over those inside the difference of
    the sides; all of shape (pairs, 2, 2).

    `logprobs` and `reference` are summed over tokens, in nats; `lengths` are in tokens.
    """

    logprobs: torch.Tensor
    reference: torch.Tensor
    lengths: torch.Tensor

    def weighed(self, focus: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Log-probabilities, reference and lengths, of shape (pairs, 2), in which each token inside
        the difference of the sides counts `focus` times."""
        if focus == 1:
            return self.logprobs[..., 0], self.reference[..., 0], self.lengths[..., 0]
        parts = (self.logprobs, self.reference, self.lengths)
        logprobs, reference, lengths = (x[..., 0] + (focus - 1) * x[..., 1] for x in parts)
        return logprobs, reference, lengths

    @classmethod
    def joined(cls, parts: Sequence["Scores"]) -> "Scores":
        """The scores of all parts."""
        names = ("logprobs", "reference", "lengths")
        return cls(*(torch.cat([getattr(part, name) for part in parts]) for name in names))

    def to(self, device: str) -> "Scores":
        """The same scores on a device."""
        return Scores(self.logprobs.to(device), self.reference.to(device), self.lengths.to(device))


@torch.no_grad()
def logprobs_of(model: Any, pairs: Sequence[Encoded], batch_size: int) -> torch.Tensor:
    """Log-probabilities of the sides of encoded pairs, without dropout.

    Where there are several processes, all of them call this function, and each computes a part.

    Args:
        batch_size: pairs in memory at once.

    Returns:
        shape (pairs, 2, 2) as of `pair_logprobs`, in nats, on the CPU.
    """
    was_training = model.training
    model.eval()
    batches = [pairs[start : start + batch_size] for start in range(0, len(pairs), batch_size)]
    rank, count = rank_and_count()
    parts = []
    for start in range(0, len(batches), count):
        # All processes compute as often as each other, since each needs the weights of the others.
        packed = pack(batches[min(start + rank, len(batches) - 1)])
        moved = {k: v.to(model.device) if torch.is_tensor(v) else v for k, v in packed.items()}
        parts += of_all_ranks(pair_logprobs(model, moved).cpu())
    model.train(was_training)
    return torch.cat(parts[: len(batches)])


def scores_of(pairs: Sequence[Encoded], logprobs: torch.Tensor | None) -> Scores:
    """Scores of encoded pairs that have their reference; without log-probabilities those of the
    reference itself."""
    reference = torch.tensor([pair["reference"] for pair in pairs])
    lengths = torch.tensor(
        [
            [[len(pair[f"{side}_inside"]), sum(pair[f"{side}_inside"])] for side in SIDE_NAMES]
            for pair in pairs
        ]
    )
    return Scores(reference if logprobs is None else logprobs, reference, lengths)


def loss_of(scores: Scores, recipe: Recipe) -> torch.Tensor:
    """What training minimises: the mean loss of pairs, and with the recipe's weight the negative
    log-likelihood of the chosen sides per token (as IRPO, Pang et al. 2024; TRL's `sft`). In both
    the tokens inside the difference of the sides have the weight of `recipe.focus`."""
    logprobs, reference, lengths = scores.weighed(recipe.focus)
    loss = LOSSES[recipe.loss].of_pairs(logprobs, reference, lengths, recipe.beta)
    likelihood: torch.Tensor = logprobs[:, 0].sum() / lengths[:, 0].sum()
    return loss - recipe.sft_weight * likelihood


def margin_se(scores: Scores, beta: float) -> float | None:
    """The standard error of the mean reward margin over pairs; None of a single pair."""
    margins = reward_margins(scores, beta)
    return (margins.std() / len(margins) ** 0.5).item() if len(margins) > 1 else None


def reward_margins(scores: Scores, beta: float) -> torch.Tensor:
    """The implicit reward of the chosen side less that of the rejected one (Rafailov et al. 2023),
    of shape (pairs,)."""
    change = (scores.logprobs - scores.reference)[..., 0]
    return beta * (change[:, 0] - change[:, 1])


def summary(scores: Scores, beta: float) -> dict[str, float]:
    """What is logged of pairs, whatever the loss: over all tokens, each with the weight 1.

    Returns:
        `reward_margin` (mean) and `reward_accuracy` of the implicit rewards;
        `chosen_logprob` and `rejected_logprob` in nats per token; `chosen_change`, how far the
        former is from the reference's.
    """
    logprobs, reference, lengths = scores.weighed(1)
    change = logprobs - reference
    margins = reward_margins(scores, beta)
    chosen, rejected = logprobs.sum(0) / lengths.sum(0)
    return {
        "reward_margin": margins.mean().item(),
        "reward_accuracy": (margins > 0).float().mean().item(),
        "chosen_logprob": chosen.item(),
        "rejected_logprob": rejected.item(),
        "chosen_change": (change[:, 0].sum() / lengths[:, 0].sum()).item(),
    }
