"""Tables of the documentation that are made from the code."""

import json
from collections.abc import Mapping
from typing import Any

from failpairs.labels import Label
from failpairs.markdown import table
from failpairs.workflow.arms import ARMS
from failpairs.workflow.config import Config, sections
from failpairs.workflow.options import key_nodes, key_text


def parameter_table(defaults: Mapping[str, Any]) -> str:
    """The table of config/README.md: every key, its meaning, its range and its value where a run
    does not set it, as Markdown.

    Args:
        defaults: the content of config.yaml.
    """
    lines = ["| key | meaning | range | in config.yaml |", "| --- | --- | --- | --- |"]
    lines += [
        _row(f"{kind.section}.{key}", node, defaults[kind.section][key])
        for kind in sections()
        for key, node in key_nodes(kind)
    ]
    nodes = dict(key_nodes(Config))
    lines += [_row(key, nodes[key], defaults[key]) for key in nodes if "description" in nodes[key]]
    return "\n".join(lines) + "\n"


def arm_table() -> str:
    """The table of README.md: every control arm, its pairs and what it shows, as Markdown."""
    rows = [(f"`{arm.name}`", arm.pairs, arm.shows) for arm in ARMS]
    return "\n".join(table(["arm", "pairs", "shows"], rows)) + "\n"


def label_table() -> str:
    """The table of docs/file-formats.md: every label and when it applies, as Markdown."""
    head = "label", "kind", "when (“it” is the program)", "exception, subclasses included"
    rows = []
    for label in Label:
        exception = f"`{label.exception.__name__}`" if label.exception else ""
        rows.append((f"`{label}`", label.kind, label.meaning, exception))
    return "\n".join(table(head, rows)) + "\n"


def with_table(page: str, name: str, made: str) -> str:
    """A page of Markdown with a table in the place between its two marks.

    Example:
        >>> page = "<!-- table of arms -->\\nold\\n<!-- end of the table -->\\n"
        >>> with_table(page, "arms", "new\\n").splitlines()[1]
        'new'
    """
    head, tail = f"<!-- table of {name} -->\n", "<!-- end of the table -->\n"
    before, _, rest = page.partition(head)
    _, _, after = rest.partition(tail)
    return before + head + made + tail + after


def _row(key: str, node: Mapping[str, Any], value: object) -> str:
    shown = (
        f"`{value if isinstance(value, str) else json.dumps(value)}`" if value != "" else "empty"
    )
    text = key_text(node).replace("|", "\\|")
    return f"| `{key}` | {text} | {_range(node)} | {shown} |"


def _range(node: Mapping[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if isinstance(node["type"], list):  # a number, or the text `auto`
        return f"`auto`, {_range({**node, 'type': node['type'][0]})}"
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = ", ".join(f"{sign} {node[bound]}" for bound, sign in signs.items() if bound in node)
    kind = {
        "string": "text",
        "array": "list",
        "boolean": "true, false",
        "object": "mapping",
    }.get(node["type"], node["type"])
    return f"{kind} {bounds}".strip()
