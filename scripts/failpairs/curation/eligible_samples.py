"""Which samples may stand in a preference pair, and on which side."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from failpairs.code.extraction import extract_program
from failpairs.code.syntax import normalised
from failpairs.curation.hard_coded import is_hard_coded
from failpairs.errors import InputError
from failpairs.labels import FAILURES, PASS, Label
from failpairs.records import ExecLabel, Problem, Sample

MOST = 16  # candidates of a problem on each side: as many as a problem may have pairs


class Labelled(NamedTuple):
    """A sample and its verdict, with no more than curation needs: there may be millions."""

    sample_index: int
    completion: str
    was_cut: bool
    label: Label
    verified: bool


@dataclass
class Candidates:
    """What may be paired: for each problem those that may be chosen and those that may be rejected.

    Attributes:
        removed: how many samples are not among them, by reason.
        failures: how often each failure that may be rejected occurs among all samples.
        outcomes: how many problems have (passes, failures) that may be used.
    """

    sides: dict[str, tuple[list[Labelled], list[Labelled]]] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)
    failures: Counter[Label] = field(default_factory=Counter)
    outcomes: Counter[tuple[bool, bool]] = field(default_factory=Counter)


def join_labels(
    samples: Iterable[Sample], verdicts: Iterable[ExecLabel]
) -> dict[str, list[Labelled]]:
    """The labelled samples of each problem, in the order of their indexes.

    Raises:
        InputError: a sample without a verdict.
    """
    known: dict[str, dict[int, tuple[Label, bool]]] = defaultdict(dict)
    for verdict in verdicts:
        known[verdict.task_id][verdict.sample_index] = verdict.label, verdict.verified
    found: dict[str, list[Labelled]] = defaultdict(list)
    for s in samples:
        judged = known[s.task_id].get(s.sample_index)
        if judged is None:
            raise InputError(
                f"sample {s.sample_index} of {s.task_id!r} has no label: the files do not belong "
                "together"
            )
        was_cut = s.finish_reason == "length"
        found[s.task_id].append(Labelled(s.sample_index, s.completion, was_cut, *judged))
    for labelled in found.values():
        labelled.sort()
    return dict(found)


def find_candidates(
    problems: Iterable[Problem],
    labelled: Mapping[str, list[Labelled]],
    exclude_labels: Iterable[str],
    seed: int,
) -> Candidates:
    """The candidates of every problem that has some on both sides.

    May be chosen: passes in every execution, verified, ended by themselves, not a table of the
    test's answers. May be rejected: failures but of the excluded labels. Of samples with the same
    syntax tree up to names one counts, on each side. Where there are more than can be used, the
    seed decides among equals, and rare failures come first.

    Raises:
        InputError: samples of an unknown problem.
    """
    by_id = {problem.task_id: problem for problem in problems}
    unknown = sorted(labelled.keys() - by_id.keys())
    if unknown:
        raise InputError(f"there are samples of {unknown[0]!r}, which is not among the problems")
    rejectable = set(FAILURES) - set(exclude_labels)
    found = Candidates()
    for task_id, problem in sorted(by_id.items()):
        passing, failing = [], []
        for sample in labelled.get(task_id, []):
            if sample.label == PASS and not sample.was_cut and sample.verified:
                passing.append(sample)
            elif sample.label in rejectable:
                failing.append(sample)
            else:
                found.removed[_why_not(sample)] += 1
        found.failures.update(sample.label for sample in failing)
        chosen = _distinct(problem, _spread(passing, task_id, seed), found.removed, is_chosen=True)
        rejected = _distinct(
            problem, _spread(failing, task_id, seed), found.removed, is_chosen=False
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


def _why_not(sample: Labelled) -> str:
    if sample.label != PASS:
        return f"label {sample.label}"
    return "passed, but was cut off" if sample.was_cut else "passed, but not verified"


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
    problem: Problem, samples: Iterator[Labelled], removed: Counter[str], is_chosen: bool
) -> list[Labelled]:
    """The first samples that differ in more than looks."""
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
        if is_chosen and program is not None and is_hard_coded(program, problem):
            removed["passed, but is a table of the test's answers"] += 1
            continue
        kept.append(sample)
    return kept


def _shape(program: str | None, completion: str) -> str:
    """What two duplicates share: the program up to names and layout, or the text where it does not
    parse."""
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        if program is not None:
            return normalised(program)
    return " ".join(completion.split())
