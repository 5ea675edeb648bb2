"""Curation: from labelled samples to preference pairs of the model's own passes and failures."""

import difflib
import hashlib
import io
import itertools
import tokenize
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from failpairs.errors import InputError
from failpairs.extraction import extract_program
from failpairs.records import Pair, Problem, Sample, Verdict
from failpairs.syntax import normalised
from failpairs.taxonomy import FAILURES, PASS


@dataclass(frozen=True)
class Policy:
    """Which pairs are made; see the section `curation` of the configuration."""

    n_pairs: int
    allow_fewer: bool
    max_pairs_per_problem: int
    max_sample_uses: int
    exclude_labels: tuple[str, ...]
    seed: int


@dataclass
class Funnel:
    """How many candidates each step removed; becomes `curation_funnel.json`."""

    samples: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, int] = field(default_factory=dict)
    rejected_labels: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    sample: Sample
    verdict: Verdict


def curate(
    problems: Sequence[Problem],
    samples: Sequence[Sample],
    verdicts: Sequence[Verdict],
    prompts: Mapping[str, str],
    policy: Policy,
) -> tuple[list[Pair], Funnel]:
    """Pair passing with failing samples of the same problem.

    Pairs are chosen in rounds, one a problem in each round, so that every problem gets its first
    pair before any gets its second. The choice among equals is by a hash of the policy's seed and
    of the pair itself, never by the order of the rows.

    Args:
        prompts: the rendered prompt of every problem, as the model saw it.

    Raises:
        InputError: a sample without verdict, or fewer pairs than asked for.
    """
    funnel = Funnel()
    passing, failing = _usable(samples, verdicts, problems, policy, funnel)
    both = [p.task_id for p in problems if passing[p.task_id] and failing[p.task_id]]
    has = Counter((bool(passing[p.task_id]), bool(failing[p.task_id])) for p in problems)
    funnel.problems = {
        "all": len(problems),
        "with neither pass nor failure": has[False, False],
        "with failures only": has[False, True],
        "with passes only": has[True, False],
        "with both": has[True, True],
    }
    by_problem = [_pair_up(passing[t], failing[t], policy) for t in both]
    rank = partial(_rank, policy.seed)
    rounds = itertools.zip_longest(*by_problem)
    ordered = [pair for one in rounds for pair in sorted(filter(None, one), key=rank)]
    chosen = ordered[: policy.n_pairs]
    funnel.pairs = {
        "possible": sum(len(passing[t]) * len(failing[t]) for t in both),
        "within caps": len(ordered),
        "beyond n_pairs": len(ordered) - len(chosen),
        "kept": len(chosen),
    }
    for _, rejected in chosen:
        label = rejected.verdict.label
        funnel.rejected_labels[label] = funnel.rejected_labels.get(label, 0) + 1
    _refuse_too_few(len(chosen), policy, funnel)
    position = {problem.task_id: i for i, problem in enumerate(problems)}
    chosen.sort(
        key=lambda pair: (
            position[pair[0].sample.task_id],
            pair[0].sample.sample_index,
            pair[1].sample.sample_index,
        )
    )
    return [_as_pair(pair, prompts) for pair in chosen], funnel


def _refuse_too_few(count: int, policy: Policy, funnel: Funnel) -> None:
    if count == 0:
        raise InputError(
            f"no pairs: of {funnel.problems['all']} problems "
            f"{funnel.problems['with failures only']} have only failing and "
            f"{funnel.problems['with passes only']} only passing samples that may be used; draw "
            "more samples (sampling.n_samples), choose easier or harder problems, or exclude fewer "
            "labels (curation.exclude_labels)"
        )
    if count < policy.n_pairs and not policy.allow_fewer:
        raise InputError(
            f"only {count} pairs of the {policy.n_pairs} asked for "
            f"({funnel.problems['with both']} problems have both a pass and a failure); draw more "
            "samples (sampling.n_samples), raise curation.max_pairs_per_problem or "
            "curation.max_sample_uses, lower curation.n_pairs, or set curation.allow_fewer"
        )


