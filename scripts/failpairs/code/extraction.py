"""From what a model wrote to a program that can be run, or to the reason why there is none."""

import ast
import re
from collections.abc import Callable, Iterable

from failpairs.code.syntax import binds, preamble
from failpairs.records import Problem

RESIDUE = re.compile(r"<\|[a-z_]+\|>|</s>")
FENCE = re.compile(r"^[ \t]*```[^\n]*$", re.MULTILINE)
CODE_LINE = re.compile(r"^(def |async def |class |import |from \S+ import |@\w)", re.MULTILINE)
STATEMENT = re.compile(r"^([ \t]*)[^\s#].*", re.MULTILINE)
COMMENT = re.compile(r"^([ \t]*)#.*", re.MULTILINE)
REFUSAL = re.compile(
    r"\b(i(['’]m| am) (sorry|unable|not able)|i (can ?not|can['’]t|won['’]t)|as an ai\b|sorry, )",
    re.IGNORECASE,
)
PROSE_LINE = re.compile(r"^[A-Z][\w'’,!]*( [\w'’`(),.!\-]+)+[.:!]?$", re.MULTILINE)


def extract_program(problem: Problem, completion: str) -> tuple[str | None, str]:
    """The program that a completion stands for.

    Both kinds of completion are understood: one that continues the prompt (its first statement is
    indented) and one that writes the function anew (what the prompt holds besides the function,
    imports and helpers, is put before it). Of fenced blocks the first that defines the entry point
    counts, else the first; prose around code is left out.

    Returns:
        (program, "") or (None, label) with the label EMPTY, REFUSAL or NO_CODE.
    """
    before, code, label = _parts(problem, completion)
    return (None, label) if code is None else (before + code, "")


def replace_program(
    problem: Problem, completion: str, change: Callable[[str], Iterable[str]]
) -> list[str]:
    """Completions in which the program is changed and all around it is as it was.

    Args:
        change: gives other programs for one, in which what the prompt holds stays as it is.
    """
    before, code, _ = _parts(problem, completion)
    if code is None or code.rstrip("\n") not in completion:
        return []
    start, _, end = completion.partition(code.rstrip("\n"))
    programs = (text for text in change(before + code) if text.startswith(before))
    return [start + text.removeprefix(before).rstrip("\n") + end for text in programs]


def _parts(problem: Problem, completion: str) -> tuple[str, str | None, str]:
    """What is put before the code of a completion, that code, and the label where there is none."""
    anew = preamble(problem.prompt, problem.entry_point)
    if _is_program(completion, problem.entry_point):
        return anew, completion, ""
    text = RESIDUE.sub("", completion)
    if not text.strip():
        return "", None, "EMPTY"
    code = _code(text, problem.entry_point)
    if code is None:
        return "", None, "REFUSAL" if REFUSAL.search(text) else "NO_CODE"
    return problem.prompt if _continues(code) else anew, code, ""


def _code(text: str, entry_point: str) -> str | None:
    blocks = [block.strip("\n") for block in FENCE.split(text)]
    blocks = [block for block in blocks if block.strip()]
    definition = re.compile(rf"^[ \t]*(async )?def {re.escape(entry_point)}\b", re.MULTILINE)
    defining = [block for block in blocks if definition.search(block)]
    looking = [block for block in blocks if CODE_LINE.search(block) or _continues(block)]
    block = next(iter(defining or looking), None)
    return None if block is None else _without_prose(block) + "\n"


def _continues(code: str) -> bool:
    """Whether code goes on where a prompt ends: what stands first in it is indented."""
    first = STATEMENT.search(code) or COMMENT.search(code)
    if first is None or PROSE_LINE.match(first.group().strip()):
        return False
    return first.group(1) != ""


def _without_prose(block: str) -> str:
    if not PROSE_LINE.search(block) or _parses(block) or _parses(f"if True:\n{block}"):
        return block
    lines = block.split("\n")
    first_code = next((i for i, line in enumerate(lines) if CODE_LINE.match(line)), 0)
    if not any(PROSE_LINE.match(line) for line in lines[:first_code]) or _continues(block):
        first_code = 0
    after = enumerate(lines[first_code:], start=first_code)
    end = next((i for i, line in after if PROSE_LINE.match(line)), len(lines))
    return "\n".join(lines[first_code:end]).rstrip()


def _is_program(text: str, entry_point: str) -> bool:
    """Whether a text, just as it is, is a program that says what the entry point is."""
    tree = _parse(text)
    return tree is not None and binds(tree, entry_point)


def _parses(source: str) -> bool:
    return _parse(source) is not None


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
