"""Blocks: the lines of an answer that are code, told from prose by the syntax tree."""

import ast
import json
import re
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from keyword import kwlist

from failpairs.code.fences import Piece, is_in_string
from failpairs.code.syntax import binds, bound_names, parse_prompt
from failpairs.code.turns import without_tags
from failpairs.records import Problem

# The beginnings of statements that are wrong, or that do not parse as a line of their own.
STATEMENT = re.compile(
    r"(?:async\s+)?def\s+\w+|class\s+\w+\s*[:(]|@\w|(?:else|try|finally)\s*:|(?:elif|except)\b.*:"
    r"|(?:import|from|return|yield|raise|assert|del|print|global|nonlocal)\b"
    r"|(?:if|while|for|with)\b.*[=_(\[]|[)\]}]|\"{3}|'{3}"
    r"|[\w.\[\]]+(?:\s*,\s*[\w.\[\]]+)*\s*(?:\*\*|//|<<|>>|[-+*/%&|^@])?=(?!=)"
)
CALL = re.compile(r"[\w.]+\(")
HEADER = re.compile(r"\w\(.*\).*:\s*$")
NAME = rf"\b(?!(?:{'|'.join([*kwlist, 'print'])})\b)[^\W\d]\w*"
TWO_NAMES = re.compile(rf"{NAME} {NAME}")  # stand side by side in prose alone
ACTS = (ast.Call, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)  # more than values
QUOTED = re.compile(r"[\"'#].*")


@dataclass(frozen=True)
class Block:
    """Lines that are code.

    Attributes:
        tree: None if they do not parse.
        continues: whether they go on where the prompt ends; the tree is then that of both.
        piece: where they stand.
    """

    code: str
    tree: ast.Module | None
    continues: bool
    piece: Piece

    @property
    def is_code(self) -> bool:
        """Whether the lines are more than prose and values that happen to parse."""
        tree = _parse(textwrap.dedent(self.code)) if self.continues else self.tree
        if tree is None or (self.continues and not tree.body):
            return True
        is_idle = _is_prose_or_list if self.continues else _is_prose_or_value
        return not all(map(is_idle, tree.body))

    def defines(self, name: str) -> bool:
        """Whether they define a name at the top level, or would if they parsed."""
        if self.tree is None:
            head = rf"^[ \t]*(?:(?:async )?def|class) {re.escape(name)}\b"
            return bool(re.search(head, self.code, re.M))
        return any(
            name in bound_names(node)
            for node in self.tree.body
            if not isinstance(node, ast.Import | ast.ImportFrom)
        )

    def binds(self, name: str) -> bool:
        """Whether they bind a name anywhere, such as a method."""
        return self.tree is not None and binds(self.tree, name)


def name_to_define(problem: Problem) -> str:
    """The name that an answer defines at the top level: that of the function, or of the class.

    Example:
        >>> from types import SimpleNamespace
        >>> name_to_define(SimpleNamespace(entry_point="Solution.double"))
        'Solution'
    """
    return problem.entry_point.partition(".")[0]


def _can_continue(problem: Problem) -> bool:
    """Whether an answer may go on where the prompt ends: not behind the text of a task, such as one
    that asks for a script or for a method of a class that it only describes."""
    if problem.kind == "program":
        return False
    if "." not in problem.entry_point:
        return True
    try:
        return binds(parse_prompt(problem.prompt), name_to_define(problem))
    except (SyntaxError, ValueError):
        return False


def whole_block(problem: Problem, piece: Piece) -> Block | None:
    """A piece as a block, if all of it is code."""
    continues = _can_continue(problem) and _is_indented(piece.text.split("\n"))
    tree = _parse(problem.prompt + piece.text if continues else piece.text)
    block = Block(piece.text, tree, continues, piece)
    if tree is None or not block.is_code:
        return None
    return None if _is_prose(tree.body[0]) or _is_prose(tree.body[-1]) else block


def find_blocks(problem: Problem, piece: Piece) -> Iterator[Block]:
    """The blocks of a piece, or those in the texts of a JSON object."""
    texts = _json_texts(piece.text)
    for text in texts:
        yield from find_blocks(problem, replace(piece, text=text))
    whole = None if texts else whole_block(problem, piece)
    if whole is not None and not whole.continues:
        yield whole
    elif not texts:
        yield from _blocks_in_prose(problem, piece)


def _json_texts(text: str) -> list[str]:
    with suppress(ValueError, RecursionError):
        answer = json.loads(text, strict=False)
        if isinstance(answer, dict):
            return [value for value in answer.values() if isinstance(value, str)]
    return []


