"""The audit of preference pairs: which of them do not teach what they are meant to teach.

A new finding is an entry of `FINDINGS`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field
from scipy.stats import binom

from failpairs.curation.leaks import answers, find_leaks
from failpairs.curation.near_duplicates import NearDuplicates
from failpairs.exchange.pairs import ForeignPair
from failpairs.exec_labels import ExecLabel, KnownLabel
from failpairs.labels import FAILURES, PASS, Label
from failpairs.records import Count, Name, Problem, Row, Sample

CONFIDENCE = 0.95
FLIPS = 999  # draws of the null distribution of the best threshold
SIGNS = np.array([-1, 1], dtype=np.int64)


class AuditRow(Row):
    """One row of `audit.jsonl`: a pair and what is found of it.

    Attributes:
        row: its line, element or row in the source, from 1.
        task_id: the problem that it was made for, null where it matches none.
        chosen_label: how the program of the chosen side ends; null without a problem.
        chosen_length: characters.
        leaks: an evaluation problem for each part that matches it, and by what.
        duplicate_of: the row that it is nearly the same as.
        findings: keys of `FINDINGS`.
    """

    row: Annotated[int, Field(ge=1)]
    task_id: Name | None
    chosen_label: KnownLabel | None
    rejected_label: KnownLabel | None
    chosen_length: Count
    rejected_length: Count
    identical: bool
    empty: bool
    leaks: list[str]
    duplicate_of: int | None
    findings: tuple[str, ...] = ()


FINDINGS: Mapping[str, Callable[[AuditRow], bool]] = {
    "chosen side fails": lambda row: row.chosen_label in FAILURES,
    "rejected side passes": lambda row: row.rejected_label == PASS,
    "flipped: chosen side fails, rejected side passes": (
        lambda row: row.chosen_label in FAILURES and row.rejected_label == PASS
    ),
    "both sides are identical": lambda row: row.identical,
    "a side is empty": lambda row: row.empty,
    "leaks an evaluation problem": lambda row: bool(row.leaks),
    "nearly the same as an earlier pair": lambda row: row.duplicate_of is not None,
    "matches no problem": lambda row: row.task_id is None,
    "cannot be judged": lambda row: (
        not {Label.FLAKY, Label.INFRA_ERROR}.isdisjoint({row.chosen_label, row.rejected_label})
    ),
}


class LengthTells(BaseModel):
    """How much the lengths of the sides tell about which of them was chosen.

    Attributes:
        chosen_longer: share of the pairs whose chosen side is longer; a pair of equal lengths
            counts half.
        threshold: the rule "texts of at most so many characters are chosen" or, if not
            `shorter_is_chosen`, "longer texts are chosen" tells single sides apart best, and is
            right for the share `accuracy` of them.
        longer_null: the interval of `chosen_longer` where length tells nothing, and `accuracy_null`
            that of `accuracy`; both hold 95% of the cases.
    """

    chosen_longer: float
    longer_null: tuple[float, float]
    threshold: int
    shorter_is_chosen: bool
    accuracy: float
    accuracy_null: tuple[float, float]


@dataclass(frozen=True)
class Audit:
    """What an audit found: a row for each pair, in their order."""

    rows: Sequence[AuditRow]

    @cached_property
    def found(self) -> dict[str, list[int]]:
        """The rows of each finding."""
        rows: dict[str, list[int]] = {name: [] for name in FINDINGS}
        for row in self.rows:
            for name in row.findings:
                rows[name].append(row.row)
        return rows

    @cached_property
    def labels(self) -> dict[str, Counter[Label]]:
        """How often each side ended with each label."""
        return {
            "chosen": Counter(row.chosen_label for row in self.rows if row.chosen_label),
            "rejected": Counter(row.rejected_label for row in self.rows if row.rejected_label),
        }

    @cached_property
    def lengths(self) -> LengthTells:
        """How much the lengths tell."""
        return length_tells([(row.chosen_length, row.rejected_length) for row in self.rows])


def samples_of(pairs: Sequence[ForeignPair], problems: Sequence[Problem | None]) -> list[Sample]:
    """Both sides of each pair that has a problem, to be executed like samples: those of the pair
    with the number i in the list are the samples 2i and 2i + 1."""
    return [
        Sample(task_id=problem.task_id, sample_index=2 * place + side, completion=text)
        for place, (pair, problem) in enumerate(zip(pairs, problems, strict=True))
        if problem is not None
        for side, text in enumerate(answers(pair))
    ]


def audit(
    pairs: Sequence[ForeignPair],
    problems: Sequence[Problem | None],
    verdicts: Iterable[ExecLabel],
    evaluation: Sequence[Problem],
    ngram: int,
    near_duplicate: float,
) -> Audit:
    """What is found of each pair.

    Args:
        problems: that of each pair.
        verdicts: of `samples_of` the pairs.
        evaluation: problems that must not leak.
        ngram: consecutive words that a prompt must not share with an evaluation problem.
        near_duplicate: similarity from which on two pairs are nearly the same.
    """
    labels = {verdict.sample_index: verdict.label for verdict in verdicts}
    leaks = find_leaks(pairs, problems, evaluation, ngram)
    like = NearDuplicates(near_duplicate)
    remembered: list[int] = []
    rows = []
    for place, (pair, problem) in enumerate(zip(pairs, problems, strict=True)):
        earlier = like.earlier(pair.chosen, pair.rejected)
        if earlier is None:
            remembered.append(pair.number)
        row = AuditRow(
            row=pair.number,
            task_id=problem.task_id if problem else None,
            chosen_label=labels.get(2 * place),
            rejected_label=labels.get(2 * place + 1),
            chosen_length=len(pair.chosen),
            rejected_length=len(pair.rejected),
            identical=pair.chosen == pair.rejected,
            empty=not (pair.chosen.strip() and pair.rejected.strip()),
            leaks=leaks.get(place, []),
            duplicate_of=None if earlier is None else remembered[earlier],
        )
        findings = tuple(name for name, is_found in FINDINGS.items() if is_found(row))
        rows.append(row.model_copy(update={"findings": findings}))
    return Audit(rows)


def length_tells(lengths: Sequence[tuple[int, int]]) -> LengthTells:
    """How much the lengths of (chosen, rejected) sides tell.

    The null distribution of the accuracy is that of the best threshold where chance decides which
    side of each pair is called the chosen one.
    """
    sides = np.asarray(lengths, dtype=np.int64).T
    n_pairs = sides.shape[1]
    longer, shorter = int((sides[0] > sides[1]).sum()), int((sides[0] < sides[1]).sum())
    ties = n_pairs - longer - shorter
    low, high = binom.interval(CONFIDENCE, longer + shorter, 0.5) if ties < n_pairs else (0, 0)
    values = sides.ravel()
    order = np.argsort(values, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(values[order]), 1))  # the last text of each length

    def surplus(signs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of the texts up to each length, how many more are chosen than rejected."""
        return np.cumsum(np.concatenate([signs, -signs])[order])[ends]

    real = surplus(np.ones(n_pairs, dtype=np.int64))
    best = int(np.argmax(np.abs(real)))
    draw = np.random.default_rng(0)
    null = [
        np.abs(surplus(draw.choice(SIGNS, n_pairs))).max() / (2 * n_pairs) for _ in range(FLIPS)
    ]
    tails = (1 - CONFIDENCE) / 2
    null_low, null_high = np.quantile(null, [tails, 1 - tails])
    return LengthTells(
        chosen_longer=(longer + ties / 2) / n_pairs,
        longer_null=((low + ties / 2) / n_pairs, (high + ties / 2) / n_pairs),
        threshold=int(values[order][ends[best]]),
        shorter_is_chosen=bool(real[best] > 0),
        accuracy=0.5 + abs(int(real[best])) / (2 * n_pairs),
        accuracy_null=(0.5 + float(null_low), 0.5 + float(null_high)),
    )
