"""The page on messages quotes messages that the project has."""

import ast
import re
from collections.abc import Iterator

import pytest
from failpairs.workflow.job_failures import ADVICE
from places import ROOT, SCRIPTS

PAGE = ROOT / "docs/troubleshooting.md"
HOLE = "…"  # what differs from case to case
HEADINGS = re.findall(r"^### `(.+)`$", PAGE.read_text(encoding="utf-8"), flags=re.M)
FORMAT = re.compile(r"%[-\d.]*[sdrfg]")  # of logging


def python_texts() -> Iterator[str]:
    """The texts of the library's code, without those that document it."""
    for path in (SCRIPTS / "failpairs").rglob("*.py"):
        nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
        documenting = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            if isinstance(node, ast.JoinedStr):
                yield "".join(map(literal, node.values))
            elif id(node) not in documenting:
                yield FORMAT.sub(HOLE, literal(node))


def literal(node: ast.AST) -> str:
    """The text of a string literal; of anything else a hole."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else HOLE


def other_texts() -> Iterator[str]:
    """The lines of the rules, with adjacent literals joined, of the templates and the Makefile."""
    for pattern in ("rules/*.smk", "scripts/**/*.j2", "Makefile"):
        for path in ROOT.glob(pattern):
            joined = re.sub(r'"\s*f?"', "", path.read_text(encoding="utf-8"))
            yield from re.sub(r"\{[^{}]*\}", HOLE, joined).splitlines()


TEXTS = [*python_texts(), *other_texts()]


def is_said(message: str) -> bool:
    """Whether a text of the project has a message, where its holes may hold anything."""
    return any(has_in_order(text, message.split(HOLE)) for text in TEXTS)


def has_in_order(text: str, parts: list[str]) -> bool:
    """Whether some parts occur in a text, one after the other."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def test_there_are_headings_and_none_twice() -> None:
    assert len(HEADINGS) >= 25
    assert len(set(HEADINGS)) == len(HEADINGS)


@pytest.mark.parametrize("message", HEADINGS)
def test_a_message_is_said_somewhere(message: str) -> None:
    assert len(message.replace(HOLE, "").strip()) > 12, "too little to find it by"
    assert is_said(message)


def test_a_message_that_nobody_says_would_be_noticed() -> None:
    assert is_said("the disk is full…: free some space and run again")
    assert not is_said("the disk is full…: free some space and run once more")
    assert not is_said("The troubleshooting page quotes messages")


def test_the_advice_after_a_failure_leads_to_the_page() -> None:
    assert str(PAGE.relative_to(ROOT)) in ADVICE
