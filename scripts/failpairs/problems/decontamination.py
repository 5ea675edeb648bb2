"""Keeps evaluation problems out of the training problems."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import TypedDict

from failpairs.code.syntax import normalised
from failpairs.problems.standard_input import own_words
from failpairs.records import Problem

PHRASING = 3  # tasks of a source that share words which are not those of a problem
MOST_VERSIONS = 20  # of one task in a source
Words = tuple[str, ...]


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
    ids in lower case, since MBPP's are written in both. Words that the prompts of three or more
    tasks of one evaluation source share do not count: they are phrasing of the benchmark, such as
    AtCoder's "Input is given from Standard Input in the following format". Copies of a problem are
    in other sources, or share most of their words.

    Returns:
        the problems kept, in their order, and a match for each problem dropped.
    """
    grams = _telling_grams(evaluation, ngram)
    references: dict[str, str] = {}
    names = {_name(problem): problem.task_id for problem in evaluation}
    for problem in evaluation:
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


def _telling_grams(evaluation: Sequence[Problem], ngram: int) -> dict[Words, str]:
    """The runs of words by which an evaluation problem is known, with the first that has them."""
    sources: dict[str, dict[Words, str]] = defaultdict(dict)
    for problem in evaluation:
        sources[problem.source].setdefault(_words(problem.prompt), problem.task_id)
    runs = {name: [set(_grams(words, ngram)) for words in of] for name, of in sources.items()}
    phrasing: set[Words] = set().union(*map(_phrasing, runs.values()))
    telling: dict[Words, str] = {}
    for prompts in sources.values():
        for words, task_id in prompts.items():
            for gram in _grams(words, ngram):
                if gram not in phrasing:
                    telling.setdefault(gram, task_id)
    return telling


def _phrasing(prompts: Sequence[set[Words]]) -> set[Words]:
    """The runs of words that prompts of three or more tasks share. Prompts that share more than
    half of their runs are versions of one task.

    Args:
        prompts: the runs of words of each.
    """
    holders: dict[Words, list[int]] = defaultdict(list)
    for number, grams in enumerate(prompts):
        for gram in grams:
            holders[gram].append(number)
    shared = Counter(
        pair
        for numbers in holders.values()
        if len(numbers) <= MOST_VERSIONS
        for pair in combinations(numbers, 2)
    )
    task = [*range(len(prompts))]
    for (one, other), count in shared.items():
        if 2 * count > min(len(prompts[one]), len(prompts[other])):
            kept, merged = task[one], task[other]
            task = [kept if each == merged else each for each in task]
    return {
        gram
        for gram, numbers in holders.items()
        if len({task[number] for number in numbers}) >= PHRASING
    }


def _match(
    problem: Problem,
    grams: dict[Words, str],
    references: dict[str, str],
    names: dict[tuple[str, str], str],
    ngram: int,
) -> Contamination | None:
    for gram in _grams(_words(problem.prompt), ngram):
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


def _words(prompt: str) -> Words:
    return tuple(re.findall(r"\w+", own_words(prompt).lower()))


def _grams(words: Words, n: int) -> list[Words]:
    return [words[i : i + n] for i in range(len(words) - n + 1)]
