"""From what a model wrote to a program that can be run, or to the reason why there is none.

The text loses the model's thoughts and what follows the end of its turn. Fences divide the rest,
and the syntax tree tells code from prose: code is the longest run of lines that parses, unless what
follows it looks like code as well. Nothing that does not parse is mended.
"""

import ast
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from keyword import kwlist

from failpairs.code.fences import BYTE_ORDER_MARK, Piece, split_at_fences
from failpairs.code.syntax import binds, bound_names, preamble, source_of, used_names
from failpairs.records import Problem

UNQUOTED = r"(?<![\"'`]){}(?![\"'`])"  # programs that handle such tokens quote them
THINKING = r"(?:\w+[:_])?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|analysis|scratchpad)"
OPENING = (
    rf"^[ \t]*(?:<{THINKING}>|◁{THINKING}▷|(?-i:\[THINK\])|<\|(?:begin_of|start)_think(?:ing)?\|>"
    r"|<\|begin_of_thought\|>|<\|channel\|>(?:analysis|commentary)<\|message\|>)"
)
CLOSING = UNQUOTED.format(
    rf"(?:</{THINKING}>|◁/{THINKING}▷|(?-i:\[/THINK\])|<\|end_(?:of_)?(?:thought|think(?:ing)?)\|>"
    r"|<\|channel\|>final<\|message\|>)"
)
FLAGS = re.IGNORECASE | re.MULTILINE
OPENED = re.compile(OPENING, FLAGS)
CLOSED = re.compile(CLOSING, FLAGS)
THOUGHT = re.compile(rf"{OPENING}(?s:.*?){CLOSING}", FLAGS)
SPECIAL = r"<[|｜][^<>|｜\s]+[|｜]>|</?s>|<(?:bos|eos|(?:start|end)_of_turn|EOT|file_sep)>"
LEADING = re.compile(rf"\A(?:\s*(?:{SPECIAL}))+", re.IGNORECASE)
END = re.compile(
    UNQUOTED.format(
        r"(?:<[|｜](?![^|｜]*header)[^<>|｜\s]*(?:end|eo[tsmd]|return)[^<>|｜\s]*[|｜]>"
        r"|</s>|<(?:eos|end_of_turn|EOT|file_sep)>|(?-i:\[/?INST\]))"
    ),
    re.IGNORECASE,
)
TAG = re.compile(
    r"^[ \t]*(?:<(?:answer|solution|python|code)>|(?-i:\[(?:ANSWER|PYTHON|CODE|BEGIN)\]))"
    r"|(?:</(?:answer|solution|python|code)>|(?-i:\[(?:/ANSWER|/PYTHON|/CODE|DONE)\]))[ \t]*$",
    FLAGS,
)
# The beginnings of statements that do not parse as a line of their own, or not at all.
STATEMENT = re.compile(
    r"(?:async\s+)?def\s+\w+|class\s+\w+\s*[:(]|@\w|(?:else|try|finally)\s*:|(?:elif|except)\b.*:"
    r"|(?:import|from|return|yield|raise|assert|del|print|global|nonlocal)\b"
    r"|(?:if|while|for|with)\b.*[=_(\[]|[)\]}]|\"{3}|'{3}"
    r"|[\w.\[\]]+(?:\s*,\s*[\w.\[\]]+)*\s*(?:\*\*|//|<<|>>|[-+*/%&|^@])?=(?!=)"
)
HEADER = re.compile(r"\w\(.*\).*:\s*$")
CALL = re.compile(r"[\w.]+\(")
NAME = rf"\b(?!(?:{'|'.join([*kwlist, 'print'])})\b)[^\W\d]\w*"
TWO_NAMES = re.compile(rf"{NAME} {NAME}")  # which stand side by side in no program
QUOTED = re.compile(r"[\"'#].*")
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


