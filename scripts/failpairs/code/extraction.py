"""From what a model wrote to a program that can be run, or to the reason why there is none.

`turns.py` leaves out the model's thoughts and what follows the end of its turn, `fences.py` divides
the rest, and `blocks.py` tells code from prose. Nothing that does not parse is mended.
"""

import ast
import re
from collections.abc import Callable, Iterable, Sequence

from failpairs.code.blocks import Block, find_blocks, name_to_define, whole_block
from failpairs.code.fences import BYTE_ORDER_MARK, Piece, split_at_fences
from failpairs.code.syntax import bound_names, preamble, source_of, used_names
from failpairs.code.turns import answer_of
from failpairs.records import Problem

REFUSAL = re.compile(
    r"\b(i(['’]m| am) (sorry|unable|not able)|i (can ?not|can['’]t|won['’]t)|as an ai\b|sorry, )",
    re.IGNORECASE,
)


def extract_program(problem: Problem, completion: str) -> tuple[str | None, str]:
    """The program that a completion stands for.

    Both kinds of completion are understood: one that continues the prompt (its first statement is
    indented) and one that writes the function anew (what the prompt holds besides the function,
    imports and helpers, is put before it). A completion that is a program is taken as it stands.
    Otherwise the last finished block that defines the entry point counts, with the imports and
    definitions that it needs from other blocks.

    Returns:
        (program, "") or (None, label) with the label EMPTY, REFUSAL, NO_CODE or UNFINISHED_THOUGHT.
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
    start, _, end = completion.rpartition(code.rstrip("\n"))
    programs = (text for text in change(before + code) if text.startswith(before))
    return [start + text.removeprefix(before).rstrip("\n") + end for text in programs]


def _parts(problem: Problem, completion: str) -> tuple[str, str | None, str]:
    """What is put before the code of a completion, that code, and the label where there is none."""
    text = completion.removeprefix(BYTE_ORDER_MARK)
    block = whole_block(problem, Piece(text, is_fenced=False, is_complete=True))
    blocks: list[Block] = []
    if block is None:
        answer, is_thinking = answer_of(text)
        pieces = split_at_fences(answer.removeprefix(BYTE_ORDER_MARK))
        blocks = [block for piece in pieces for block in find_blocks(problem, piece)]
        if not blocks:
            return "", None, _why_none(answer, is_thinking)
        block = max(reversed(blocks), key=lambda block: _rank(block, problem))
    if block.continues:
        return problem.prompt, block.code, ""
    future, code = _split_after_future(block)
    helpers = _helpers(block, blocks, name_to_define(problem))
    return future + preamble(problem.prompt, problem.entry_point) + helpers, code, ""


def _why_none(answer: str, is_thinking: bool) -> str:
    if is_thinking:
        return "UNFINISHED_THOUGHT"
    if not answer.strip():
        return "EMPTY"
    return "REFUSAL" if REFUSAL.search(answer) else "NO_CODE"


def _rank(block: Block, problem: Problem) -> tuple[int, ...]:
    """What makes a block the answer, the weightiest first."""
    name, piece = name_to_define(problem), block.piece
    is_script = problem.kind == "program"  # which need define nothing
    defines = is_script or block.defines(name)
    return (
        2 if defines or block.continues else block.binds(name),
        piece.is_complete,
        piece.is_fenced and defines,
        # A block is the answer even if it is wrong, but prose only looks like a wrong program.
        piece.is_fenced or block.tree is not None,
    )


def _helpers(block: Block, blocks: Sequence[Block], entry_point: str) -> str:
    """The imports, definitions and assignments of other blocks that a block needs."""
    if block.tree is None:
        return ""
    statements = [
        (node, source_of(other.code.split("\n"), node))
        for other in blocks
        if other is not block and other.tree is not None and not other.continues
        for node in other.tree.body
    ]
    wanted = used_names(block.tree, ast.Load) - used_names(block.tree, ast.Store) - {entry_point}
    needed: set[int] = set()
    while more := {
        place
        for place, (node, _) in enumerate(statements)
        if place not in needed and bound_names(node) & wanted
    }:
        needed |= more
        names = [used_names(statements[place][0], ast.Load) for place in more]
        wanted = wanted.union(*names) - {entry_point}
    return "".join(statements[place][1] for place in sorted(needed))


def _split_after_future(block: Block) -> tuple[str, str]:
    """Code up to its last import from __future__, before which nothing may be put, and the rest."""
    last = 0
    for node in block.tree.body if block.tree else []:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            last = node.end_lineno or 0
    lines = block.code.split("\n")
    return "".join(f"{line}\n" for line in lines[:last]), "\n".join(lines[last:])
