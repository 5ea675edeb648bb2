"""Rounds of sampling, curating and training beside each other."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from failpairs.labels import Label
from failpairs.records import Sample
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.label_counts import LabelCounts, in_order_of
from failpairs.statistics.paired_tests import Spread, spread


@dataclass(frozen=True)
class RoundData:
    """What a round was made of, for each of its seeds; a list is empty where it is not known.

    Attributes:
        n_pairs: pairs that were trained on.
        distinct_shares: of the samples that they were made of, that are different texts of a
            problem.
        chosen_changes: of the log-probability of held-out chosen sides against the reference model
            of the round, in nats per token.
    """

    n_pairs: Sequence[int] = ()
    distinct_shares: Sequence[float] = ()
    chosen_changes: Sequence[float] = ()


class Round(BaseModel):
    """A round: spreads over its seeds, the attributes as of `RoundData`; `counts` holds the mean
    number of evaluation problems by label, each by the share of its samples."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    pass_at_1: Spread
    counts: dict[Label, float]
    n_pairs: Spread | None
    distinct_share: Spread | None
    chosen_change: Spread | None


def rounds_of(
    base: Evaluation,
    evaluations: Sequence[Mapping[str, Evaluation]],
    data: Sequence[RoundData],
) -> list[Round]:
    """All rounds, from the first one on.

    Args:
        evaluations: of each round, by seed.
        data: of each round.

    Raises:
        InputError: a round was evaluated on other problems than the base model.
    """
    found = []
    for number, (seeds, of_round) in enumerate(zip(evaluations, data, strict=True), start=1):
        ordered = in_order_of(base, seeds, f"round {number}, ")
        found.append(
            Round(
                number=number,
                pass_at_1=spread([one.pass_at_1 for one in ordered.values()]),
                counts=LabelCounts([*ordered.values()]).failures(),
                n_pairs=_spread(of_round.n_pairs),
                distinct_share=_spread(of_round.distinct_shares),
                chosen_change=_spread(of_round.chosen_changes),
            )
        )
    return found


def distinct_share(samples: Iterable[Sample]) -> float:
    """The share of samples that are different texts of a problem."""
    texts: set[bytes] = set()  # digests, since there may be a million samples
    count = 0
    for sample in samples:
        count += 1
        text = f"{sample.task_id}\0{sample.completion}"
        texts.add(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return len(texts) / max(1, count)


def _spread(values: Sequence[float]) -> Spread | None:
    return spread(values) if values else None
