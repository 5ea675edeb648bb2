"""Sections of the configuration as options of the programs."""

import argparse
import shlex
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from failpairs.settings import Own, Section
from failpairs.workflow.validation import SectionType, section_from


def add_options(
    parser: argparse.ArgumentParser, kind: type[Section], only: Collection[str] = ()
) -> None:
    """Give a program an option for each key of a section, or for some of its keys.

    Keys that the workflow itself uses have none, unless they are named.
    """
    group = parser.add_argument_group(f"{kind.section} (as in the configuration)")
    for key, node in key_nodes(kind):
        if key in only or (not only and not is_own(kind, key)):
            _add_option(group, key, node)


def read_options(args: argparse.Namespace, kind: type[SectionType]) -> SectionType:
    """A section with the values of a program's options; keys without an option have their defaults.

    Raises:
        InputError: a value is out of range.
    """
    given = {key: getattr(args, key) for key in kind.model_fields if hasattr(args, key)}
    return section_from(kind, given)


def command_line(kind: type[Section], values: Mapping[str, Any], *only: str) -> str:
    """Values of a section, or of some of its keys, as the options of a program.

    They are quoted for the shell; `read_options` is the inverse.

    Example:
        >>> from failpairs.problems.settings import ProblemLimits
        >>> command_line(ProblemLimits, {"train": "mbpp", "limit": 5, "ngram": 10})
        '--limit=5 --ngram=10'
        >>> command_line(ProblemLimits, {"train": "mbpp", "limit": 5, "ngram": 10}, "limit")
        '--limit=5'
    """
    words: list[str] = []
    for key in kind.model_fields:
        if key not in values or (key not in only and (only or is_own(kind, key))):
            continue
        flag, value = _flag(key), values[key]
        if isinstance(value, bool):
            words.append(flag if value else flag.replace("--", "--no-", 1))
        elif isinstance(value, list):
            words.extend([flag, *map(str, value)])
        else:
            words.append(f"{flag}={value}")
    return shlex.join(words)


def at_least_one(text: str) -> int:
    """A number of processes or threads, as an option of a program.

    Raises:
        ArgumentTypeError: it is none.
    """
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} should be a whole number from 1 on")
    return int(text)


def is_own(kind: type[Section], key: str) -> bool:
    """Whether the workflow itself uses a key, so that no program takes it as an option."""
    return any(isinstance(mark, Own) for mark in kind.model_fields[key].metadata)


def key_nodes(kind: type[Section]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The keys of a section, each with its node of the JSON schema."""
    yield from kind.model_json_schema()["properties"].items()


def key_text(node: Mapping[str, Any]) -> str:
    return " ".join(node["description"].split())


def _flag(key: str) -> str:
    return "--" + key.replace("_", "-")


def _add_option(group: Any, key: str, node: Mapping[str, Any]) -> None:
    default = node.get("default")
    text = key_text(node).replace("%", "%%")
    common = {"dest": key, "default": default, "help": f"{text} (default: {default})"}
    if node["type"] == "boolean":
        group.add_argument(_flag(key), action=argparse.BooleanOptionalAction, **common)
    elif node["type"] == "array":
        group.add_argument(_flag(key), nargs="*", metavar=key.upper(), **common)
    elif "enum" in node:
        group.add_argument(_flag(key), choices=node["enum"], **common)
    else:
        kind = {"integer": int, "number": float}.get(str(node["type"]), str)
        group.add_argument(_flag(key), type=kind, metavar=key.upper(), **common)
