"""Keeps evaluation problems out of the training problems."""

import re
from collections.abc import Sequence
from typing import TypedDict

from failpairs.code.syntax import normalised
from failpairs.problems.standard_input import own_words
from failpairs.records import Problem


class Contamination(TypedDict):
    """A training problem that was dropped, the evaluation problem it matches, and by what."""

    task_id: str
    eval_task_id: str
    reason: str
    match: str


def decontaminate(
    train: Sequence[Problem], evaluation: Sequence[Problem], ngram: int
) -> tuple[list[Problem], list[Contamination]]:
    """Drop training problems that share `ngram` consecutive words or a reference with evaluation,
    or are named like a problem of it and ask for the same function.

    Words are compared in lower case without punctuation, references up to names and layout, task
    ids in lower case, since MBPP's are written in both.

    Returns:
        the problems kept, in their order, and a match for each problem dropped.
    """
    grams: dict[tuple[str, ...], str] = {}
    references: dict[str, str] = {}
    names = {_name(problem): problem.task_id for problem in evaluation}
    for problem in evaluation:
        for gram in _grams(own_words(problem.prompt), ngram):
            grams.setdefault(gram, problem.task_id)
        if shape := _shape(problem):
            references.setdefault(shape, problem.task_id)
    kept: list[Problem] = []
    dropped: list[Contamination] = []
    for problem in train:
        match = _match(problem, grams, references, names, ngram)
        if match is None:
            kept.append(problem)
        else:
            dropped.append(match)
    return kept, dropped


def _match(
    problem: Problem,
    grams: dict[tuple[str, ...], str],
    references: dict[str, str],
    names: dict[tuple[str, str], str],
    ngram: int,
) -> Contamination | None:
    for gram in _grams(own_words(problem.prompt), ngram):
        if gram in grams:
            return Contamination(
                task_id=problem.task_id,
                eval_task_id=grams[gram],
                reason=f"{ngram} words",
                match=" ".join(gram),
            )
    same = references.get(_shape(problem))
    reason = "reference"
    # Contests number their tasks anew in every split, so a name alone tells nothing of a program.
    if same is None and problem.kind == "function":
        same, reason = names.get(_name(problem)), "task id"
    if same is None:
        return None
    return Contamination(task_id=problem.task_id, eval_task_id=same, reason=reason, match="")


def _shape(problem: Problem) -> str:
    """The reference up to names and layout; nothing without one, or if it is nested too deeply."""
    try:
        return normalised(problem.reference) if problem.reference else ""
    except RecursionError:
        return ""


def _name(problem: Problem) -> tuple[str, str]:
    return problem.task_id.casefold(), problem.entry_point


def _grams(text: str, n: int) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