def _blocks_in_prose(problem: Problem, piece: Piece) -> Iterator[Block]:
    lines = (piece.text if piece.is_fenced else without_tags(piece.text)).split("\n")
    place = 0
    while place < len(lines):
        length = 0
        if _begins_code(lines[place]):
            block, length = _first_block(problem, lines[:place], lines[place:], piece)
            if block.is_code:
                yield block
            if block.continues and not piece.is_fenced:
                return  # what follows is about the continuation
        place += max(length, 1)  # a line that looked like code may be prose with the next lines


def _first_block(
    problem: Problem, before: list[str], lines: list[str], piece: Piece
) -> tuple[Block, int]:
    """The code that lines begin with, and of how many lines it is.

    Indented lines continue the prompt, or else are a whole program that is shifted.
    """
    if not _is_indented(lines):
        return _run("", lines, piece)
    shifted = list(takewhile(lambda line: not line.strip() or line[0].isspace(), lines))
    if not _can_continue(problem):
        return _run("", textwrap.dedent("\n".join(shifted)).split("\n"), piece)
    block, length = _run(problem.prompt, lines, piece)
    if block.tree is None or piece.is_fenced or any(map(str.strip, before)):
        code = textwrap.dedent("\n".join(shifted)).strip("\n") + "\n"
        whole = Block(code, _parse(code), False, piece)
        if whole.tree is not None and whole.defines(name_to_define(problem)):
            return whole, len(shifted)
    if before and HEADER.search(before[-1]):  # the body of a function whose name is garbled
        return Block(f"{before[-1]}\n{block.code}", None, False, piece), length
    return block, length


def _run(prompt: str, lines: list[str], piece: Piece) -> tuple[Block, int]:
    """Lines up to the first line of prose, as one block, and how many they are.

    Code that does not parse up to there is taken with all that follows it: a wrong program must not
    become another that is right.
    """
    prose = (i for i, line in enumerate(lines) if _is_prose_line(line))
    end = next((i for i in prose if i and not is_in_string(lines[:i])), len(lines))
    tree = _parse(prompt + "\n".join(lines[:end]))
    if tree is None:
        end = len(lines)
    while tree is not None and tree.body and _is_prose(tree.body[-1]):
        end = tree.body.pop().lineno - 1 - prompt.count("\n")
    code = "\n".join(lines[:end]).strip("\n") + "\n"
    return Block(code, tree, continues=prompt != "", piece=piece), end


def _is_prose_line(line: str) -> bool:
    return line.strip() != "" and not line[0].isspace() and not _begins_code(line)


def _is_indented(lines: list[str]) -> bool:
    """Whether the first statement is indented, or else the first comment."""
    written = [line for line in lines if line.strip()]
    statements = (line for line in written if not line.lstrip().startswith("#"))
    first = next(statements, None) or next(iter(written), "")
    return first[:1].isspace()


def _begins_code(line: str) -> bool:
    """Whether a line is a statement, or the beginning of one, or a wrong one."""
    line = line.strip()
    if not line:
        return False
    tree = _parse(f"{line} pass" if line.endswith(":") else line)
    if tree is not None:
        return not tree.body or not _is_prose(tree.body[0])
    is_open_call = CALL.match(line) and line.count("(") > line.count(")")
    is_statement = is_open_call or STATEMENT.match(line)
    return bool(is_statement) and not TWO_NAMES.search(QUOTED.sub("", line))


def _is_prose(statement: ast.stmt) -> bool:
    """Whether a statement does nothing in Python, and is a word or an item of a list in prose."""
    match statement:
        case ast.AnnAssign(value=None):
            return True
        case ast.Expr(value=value):
            kinds = {type(node) for node in ast.walk(value)}
            acts = not kinds.isdisjoint(ACTS) and not isinstance(value, ast.UnaryOp)
            return ast.Name in kinds and not acts
    return False


def _is_prose_or_value(statement: ast.stmt) -> bool:
    """Whether a statement does nothing, and may be an output."""
    if not isinstance(statement, ast.Expr):
        return _is_prose(statement)
    return _is_prose(statement) or not any(isinstance(n, ACTS) for n in ast.walk(statement))


def _is_prose_or_list(statement: ast.stmt) -> bool:
    """The same in a body, where a text or an ellipsis stands for what is missing."""
    is_constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return _is_prose_or_value(statement) and not is_constant


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
