"""One model's evaluation: labels of every sample, counts by label, pass@k, and what its texts are
like."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict
from scipy.stats import hypergeom

from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel, KnownLabel
from failpairs.labels import INFRA_ERROR, LABELS, PASS, Label
from failpairs.provenance.protocol import LabelsMeta, SamplesMeta
from failpairs.records import Problem, Sample
from failpairs.statistics.arrays import Ints

KS = (1, 2, 5, 10, 20, 50, 100)


class ProblemResult(BaseModel):
    """The labels of one problem's samples, in order of their index, and the problem's source.

    `fragile` holds the indexes of samples that fail on additional tests alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    task_id: str
    source: str
    labels: list[KnownLabel]
    fragile: list[int] = []


class Stratum(BaseModel):
    """Some problems or tests: counts of samples by label, and pass@k by k."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    n_problems: int
    counts: dict[KnownLabel, int]
    pass_at_k: dict[int, float]


class Texts(BaseModel):
    """What a model's completions are like as texts; a model that collapses shows here first.

    `mean_tokens` and `mean_characters` of a completion; `distinct_share` of all completions are
    different texts; `comment_share` of their lines that are not blank hold nothing but a comment.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mean_tokens: float | None
    mean_characters: float
    distinct_share: float
    comment_share: float


