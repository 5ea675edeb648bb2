"""Preference pairs that somebody else made, as pairs to train on."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from failpairs.curation.build_pairs import Curated, Funnel
from failpairs.curation.eligible_samples import is_held_out
from failpairs.curation.leaks import find_leaks
from failpairs.curation.pairs import length_ratio, similarity
from failpairs.curation.policy import Policy
from failpairs.curation.selection import longer_wins
from failpairs.errors import InputError
from failpairs.exchange.pairs import ForeignPair, Message
from failpairs.labels import Label
from failpairs.records import Pair, Problem
from failpairs.storage.files import sha256_json

Render = Callable[[str | list[Message]], str]


@dataclass(frozen=True)
class LeftOut:
    """A pair that is not trained on, with the kind of reason and what was found of this pair."""

    pair: ForeignPair
    reason: str
    detail: str = ""


def own_pairs(
    pairs: Sequence[ForeignPair],
    evaluation: Sequence[Problem],
    ngram: int,
    policy: Policy,
    render: Render,
) -> tuple[Curated, list[LeftOut]]:
    """The pairs to train on and those held out, in their order, and the pairs that are left out.

    A pair of a problem without a name has a name made of its prompt, so that the pairs of one
    prompt are held out together. Indexes and labels are taken over where they are ours.

    Args:
        evaluation: problems that must not leak.
        ngram: consecutive words that a prompt must not share with an evaluation problem.
        render: gives the exact text that the model continues.

    Raises:
        InputError: no pair is left to train on, or a prompt cannot be rendered.
    """
    leaks = find_leaks(pairs, [None] * len(pairs), evaluation, ngram)
    kept, left_out = [], []
    for place, pair in enumerate(pairs):
        if not pair.chosen.strip():
            left_out.append(LeftOut(pair, "the chosen side is empty"))
        elif pair.chosen == pair.rejected:
            left_out.append(LeftOut(pair, "both sides are identical"))
        elif place in leaks:
            left_out.append(LeftOut(pair, "leaks an evaluation problem", leaks[place][0]))
        else:
            kept.append(_as_pair(pair, render))
    aside = [is_held_out(pair.task_id, policy.held_out, policy.seed) for pair in kept]
    train = [pair for pair, is_aside in zip(kept, aside, strict=True) if not is_aside]
    held_out = [pair for pair, is_aside in zip(kept, aside, strict=True) if is_aside]
    reasons = Counter(each.reason for each in left_out)
    if not train:
        counts = [f"{reason}: {count}" for reason, count in reasons.items()]
        counts += [f"held out: {len(held_out)}"] if held_out else []
        raise InputError(
            f"{pairs[0].source}: none of its {len(pairs)} pairs is left to train on "
            f"({'; '.join(counts)})"
        )
    funnel = Funnel(
        pairs={
            "all": len(pairs),
            **reasons,
            "held out": len(held_out),
            "kept": len(train),
        },
        longer_wins=longer_wins((len(pair.chosen), len(pair.rejected)) for pair in train),
    )
    return Curated(train, held_out, funnel), left_out


def _as_pair(pair: ForeignPair, render: Render) -> Pair:
    try:
        prompt = render(pair.prompt)
    except InputError as error:
        raise InputError(f"{pair.where}: {error}") from None
    label = pair.row.get("rejected_label")
    return Pair(
        prompt=prompt,
        chosen=pair.chosen,
        rejected=pair.rejected,
        task_id=pair.task_id or f"prompt-{sha256_json(prompt)[:12]}",
        chosen_index=_index(pair.row, "chosen_index"),
        rejected_index=_index(pair.row, "rejected_index"),
        rejected_label=label if isinstance(label, str) and label in Label.__members__ else None,
        similarity=similarity(pair.chosen, pair.rejected),
        length_ratio=length_ratio(pair.chosen, pair.rejected),
    )


def _index(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    return value if type(value) is int and value >= 0 else None
