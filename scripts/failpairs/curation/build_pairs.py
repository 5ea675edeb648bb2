"""Curation: from labelled samples to preference pairs of the model's own passes and failures."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from failpairs.curation.eligible_samples import Candidates, Labelled, find_candidates, stable_rank
from failpairs.curation.matching import Bands, Match, match
from failpairs.curation.near_duplicates import NearDuplicates
from failpairs.curation.selection import Selection, apportion, longer_wins, wanted_shares
from failpairs.errors import InputError
from failpairs.labels import Label
from failpairs.records import Pair, Problem


@dataclass(frozen=True)
class Policy:
    """Which pairs are made; see the section `curation` of the configuration."""

    n_pairs: int
    allow_fewer: bool
    held_out: float
    mix: str
    exclude_labels: tuple[str, ...]
    max_pairs_per_problem: int
    max_sample_uses: int
    min_similarity: float
    max_similarity: float
    max_length_ratio: float
    near_duplicate: float
    seed: int

    @property
    def bands(self) -> Bands:
        return Bands(self.min_similarity, self.max_similarity, self.max_length_ratio)


@dataclass
class Funnel:
    """How many candidates each step removed, and what is left; becomes `curation_funnel.json`.

    Attributes:
        mix: for each label the failures that occurred, the pairs wanted and the pairs made.
        longer_wins: accuracy of the rule "the longer side is the chosen one"; .5 tells nothing.
    """

    samples: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, int] = field(default_factory=dict)
    mix: dict[str, dict[str, int]] = field(default_factory=dict)
    longer_wins: float | None = None


@dataclass(frozen=True)
class Curated:
    """The pairs to train on, those held out for training curves, and how they came about."""

    pairs: list[Pair]
    held_out: list[Pair]
    funnel: Funnel


def curate(
    problems: Sequence[Problem],
    labelled: Mapping[str, list[Labelled]],
    prompts: Mapping[str, str],
    policy: Policy,
) -> Curated:
    """Pair passing with failing samples of the same problem.

    Args:
        labelled: the samples of each problem, see `eligible_samples.join`.
        prompts: the rendered prompt of every problem, as the model saw it.

    Raises:
        InputError: samples of an unknown problem, or fewer pairs than asked for.
    """
    candidates = find_candidates(problems, labelled, policy.exclude_labels, policy.seed)
    shares = wanted_shares(policy.mix, candidates.failures)
    matches = list(_matches(candidates, shares, policy))
    aside = {
        task_id
        for task_id in candidates.sides
        if is_held_out(task_id, policy.held_out, policy.seed)
    }
    like = NearDuplicates(policy.near_duplicate)
    chosen, held_out = (
        Selection(
            [m for m in matches if (m.task_id in aside) is is_aside],
            policy.max_pairs_per_problem,
            like,
            policy.seed,
        )
        for is_aside in (False, True)
    )
    chosen.fill(shares, policy.n_pairs)
    held_out.fill(shares, round(policy.held_out * policy.n_pairs))
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
            "held out": len(aside),
        },
        pairs={
            "possible": sum(len(one) * len(other) for one, other in candidates.sides.values()),
            "matched within the bands": len(matches),
            "nearly the same as another": chosen.near_duplicates + held_out.near_duplicates,
            "held out": len(held_out.taken),
            "kept": len(chosen.taken),
        },
        mix=_mix(candidates.failures, shares, chosen.taken, policy.n_pairs),
        longer_wins=longer_wins(
            (len(m.chosen.completion), len(m.rejected.completion)) for m in chosen.taken
        ),
    )
    _refuse_too_few(policy, funnel)
    return Curated(as_pairs(chosen.taken, prompts), as_pairs(held_out.taken, prompts), funnel)


def _matches(
    candidates: Candidates, shares: Mapping[Label, float], policy: Policy
) -> Iterator[Match]:
    total = candidates.failures.total()
    surplus = {
        label: count / total / shares[label]
        for label, count in candidates.failures.items()
        if label in shares
    }
    for task_id, (passing, failing) in candidates.sides.items():
        wanted = [sample for sample in failing if sample.label in shares]
        if wanted:
            yield from match(
                task_id, passing, wanted, policy.bands, policy.max_sample_uses, surplus
            )


def is_held_out(task_id: str, share: float, seed: int) -> bool:
    """Whether a problem is one of the share whose pairs are held out for training curves."""
    return int(stable_rank(seed, "held out", task_id), 16) < share * 2**256


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


def _refuse_too_few(policy: Policy, funnel: Funnel) -> None:
    count = funnel.pairs["kept"]
    if count == policy.n_pairs or (count and policy.allow_fewer):
        return
    told = "; ".join(
        f"{name}: {', '.join(f'{step} {number}' for step, number in steps.items())}"
        for name, steps in (
            ("samples", funnel.samples),
            ("problems", funnel.problems),
            ("pairs", funnel.pairs),
        )
    )
    raise InputError(
        f"only {count} pairs of the {policy.n_pairs} asked for ({told}). {_remedy(funnel)}"
        if count
        else f"no pairs ({told}). {_remedy(funnel)}"
    )


def _remedy(funnel: Funnel) -> str:
    """What would help most, by where the candidates were lost."""
    if funnel.problems["with both"] < funnel.problems["all"] / 2:
        first = (
            "Few problems have both a pass and a failure: draw more samples (sampling.n_samples), "
            "or choose easier or harder problems"
        )
    elif funnel.pairs["matched within the bands"] < funnel.pairs["possible"] / 10:
        first = (
            "Few pairs lie within the bands: widen curation.min_similarity, "
            "curation.max_similarity or curation.max_length_ratio"
        )
    else:
        first = "Draw more samples (sampling.n_samples)"
    return (
        f"{first}; or raise curation.max_pairs_per_problem or curation.max_sample_uses, exclude "
        "fewer labels (curation.exclude_labels), relax curation.mix or curation.near_duplicate, "
        "lower curation.n_pairs, or set curation.allow_fewer"
    )


def as_pairs(matches: Iterable[Match], prompts: Mapping[str, str]) -> list[Pair]:
    """Matches as rows of `pairs.jsonl`, in a stable order."""
    ordered = sorted(
        matches, key=lambda m: (m.task_id, m.chosen.sample_index, m.rejected.sample_index)
    )
    return [
        Pair(
            prompt=prompts[match.task_id],
            chosen=match.chosen.completion,
            rejected=match.rejected.completion,
            task_id=match.task_id,
            chosen_index=match.chosen.sample_index,
            rejected_index=match.rejected.sample_index,
            rejected_label=match.rejected.label,
            similarity=match.similarity,
            length_ratio=round(match.length_ratio, 4),
        )
        for match in ordered
    ]
