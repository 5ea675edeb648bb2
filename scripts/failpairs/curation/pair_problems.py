"""Finds the problem that a preference pair of other people was made for."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from failpairs.code.syntax import Function, parse_prompt
from failpairs.exchange.pairs import ForeignPair
from failpairs.exchange.samples import spellings
from failpairs.records import Problem

KEY = 5  # words that a text is looked up by: fewer are shared by chance
CALLED = re.compile(r"\b([^\W\d]\w*)\s*\(")
Words = tuple[str, ...]


class ProblemNames:
    """Problems by their names, which people spell in several ways."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._by_id = {problem.task_id: problem for problem in problems}
        self._spellings = spellings([*self._by_id])

    def find(self, pair: ForeignPair) -> Problem | None:
        """The problem that a pair names, as samples may name it too, or None.

        A bare number counts only if the pair mentions the function of the problem, and never for a
        script, which has none: many files number their rows.
        """
        name = pair.task_id or ""
        problem = self._by_id.get(name) or self._by_id.get(self._spellings.get(name.lower(), ""))
        if (
            problem
            and name != problem.task_id
            and name.isdecimal()
            and (problem.kind == "program" or not _mentions(pair, problem))
        ):
            return None
        return problem


class ProblemIndex:
    """Problems by their names, by the words of their prompts and by their entry points."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        problems = [*problems]
        self._names = ProblemNames(problems)
        self._by_words: dict[Words, list[tuple[Words, Problem]]] = defaultdict(list)
        self._by_entry_point: dict[str, list[Problem]] = defaultdict(list)
        for problem in problems:
            for words in {_words(text) for text in (problem.prompt, _description(problem))}:
                if words:
                    self._by_words[words[:KEY]].append((words, problem))
            if problem.kind == "function":
                self._by_entry_point[_function(problem)].append(problem)

    def find(self, pair: ForeignPair) -> Problem | None:
        """The problem of a pair, or None where none or several can be meant.

        It is the one that the pair names; or else the one whose prompt or description, up to case,
        layout and punctuation, stands in the pair's prompt, the longest of them; or else the only
        one whose function the prompt calls or defines. Of several with the same text the one counts
        whose function the pair mentions.
        """
        named = self._names.find(pair)
        if named:
            return named
        text = pair.prompt_text
        found = self._standing_in(_words(text))
        if len(found) > 1:
            found = [problem for problem in found if _mentions(pair, problem)]
        elif not found:
            names = dict.fromkeys(CALLED.findall(text))
            found = [p for name in names for p in self._by_entry_point.get(name, [])]
        return found[0] if len(found) == 1 else None

    def _standing_in(self, words: Words) -> list[Problem]:
        """The problems with the longest text among those that stand in some words."""
        matches = [
            (len(text), problem)
            for start in range(max(1, len(words) - KEY + 1))
            for text, problem in self._by_words.get(words[start : start + KEY], [])
            if words[start : start + len(text)] == text
        ]
        longest = max((length for length, _ in matches), default=0)
        return list({p.task_id: p for length, p in matches if length == longest}.values())


def _words(text: str) -> Words:
    return tuple(re.findall(r"\w+", text.lower()))


def _mentions(pair: ForeignPair, problem: Problem) -> bool:
    """Whether the name of a problem's function stands in a pair."""
    text = f"{pair.prompt_text}\n{pair.chosen}\n{pair.rejected}"
    return bool(re.search(rf"\b{re.escape(_function(problem))}\b", text))


def _function(problem: Problem) -> str:
    return problem.entry_point.rpartition(".")[2]


def _description(problem: Problem) -> str:
    """What the first paragraph of a problem's docstring says, or nothing."""
    return next(iter(_docstrings(problem)), "").strip().partition("\n\n")[0]


def _docstrings(problem: Problem) -> Iterator[str]:
    try:
        tree = parse_prompt(problem.prompt)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, Function) and node.name == _function(problem):
            yield ast.get_docstring(node) or ""