@dataclass(frozen=True)
class _Block:
    """Lines that are code.

    Attributes:
        tree: None if they do not parse.
        continues: whether they go on where the prompt ends; the tree is then that of both.
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
        return not all(
            _is_prose(node) or (_is_value(node) and not self.continues) for node in tree.body
        )

    def rank(self, entry_point: str) -> tuple[int, ...]:
        """What makes a block the answer, the weightiest first."""
        defines = self._defines(entry_point)
        is_answer = 2 if defines or self.continues else self._binds(entry_point)
        is_block = self.piece.is_fenced and defines
        # A block that does not parse is still the answer; prose may only look like code.
        is_sound = self.piece.is_fenced or self.tree is not None
        return is_answer, self.piece.is_complete, is_block, is_sound

    def _defines(self, name: str) -> bool:
        if self.tree is None:
            return bool(re.search(rf"^[ \t]*(?:async )?def {re.escape(name)}\b", self.code, re.M))
        return any(name in bound_names(node) for node in self.tree.body if not _is_import(node))

    def _binds(self, name: str) -> int:
        return self.tree is not None and binds(self.tree, name)


def _parts(problem: Problem, completion: str) -> tuple[str, str | None, str]:
    """What is put before the code of a completion, that code, and the label where there is none."""
    text = completion.removeprefix(BYTE_ORDER_MARK)
    blocks = list(_literal(problem, Piece(text, is_fenced=False, is_complete=True)))
    if not blocks:
        text, is_thinking = _answer(text)
        blocks = [block for piece in split_at_fences(text) for block in _blocks_of(problem, piece)]
        if not blocks:
            return "", None, _reason(text, is_thinking)
    block = max(reversed(blocks), key=lambda block: block.rank(problem.entry_point))
    if block.continues:
        return problem.prompt, block.code, ""
    future, code = _split_after_future(block)
    helpers = _helpers(block, [b for b in blocks if b is not block], problem.entry_point)
    return future + preamble(problem.prompt, problem.entry_point) + helpers, code, ""


def _answer(text: str) -> tuple[str, bool]:
    """A text without thoughts and what follows the end of the turn, and whether it ends in a
    thought. The prompt may have opened the first thought."""
    text = CLOSED.split(THOUGHT.sub("", text))[-1]
    text, *thought = OPENED.split(text, maxsplit=1)
    text = END.split(LEADING.sub("", text), maxsplit=1)[0]
    return text.removeprefix(BYTE_ORDER_MARK), bool(thought)


def _reason(text: str, is_thinking: bool) -> str:
    if is_thinking:
        return "UNFINISHED_THOUGHT"
    if not text.strip():
        return "EMPTY"
    return "REFUSAL" if REFUSAL.search(text) else "NO_CODE"


def _literal(problem: Problem, piece: Piece) -> Iterator[_Block]:
    """A piece as a block, if all of it is code and nothing else."""
    continues = _is_indented(piece.text.split("\n"))
    tree = _parse(problem.prompt + piece.text if continues else piece.text)
    block = _Block(piece.text, tree, continues, piece)
    if (
        tree is not None
        and block.is_code
        and not (_is_prose(tree.body[0]) or _is_prose(tree.body[-1]))
    ):
        yield block


def _blocks_of(problem: Problem, piece: Piece) -> Iterator[_Block]:
    """The runs of lines of a piece that are code, or those in the texts of a JSON object."""
    values = _json_texts(piece.text)
    for value in values:
        yield from _blocks_of(problem, replace(piece, text=value))
    text = "" if values else piece.text if piece.is_fenced else TAG.sub("\n", piece.text)
    lines, before = text.split("\n"), ""
    while lines:
        length = 1
        if _begins_code(lines[0]):
            block, length = _run(problem, lines, piece)
            if block.continues and HEADER.search(before):  # of another function, or a garbled one
                block = replace(block, tree=None)
            if block.is_code:
                yield block
            if block.continues and not piece.is_fenced:
                return  # prose about the continuation, and what that quotes
        before, lines = lines[length - 1], lines[length:]


def _json_texts(text: str) -> list[str]:
    with suppress(ValueError, RecursionError):
        answer = json.loads(text, strict=False)
        if isinstance(answer, dict):
            return [value for value in answer.values() if isinstance(value, str)]
    return []


def _run(problem: Problem, lines: list[str], piece: Piece) -> tuple[_Block, int]:
    """The code at the beginning of lines, and of how many lines it is."""
    continues = _is_indented(lines)
    if continues:
        shifted = list(takewhile(lambda line: not line.strip() or line[0].isspace(), lines))
        code = textwrap.dedent("\n".join(shifted))
        block = _Block(code + "\n", _parse(code), False, piece)
        if block.tree is not None and block.rank(problem.entry_point)[0] == 2:
            return block, len(shifted)
    before = (problem.prompt if continues else "").split("\n")
    before, first = before[:-1], before[-1]
    whole = [*before, first + lines[0], *lines[1:]]
    end, tree = _longest(whole, len(before))
    if tree is None or (end < len(whole) and _begins_code(whole[end])):
        end, tree = len(whole), None
    while tree is not None and tree.body and _is_prose(tree.body[-1]):
        end = tree.body.pop().lineno - 1
    length = end - len(before)
    return _Block("\n".join(lines[:length]).strip("\n") + "\n", tree, continues, piece), length


def _longest(lines: Sequence[str], at_least: int) -> tuple[int, ast.Module | None]:
    """How many lines from the first on parse, at most, and their tree; a run ends before a line
    that is not indented."""
    end = len(lines)
    while end > at_least:
        try:
            return end, ast.parse("\n".join(lines[:end]))
        except SyntaxError as error:
            # No longer run can parse: it would hold this line too.
            end = min(error.lineno or end, end) - 1
        except (ValueError, RecursionError, MemoryError):
            end -= 1
        while end > at_least and (not lines[end].strip() or lines[end][0].isspace()):
            end -= 1
    return at_least, None


def _helpers(block: _Block, others: list[_Block], entry_point: str) -> str:
    """The imports, definitions and assignments of other blocks that a block needs."""
    if block.tree is None:
        return ""
    statements = [
        (node, source_of(other.code.split("\n"), node))
        for other in others
        if other.tree is not None and not other.continues
        for node in other.tree.body
        if entry_point not in bound_names(node)
    ]
    own = used_names(block.tree, ast.Store) | {entry_point}
    wanted = used_names(block.tree, ast.Load)
    needed: set[int] = set()
    while more := {
        place
        for place, (node, _) in enumerate(statements)
        if place not in needed and bound_names(node) & (wanted - own)
    }:
        needed |= more
        wanted |= {name for place in more for name in used_names(statements[place][0], ast.Load)}
    return "".join(statements[place][1] for place in sorted(needed))


def _split_after_future(block: _Block) -> tuple[str, str]:
    """Code up to its last import from __future__, before which nothing may be put, and the rest."""
    body = block.tree.body if block.tree else []
    ends = (
        node.end_lineno or 0
        for node in body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    )
    lines = block.code.split("\n")
    last = max(ends, default=0)
    return "".join(f"{line}\n" for line in lines[:last]), "\n".join(lines[last:])


def _is_indented(lines: Iterable[str]) -> bool:
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
    is_call = CALL.match(line) and line.count("(") > line.count(")")
    is_statement = is_call or STATEMENT.match(line)
    return bool(is_statement) and not TWO_NAMES.search(QUOTED.sub("", line))


def _is_prose(statement: ast.stmt) -> bool:
    """Whether a statement does nothing in Python, and is a note, a list or an output in prose."""
    match statement:
        case ast.Expr(value=ast.Constant()):
            return False
        case ast.Expr(value=ast.UnaryOp()) | ast.AnnAssign(value=None):
            return True
        case ast.Expr():
            return not any(isinstance(node, ast.Call) for node in ast.walk(statement))
    return False


def _is_value(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
