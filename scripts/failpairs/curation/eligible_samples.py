"""Which samples may stand in a preference pair, and on which side.

A new rule is a function that gives a sample's line in the funnel, and an entry in `SAMPLE_RULES` or
`PROGRAM_RULES`.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from failpairs.code.extraction import extract_program
from failpairs.code.syntax import normalised
from failpairs.curation.agreement import differing_from_most, ignored_inputs
from failpairs.curation.hard_coded import is_hard_coded
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.labels import FAILURES, PASS, Label
from failpairs.records import Problem, Sample

MOST = 16  # candidates of a problem on each side: as many as a problem may have pairs


class Labelled(NamedTuple):
    """A sample and its verdict, with no more than curation needs: there may be millions.

    `doubtful` is one that passes the test of its problem and differs on generated inputs from the
    reference, or else from most others, those aside that do not count (`agreement.py`).
    """

    sample_index: int
    completion: str
    was_cut: bool
    label: Label
    verified: bool
    doubtful: bool = False


@dataclass
class Candidates:
    """What may be paired: for each problem those that may be chosen and those that may be rejected.

    Attributes:
        removed: how many samples are not among them, by reason.
        failures: how often each failure that may be rejected occurs among all samples.
        outcomes: how many problems have (passes, failures) that may be used.
        counts: how many samples of each problem may be used, (passes, failures), copies included.
        drawn: how many samples of each problem there are, in the same order.
    """

    sides: dict[str, tuple[list[Labelled], list[Labelled]]] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)
    failures: Counter[Label] = field(default_factory=Counter)
    outcomes: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    counts: list[tuple[int, int]] = field(default_factory=list)
    drawn: list[int] = field(default_factory=list)


def join_labels(
    samples: Iterable[Sample],
    verdicts: Iterable[ExecLabel],
    with_inputs: Collection[str] = (),
) -> dict[str, list[Labelled]]:
    """The labelled samples of each problem, in the order of their indexes.

    Args:
        with_inputs: the task ids of the problems for which inputs were generated.

    Raises:
        InputError: a sample without a verdict.
    """
    known: dict[str, dict[int, _Verdict]] = defaultdict(dict)
    for each in verdicts:
        found_out = tuple(each.differing), tuple(each.answers)
        slim = _Verdict(each.label, each.verified, each.fragile, *found_out)
        known[each.task_id][each.sample_index] = slim
    found: dict[str, list[tuple[int, str, bool, _Verdict]]] = defaultdict(list)
    for sample in samples:
        verdict = known[sample.task_id].get(sample.sample_index)
        if verdict is None:
            raise InputError(
                f"sample {sample.sample_index} of {sample.task_id!r} has no label: the files do "
                "not belong together"
            )
        was_cut = sample.finish_reason == "length"
        row = (sample.sample_index, sample.completion, was_cut, verdict)
        found[sample.task_id].append(row)
    return {name: sorted(_labelled(rows, name in with_inputs)) for name, rows in found.items()}


class _Verdict(NamedTuple):
    """What is needed of a row of labels."""

    label: Label
    verified: bool
    fragile: bool
    differing: tuple[int, ...]
    answers: tuple[str, ...]


def _labelled(
    rows: Sequence[tuple[int, str, bool, _Verdict]], has_inputs: bool
) -> Iterator[Labelled]:
    """The samples of a problem.

    Args:
        has_inputs: whether inputs were generated for it.
    """
    passing = {
        (completion, verdict)
        for _, completion, _, verdict in rows
        if has_inputs and (verdict.fragile or verdict.label == PASS)
    }
    differing = _differing(sorted(passing))
    ignored = ignored_inputs(where or () for where in differing.values())
    for index, completion, was_cut, verdict in rows:
        label, doubtful = verdict.label, False
        if (completion, verdict) in passing:
            where = differing[completion, verdict]
            doubtful = where is None or not ignored.issuperset(where)
            label = label if doubtful else Label.PASS
        yield Labelled(index, completion, was_cut, label, verdict.verified, doubtful)


def _differing(
    passing: Sequence[tuple[str, _Verdict]],
) -> Mapping[tuple[str, _Verdict], Collection[int] | None]:
    """On which inputs each program differs, from the reference or else from most of them; None
    where it failed on one, and nobody knows on which."""
    if any(verdict.answers for _, verdict in passing):
        found = differing_from_most([verdict.answers for _, verdict in passing])
        return dict(zip(passing, found, strict=True))
    return {
        (completion, verdict): verdict.differing or (None if verdict.fragile else ())
        for completion, verdict in passing
    }


def label_is_excluded(sample: Labelled, policy: Policy) -> str | None:
    """Neither a pass in every execution nor a failure that the policy allows."""
    allowed = sample.label in FAILURES and sample.label not in policy.exclude_labels
    return None if allowed or sample.label == PASS else f"label {sample.label}"


def pass_was_cut_off(sample: Labelled, policy: Policy) -> str | None:
    """The completion passed, but would have gone on."""
    return "passed, but was cut off" if sample.label == PASS and sample.was_cut else None


def pass_is_not_verified(sample: Labelled, policy: Policy) -> str | None:
    """The test ran in the program's own process, which could have forged the pass."""
    return "passed, but not verified" if sample.label == PASS and not sample.verified else None