def _usable(
    samples: Sequence[Sample],
    verdicts: Sequence[Verdict],
    problems: Sequence[Problem],
    policy: Policy,
    funnel: Funnel,
) -> tuple[dict[str, list[_Candidate]], dict[str, list[_Candidate]]]:
    """The samples of each problem that may be chosen and those that may be rejected."""
    by_key = {(v.task_id, v.sample_index): v for v in verdicts}
    by_id = {problem.task_id: problem for problem in problems}
    rejectable = set(FAILURES) - set(policy.exclude_labels)
    removed = {"excluded label": 0, "passed but did not end by itself": 0, "duplicate": 0}
    passing: dict[str, list[_Candidate]] = defaultdict(list)
    failing: dict[str, list[_Candidate]] = defaultdict(list)
    seen: set[tuple[str, bool, str]] = set()
    for sample in sorted(samples, key=lambda s: (s.task_id, s.sample_index)):
        verdict = by_key.get((sample.task_id, sample.sample_index))
        if verdict is None or sample.task_id not in by_id:
            raise InputError(
                f"sample {sample.sample_index} of {sample.task_id!r} has no label or no problem: "
                "the files do not belong together"
            )
        passed = verdict.label == PASS
        if not passed and verdict.label not in rejectable:
            removed["excluded label"] += 1
            continue
        if passed and sample.finish_reason == "length":
            removed["passed but did not end by itself"] += 1
            continue
        key = (sample.task_id, passed, _shape(by_id[sample.task_id], sample.completion))
        if key in seen:
            removed["duplicate"] += 1
            continue
        seen.add(key)
        (passing if passed else failing)[sample.task_id].append(_Candidate(sample, verdict))
    funnel.samples = {
        "all": len(samples),
        **removed,
        "usable passes": sum(map(len, passing.values())),
        "usable failures": sum(map(len, failing.values())),
    }
    return passing, failing


def _shape(problem: Problem, completion: str) -> str:
    """What two duplicates share: the program up to names and layout, or the text where it does not
    parse."""
    program, _ = extract_program(problem, completion)
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        if program is not None:
            return normalised(program)
    return " ".join(completion.split())


def _pair_up(
    passing: list[_Candidate], failing: list[_Candidate], policy: Policy
) -> list[tuple[_Candidate, _Candidate]]:
    """The pairs of one problem within the caps, in the order in which they are to be used.

    Failures of a label that the problem's pairs do not have yet come first.
    """
    uses: dict[int, int] = defaultdict(int)
    waiting = sorted(itertools.product(passing, failing), key=partial(_rank, policy.seed))
    chosen: list[tuple[_Candidate, _Candidate]] = []
    labels: dict[str, int] = defaultdict(int)
    while waiting and len(chosen) < policy.max_pairs_per_problem:
        best = min(waiting, key=lambda pair: labels[pair[1].verdict.label])
        chosen.append(best)
        labels[best[1].verdict.label] += 1
        for side in best:
            uses[side.sample.sample_index] += 1
        waiting = [
            pair
            for pair in waiting
            if pair != best
            and all(uses[side.sample.sample_index] < policy.max_sample_uses for side in pair)
        ]
    return chosen


def _rank(seed: int, pair: tuple[_Candidate, _Candidate]) -> str:
    """A pair's place among equally good ones."""
    chosen, rejected = pair[0].sample, pair[1].sample
    text = f"{seed}\0{chosen.task_id}\0{chosen.sample_index}\0{rejected.sample_index}"
    return hashlib.sha256(text.encode()).hexdigest()


def _as_pair(pair: tuple[_Candidate, _Candidate], prompts: Mapping[str, str]) -> Pair:
    chosen, rejected = pair[0].sample, pair[1].sample
    return Pair(
        prompt=prompts[chosen.task_id],
        chosen=chosen.completion,
        rejected=rejected.completion,
        task_id=chosen.task_id,
        chosen_index=chosen.sample_index,
        rejected_index=rejected.sample_index,
        rejected_label=pair[1].verdict.label,
        similarity=round(similarity(chosen.completion, rejected.completion), 4),
        length_ratio=round(len(chosen.completion) / max(1, len(rejected.completion)), 4),
    )


def similarity(one: str, other: str) -> float:
    """Ratio of matching tokens, 0 to 1 (`difflib.SequenceMatcher`, 2 M / T)."""
    return difflib.SequenceMatcher(None, _tokens(one), _tokens(other), autojunk=False).ratio()


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.string.strip():
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return text.split()
    return found
