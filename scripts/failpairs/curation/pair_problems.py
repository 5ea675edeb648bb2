"""Finds the problem that a preference pair of other people was made for."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from failpairs.code.syntax import Function, parse_prompt
from failpairs.exchange.pairs import ForeignPair
from failpairs.records import Problem

KEY = 5  # words that a text is looked up by: fewer are shared by chance
CALLED = re.compile(r"\b([^\W\d]\w*)\s*\(")
Words = tuple[str, ...]


class ProblemIndex:
    """Problems by their names, by the words of their prompts and by their entry points."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._by_id: dict[str, Problem] = {}
        self._by_words: dict[Words, list[tuple[Words, Problem]]] = defaultdict(list)
        self._by_entry_point: dict[str, list[Problem]] = defaultdict(list)
        for problem in problems:
            self._by_id[problem.task_id] = problem
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
        if pair.task_id in self._by_id:
            return self._by_id[pair.task_id]
        text = pair.prompt_text
        found = self._standing_in(_words(text))
        if len(found) > 1:
            whole = f"{text}\n{pair.chosen}\n{pair.rejected}"
            found = [p for p in found if re.search(rf"\b{re.escape(_function(p))}\b", whole)]
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
