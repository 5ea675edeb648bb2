"""One model's evaluation: labels of every sample, counts by label and pass@1."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.protocol import Meta
from failpairs.records import Problem, Sample, Verdict
from failpairs.taxonomy import INFRA_ERROR, LABELS, PASS


class ProblemResult(BaseModel):
    """The labels of one problem's samples, in order of their index."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    task_id: str
    labels: list[str]

    @property
    def pass_rate(self) -> float:
        """Share of the samples that passed."""
        return self.labels.count(PASS) / len(self.labels)


class Evaluation(BaseModel):
    """`eval/base.json` or `eval/seed<n>.json`.

    `counts` holds samples by label; `pass_at_1` is the mean over problems of their pass rate;
    `mean_tokens` the tokens of a completion.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    n_problems: int
    n_samples: int
    pass_at_1: float
    counts: dict[str, int]
    mean_tokens: float | None
    problems: list[ProblemResult]
    protocol: Meta
    validator: Mapping[str, Any]
    versions: Mapping[str, str]


def evaluate(
    problems: Sequence[Problem],
    samples: Sequence[Sample],
    verdicts: Sequence[Verdict],
    samples_meta: Meta,
    labels_meta: Meta,
    versions: Mapping[str, str],
) -> Evaluation:
    """Put one model's verdicts together.

    Raises:
        InputError: a problem with no sample or with another number of them than the rest, a sample
            without a verdict, or an INFRA_ERROR, which says nothing about the model.
    """
    by_problem: dict[str, list[Verdict]] = {problem.task_id: [] for problem in problems}
    seen: set[tuple[str, int]] = set()
    for verdict in sorted(verdicts, key=lambda v: v.sample_index):
        key = (verdict.task_id, verdict.sample_index)
        if verdict.task_id not in by_problem:
            raise InputError(f"labels: task_id {verdict.task_id!r} is not among the problems")
        if key in seen:
            raise InputError(f"labels: sample {key[1]} of {key[0]!r} is labelled twice")
        seen.add(key)
        if verdict.label == INFRA_ERROR:
            raise InputError(
                f"labels: sample {verdict.sample_index} of {verdict.task_id!r} is INFRA_ERROR: it "
                "could not be executed, so nothing can be said of it; run execute again"
            )
        by_problem[verdict.task_id].append(verdict)
    _check_complete(by_problem, samples)
    results = [
        ProblemResult(task_id=task_id, labels=[v.label for v in found])
        for task_id, found in by_problem.items()
    ]
    counts = Counter(label for result in results for label in result.labels)
    tokens = [s.n_tokens for s in samples if s.n_tokens is not None]
    return Evaluation(
        n_problems=len(results),
        n_samples=len(results[0].labels),
        pass_at_1=sum(result.pass_rate for result in results) / len(results),
        counts={label: counts[label] for label in LABELS if counts[label]},
        mean_tokens=round(sum(tokens) / len(tokens), 2) if tokens else None,
        problems=results,
        protocol={key: value for key, value in samples_meta.items() if key != "prompts"},
        validator=labels_meta["validator"],
        versions=versions,
    )


def _check_complete(by_problem: Mapping[str, list[Verdict]], samples: Sequence[Sample]) -> None:
    labelled = {(v.task_id, v.sample_index) for found in by_problem.values() for v in found}
    drawn = {(s.task_id, s.sample_index) for s in samples}
    if labelled != drawn:
        task_id, index = min(labelled ^ drawn)
        raise InputError(f"sample {index} of {task_id!r} has no label, or the label no sample")
    sizes = {task_id: len(found) for task_id, found in by_problem.items()}
    expected = max(sizes.values())
    short = next((task_id for task_id, size in sizes.items() if size != expected), None)
    if short is not None or not expected:
        raise InputError(
            f"problem {short!r} has {sizes.get(short or '', 0)} samples, not {expected}"
        )