class Evaluation(BaseModel):
    """`eval/base.json` or `eval/seed<n>.json`.

    `n_samples` is the number of samples of each problem, the least where they differ, as in what
    another tool drew; `counts` holds samples by label; `pass_at_1` is the mean over problems of
    their pass rate; `pass_at_k` the unbiased estimate for each k up to `n_samples`; `protocol` says
    how samples were drawn, and is empty where another tool drew them; `provenance` what all this
    was made of and with. All of these are verdicts on all tests; where problems have additional
    ones, `base_tests` holds the same on the base tests alone. `unverified` counts samples whose
    test ran in the program's own process, where a program could tamper with it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    n_problems: int
    n_samples: int
    pass_at_1: float
    pass_at_k: dict[int, float]
    counts: dict[KnownLabel, int]
    by_source: dict[str, Stratum]
    base_tests: Stratum | None = None
    unverified: int = 0
    texts: Texts
    problems: list[ProblemResult]
    protocol: Mapping[str, Any]
    validator: Mapping[str, Any]
    provenance: Mapping[str, str | None]


def evaluate(
    problems: Sequence[Problem],
    samples: Iterable[Sample],
    verdicts: Iterable[ExecLabel],
    samples_meta: SamplesMeta | None,
    labels_meta: LabelsMeta,
    provenance: Mapping[str, str | None],
) -> Evaluation:
    """Put one model's verdicts together. Samples and verdicts are taken one by one.

    Args:
        samples_meta: None where another tool drew the samples, of which then one problem may have
            more than another.

    Raises:
        InputError: a problem with no sample or with another number of them than the rest, a sample
            without a verdict, or an INFRA_ERROR, which says nothing about the model.
    """
    fragile: dict[str, list[int]] = {problem.task_id: [] for problem in problems}
    unverified: list[ExecLabel] = []
    labels = _labels(problems, verdicts, fragile, unverified)
    _check_complete(labels, must_be_equal=samples_meta is not None)
    texts = _texts(_checked(samples, labels))
    results = [
        ProblemResult(
            task_id=problem.task_id,
            source=problem.source,
            labels=[label for _, label in sorted(labels[problem.task_id].items())],
            fragile=sorted(fragile[problem.task_id]),
        )
        for problem in problems
    ]
    whole = _stratum(results)
    return Evaluation(
        n_problems=len(results),
        n_samples=min(len(result.labels) for result in results),
        pass_at_1=whole.pass_at_k[1],
        pass_at_k=whole.pass_at_k,
        counts=whole.counts,
        by_source={
            source: _stratum([result for result in results if result.source == source])
            for source in dict.fromkeys(result.source for result in results)
        },
        base_tests=_on_base_tests(results) if any(p.plus_test for p in problems) else None,
        unverified=len(unverified),
        texts=texts,
        problems=results,
        protocol=samples_meta.model_dump(exclude={"prompts", "hardware"}) if samples_meta else {},
        validator=labels_meta.validator,
        provenance=provenance,
    )


def pass_at_k(passed: Ints, n_samples: Ints | int, k: int) -> float:
    """Unbiased estimate of the share of problems that one of k samples solves.

    For each problem the probability that k of its samples, drawn without replacement, hold a pass
    (Chen et al. 2021, arXiv 2107.03374, section 2.1).

    Args:
        passed: samples of each problem that passed, (problems,).
        n_samples: samples of each problem, (problems,), or of all.

    >>> pass_at_k(np.array([1, 0]), n_samples=2, k=1)
    0.25
    """
    return float(np.mean(hypergeom.sf(0, n_samples, passed, k)))


def label_counts(results: Sequence[ProblemResult]) -> Ints:
    """How many samples of each problem have each label of the taxonomy, (problems, labels)."""
    counts = [Counter(result.labels) for result in results]
    return np.array([[count[label] for label in LABELS] for count in counts])


def _on_base_tests(results: Sequence[ProblemResult]) -> Stratum:
    """The same results, had the additional tests not been run."""
    return _stratum(
        [
            result.model_copy(
                update={
                    "labels": [
                        PASS if place in result.fragile else label
                        for place, label in enumerate(result.labels)
                    ]
                }
            )
            for result in results
        ]
    )


def _stratum(results: Sequence[ProblemResult]) -> Stratum:
    counts = label_counts(results)
    n_samples, passed = counts.sum(axis=1), counts[:, LABELS.index(PASS)]
    totals = dict(zip(LABELS, counts.sum(axis=0).tolist(), strict=True))
    return Stratum(
        n_problems=len(results),
        counts={label: total for label, total in totals.items() if total},
        pass_at_k={k: pass_at_k(passed, n_samples, k) for k in KS if k <= n_samples.min()},
    )


def _labels(
    problems: Iterable[Problem],
    verdicts: Iterable[ExecLabel],
    fragile: Mapping[str, list[int]],
    unverified: list[ExecLabel],
) -> dict[str, dict[int, Label]]:
    """The label of each sample of each problem, by its index; the indexes of fragile samples are
    added to `fragile`, and verdicts that were not verified to `unverified`."""
    labels: dict[str, dict[int, Label]] = {problem.task_id: {} for problem in problems}
    for verdict in verdicts:
        task_id, index = verdict.task_id, verdict.sample_index
        if task_id not in labels:
            raise InputError(f"labels: task_id {task_id!r} is not among the problems")
        if index in labels[task_id]:
            raise InputError(f"labels: sample {index} of {task_id!r} is labelled twice")
        if verdict.label == INFRA_ERROR:
            raise InputError(
                f"labels: sample {index} of {task_id!r} is INFRA_ERROR: it could not be "
                "executed, so nothing can be said of it; run execute again"
            )
        labels[task_id][index] = verdict.label
        if verdict.fragile:
            fragile[task_id].append(index)
        if not verdict.verified:
            unverified.append(verdict)
    return labels


def _checked(
    samples: Iterable[Sample], labels: Mapping[str, Mapping[int, Label]]
) -> Iterator[Sample]:
    """The samples, as long as they are those that have labels."""
    waiting = {task_id: set(found) for task_id, found in labels.items()}
    for sample in samples:
        if sample.sample_index not in labels.get(sample.task_id, {}):
            raise _unmatched(sample.task_id, sample.sample_index)
        waiting[sample.task_id].discard(sample.sample_index)
        yield sample
    for task_id, indexes in waiting.items():
        if indexes:
            raise _unmatched(task_id, min(indexes))


def _unmatched(task_id: str, index: int) -> InputError:
    return InputError(f"sample {index} of {task_id!r} has no label, or the label no sample")


def _texts(samples: Iterable[Sample]) -> Texts:
    count = characters = lines = comments = 0
    tokens: list[int] = []
    distinct: set[bytes] = set()  # digests, since there may be a million texts
    for sample in samples:
        count += 1
        characters += len(sample.completion)
        text = sample.completion.strip()
        distinct.add(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
        if sample.n_tokens is not None:
            tokens.append(sample.n_tokens)
        for line in text.splitlines():
            lines += bool(line.strip())
            comments += line.lstrip().startswith("#")
    return Texts(
        mean_tokens=round(sum(tokens) / len(tokens), 2) if tokens else None,
        mean_characters=round(characters / count, 2),
        distinct_share=len(distinct) / count,
        comment_share=comments / max(1, lines),
    )


def _check_complete(labels: Mapping[str, Mapping[int, Label]], must_be_equal: bool) -> None:
    sizes = {task_id: len(found) for task_id, found in labels.items()}
    expected = max(sizes.values())
    least = expected if must_be_equal else 1
    short = next((task_id for task_id, size in sizes.items() if size < least), None)
    if short is not None or not expected:
        raise InputError(
            f"problem {short!r} has {sizes.get(short or '', 0)} samples, not {expected}"
        )