def failure_is_not_judged(sample: Labelled, policy: Policy) -> str | None:
    """The program returned an object of its own kind, which may be right: only it can tell."""
    is_unjudged = sample.label == Label.TYPE_ERROR and not sample.verified
    return "returned what cannot be judged" if is_unjudged else None


def sample_is_doubtful(sample: Labelled, policy: Policy) -> str | None:
    """It is wrong, or an input that was generated is none that the problem allows."""
    return "differs on generated inputs" if sample.doubtful else None


def pass_is_hard_coded(
    problem: Problem, sample: Labelled, program: str, policy: Policy
) -> str | None:
    """The program looks the test's answers up instead of computing them."""
    hard_coded = sample.label == PASS and is_hard_coded(program, problem)
    return "passed, but is a table of the test's answers" if hard_coded else None


# Each rule gives the line of the funnel that counts a sample as removed, or None. The first rules
# decide what counts as a pass or a failure of a problem. The others take the program and come last,
# so that only samples that are no duplicates are parsed for them.
SAMPLE_RULES: tuple[Callable[[Labelled, Policy], str | None], ...] = (
    label_is_excluded,
    pass_was_cut_off,
    pass_is_not_verified,
    failure_is_not_judged,
    sample_is_doubtful,
)
PROGRAM_RULES: tuple[Callable[[Problem, Labelled, str, Policy], str | None], ...] = (
    pass_is_hard_coded,
)


def find_candidates(
    problems: Iterable[Problem], labelled: Mapping[str, list[Labelled]], policy: Policy
) -> Candidates:
    """The candidates of every problem that has some on both sides.

    Passes may be chosen and failures may be rejected, unless a rule removes them. Of samples with
    the same syntax tree up to names one counts, on each side. Where there are more than can be
    used, the seed decides among equals, and rare failures come first.

    Raises:
        InputError: samples of an unknown problem.
    """
    by_id = {problem.task_id: problem for problem in problems}
    unknown = sorted(labelled.keys() - by_id.keys())
    if unknown:
        raise InputError(f"there are samples of {unknown[0]!r}, which is not among the problems")
    found = Candidates()
    for task_id, problem in sorted(by_id.items()):
        passing: list[Labelled] = []
        failing: list[Labelled] = []
        for sample in labelled.get(task_id, []):
            reason = _first(rule(sample, policy) for rule in SAMPLE_RULES)
            if reason:
                found.removed[reason] += 1
            else:
                (passing if sample.label == PASS else failing).append(sample)
        found.failures.update(sample.label for sample in failing)
        found.counts.append((len(passing), len(failing)))
        found.drawn.append(len(labelled.get(task_id, [])))
        chosen, rejected = (
            _distinct(problem, _spread(side, task_id, policy.seed), found.removed, policy)
            for side in (passing, failing)
        )
        found.outcomes[bool(chosen), bool(rejected)] += 1
        if chosen and rejected:
            found.sides[task_id] = chosen, rejected
        else:
            found.removed["no sample on the other side"] += len(chosen) + len(rejected)
    return found


def stable_rank(seed: int, *names: object) -> str:
    """A place among equals that depends on the seed and on what is ranked, and on nothing else."""
    return hashlib.sha256("\0".join(map(str, (seed, *names))).encode()).hexdigest()


def is_held_out(task_id: str, share: float, seed: int) -> bool:
    """Whether a problem is one of the share whose pairs are held out for training curves."""
    return int(stable_rank(seed, "held out", task_id), 16) < share * 2**256


def _first(reasons: Iterable[str | None]) -> str | None:
    return next(filter(None, reasons), None)


def _spread(samples: list[Labelled], task_id: str, seed: int) -> Iterator[Labelled]:
    """In an order that the seed decides: one of each label, then a second of each, and so on."""
    ranked = sorted(samples, key=lambda sample: stable_rank(seed, task_id, sample.sample_index))
    before: Counter[Label] = Counter()
    turns = []
    for sample in ranked:
        turns.append(before[sample.label])
        before[sample.label] += 1
    order = sorted(range(len(ranked)), key=turns.__getitem__)
    return (ranked[place] for place in order)


def _distinct(
    problem: Problem, samples: Iterator[Labelled], removed: Counter[str], policy: Policy
) -> list[Labelled]:
    """The first samples that differ in more than looks and whose programs no rule removes."""
    texts: set[str] = set()
    shapes: set[str] = set()
    kept: list[Labelled] = []
    for sample in samples:
        if len(kept) == MOST:
            removed["more than can be used"] += 1
            continue
        if sample.completion in texts:
            removed["duplicate"] += 1
            continue
        texts.add(sample.completion)
        program, _ = extract_program(problem, sample.completion)
        shape = _shape(program, sample.completion)
        if shape in shapes:
            removed["duplicate"] += 1
            continue
        shapes.add(shape)
        reason = program and _first(
            rule(problem, sample, program, policy) for rule in PROGRAM_RULES
        )
        if reason:
            removed[reason] += 1
        else:
            kept.append(sample)
    return kept


def _shape(program: str | None, completion: str) -> str:
    """What two duplicates share: the program up to names and layout, or the text where it does not
    parse."""
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        if program is not None:
            return normalised(program)
    return " ".join(completion.split())
