"""Curation: from labelled samples to preference pairs of the model's own passes and failures."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from failpairs.curation.eligible_samples import (
    Candidates,
    Labelled,
    find_candidates,
    is_held_out,
)
from failpairs.curation.false_passes import FalsePasses
from failpairs.curation.matching import Matched, match
from failpairs.curation.near_duplicates import NearDuplicates
from failpairs.curation.pairs import Match, as_pairs
from failpairs.curation.policy import Policy
from failpairs.curation.selection import Selection, apportion, longer_wins, wanted_shares
from failpairs.curation.supply import samples_needed
from failpairs.errors import InputError
from failpairs.labels import Label
from failpairs.records import Pair, Problem, Supply


@dataclass
class Funnel:
    """How many candidates each step removed, and what is left; becomes `curation_funnel.json`.

    Attributes:
        mix: for each label the failures that occurred, the pairs wanted and the pairs made.
        longer_wins: accuracy of the rule "the longer side is the chosen one"; .5 tells nothing.
        false_passes: samples that pass the test and are wrong, where inputs were generated.
    """

    samples: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, int] = field(default_factory=dict)
    mix: dict[str, dict[str, int]] = field(default_factory=dict)
    longer_wins: float | None = None
    false_passes: FalsePasses | None = None


@dataclass(frozen=True)
class Curated:
    """The pairs to train on, those held out for training curves, and how they came about."""

    pairs: list[Pair]
    held_out: list[Pair]
    funnel: Funnel


@dataclass(frozen=True)
class _Chosen:
    """What a policy makes of samples: the matches to train on and those held out.

    Attributes:
        aside: the problems that are held out.
        n_possible: combinations of a pass and a failure that the mix wants.
        n_allowed: those of them within the bands.
        n_matches: pairs of which each sample is in no more than it may be, before any choice.
    """

    candidates: Candidates
    shares: Mapping[Label, float]
    aside: set[str]
    n_possible: int
    n_allowed: int
    n_matches: int
    kept: Selection
    held_out: Selection


def curate(
    problems: Sequence[Problem],
    labelled: Mapping[str, list[Labelled]],
    prompts: Mapping[str, str],
    policy: Policy,
    checked: FalsePasses | None = None,
) -> Curated:
    """Pair passing with failing samples of the same problem.

    Args:
        labelled: the samples of each problem, as `join_labels` gives them.
        prompts: the rendered prompt of every problem, as the model saw it.
        checked: what generated inputs showed about the samples that pass, for the funnel.

    Raises:
        InputError: samples of an unknown problem, or fewer pairs than asked for.
    """
    chosen = _choose(problems, labelled, policy)
    candidates, kept = chosen.candidates, chosen.kept.taken
    funnel = Funnel(
        samples={
            "all": sum(map(len, labelled.values())),
            **dict(sorted(candidates.removed.items())),
            "may be chosen": sum(len(one) for one, _ in candidates.sides.values()),
            "may be rejected": sum(len(other) for _, other in candidates.sides.values()),
        },
        problems={
            "all": len(problems),
            "with neither": candidates.outcomes[False, False],
            "with failures only": candidates.outcomes[False, True],
            "with passes only": candidates.outcomes[True, False],
            "with both": candidates.outcomes[True, True],
            "held out": len(chosen.aside),
        },
        pairs={
            "possible": chosen.n_possible,
            "within the bands": chosen.n_allowed,
            "matched": chosen.n_matches,
            "nearly the same as another": chosen.kept.near_duplicates
            + chosen.held_out.near_duplicates,
            "held out": len(chosen.held_out.taken),
            "kept": len(kept),
        },
        mix=_mix(candidates.failures, chosen.shares, kept, policy.n_pairs),
        longer_wins=longer_wins(
            (len(m.chosen.completion), len(m.rejected.completion)) for m in kept
        ),
        false_passes=checked,
    )
    _refuse_too_few(policy, funnel, candidates)
    return Curated(as_pairs(kept, prompts), as_pairs(chosen.held_out.taken, prompts), funnel)


def supply(
    problems: Sequence[Problem],
    labelled: Mapping[str, list[Labelled]],
    policy: Policy,
    n_samples: int,
    most: int,
) -> Supply:
    """How many samples of each problem are to be drawn for as many pairs as are wanted.

    No more than there are where these suffice, and where even `most` would not.

    Args:
        labelled: as `curate` takes them.
        n_samples: samples of each problem that are there.

    Raises:
        InputError: samples of an unknown problem.
    """
    chosen = _choose(problems, labelled, policy)
    made = len(chosen.kept.taken)
    needed = _needed(policy, made, chosen.candidates) if made < policy.n_pairs else None
    if needed is None or not n_samples < needed <= most:
        needed = n_samples
    return Supply(n_samples=needed, pairs=made, wanted=policy.n_pairs)


def _choose(
    problems: Sequence[Problem], labelled: Mapping[str, list[Labelled]], policy: Policy
) -> _Chosen:
    candidates = find_candidates(problems, labelled, policy)
    shares = wanted_shares(policy.mix, candidates.failures)
    wanted = {
        task_id: (passing, [sample for sample in failing if sample.label in shares])
        for task_id, (passing, failing) in candidates.sides.items()
    }
    matched = list(_matched(wanted, candidates.failures, shares, policy))
    matches = [pair for each in matched for pair in each.pairs]
    aside = {
        task_id
        for task_id in candidates.sides
        if is_held_out(task_id, policy.held_out, policy.seed)
    }
    like = NearDuplicates(policy.near_duplicate)
    kept, held_out = (
        Selection(
            [m for m in matches if (m.task_id in aside) is is_aside],
            policy.max_pairs_per_problem,
            like,
            policy.seed,
        )
        for is_aside in (False, True)
    )
    kept.fill(shares, policy.n_pairs)
    held_out.fill(shares, round(policy.held_out * policy.n_pairs))
    return _Chosen(
        candidates,
        shares,
        aside,
        n_possible=sum(len(one) * len(other) for one, other in wanted.values()),
        n_allowed=sum(each.n_allowed for each in matched),
        n_matches=len(matches),
        kept=kept,
        held_out=held_out,
    )


def _needed(policy: Policy, made: int, found: Candidates) -> int | None:
    most = policy.max_pairs_per_problem
    return samples_needed(found.counts, found.drawn, made, policy.n_pairs, most)


def _matched(
    sides: Mapping[str, tuple[list[Labelled], list[Labelled]]],
    failures: Counter[Label],
    shares: Mapping[Label, float],
    policy: Policy,
) -> Iterator[Matched]:
    """The pairs of each problem, given its passes and the failures that the mix wants."""
    total = failures.total()
    surplus = {
        label: count / total / shares[label] for label, count in failures.items() if label in shares
    }
    for task_id, (passing, failing) in sides.items():
        if failing:
            yield match(task_id, passing, failing, policy, surplus)


def _mix(
    failures: Mapping[Label, int],
    shares: Mapping[Label, float],
    taken: Iterable[Match],
    n_pairs: int,
) -> dict[str, dict[str, int]]:
    wanted = apportion(shares, n_pairs) if shares else {}
    made = Counter(m.rejected.label for m in taken)
    return {
        label: {
            "failures": failures.get(label, 0),
            "pairs wanted": wanted.get(label, 0),
            "pairs": made[label],
        }
        for label in sorted({*failures, *wanted})
    }


def _refuse_too_few(policy: Policy, funnel: Funnel, found: Candidates) -> None:
    count = funnel.pairs["kept"]
    if count == policy.n_pairs or (count and policy.allow_fewer):
        return
    remedy, cause = _remedy(funnel)
    accept = ", lower curation.n_pairs or set curation.allow_fewer" if count else ""
    needed = _needed(policy, count, found)
    enough = f"; about {needed} samples of each problem would do" if needed else ""
    raise InputError(
        f"{remedy}{accept}: {cause}, so that only {count} of {policy.n_pairs} pairs can be made"
        f"{enough}"
    )


def _remedy(funnel: Funnel) -> tuple[str, str]:
    """What would help most, and where most candidates were lost."""
    problems, pairs = funnel.problems, funnel.pairs
    both = f"{problems['with both']} of {problems['all']} problems have both a pass and a failure"
    if problems["with both"] < problems["all"] / 2:
        return "draw more samples (sampling.n_samples), choose easier or harder problems", both
    if pairs["within the bands"] < pairs["possible"] / 10:
        return (
            "widen curation.min_similarity, curation.max_similarity or curation.max_length_ratio",
            f"{pairs['within the bands']} of {pairs['possible']} pairs lie within them",
        )
    return (
        "draw more samples (sampling.n_samples), raise curation.max_pairs_per_problem or "
        "curation.max_sample_uses",
        both,
    )
