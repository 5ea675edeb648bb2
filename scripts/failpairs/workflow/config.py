"""The configuration: its schema, its validation, and the command-line options made from it."""

import argparse
import difflib
import json
import math
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from failpairs.errors import InputError

SCHEMA_PATH = Path(__file__).resolve().parents[3] / "config" / "config.schema.yaml"


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of the configuration, read from config/config.schema.yaml."""
    loaded: dict[str, Any] = yaml.safe_load(SCHEMA_PATH.read_text(encoding="utf-8"))
    return loaded


def resolved(node: Mapping[str, Any]) -> dict[str, Any]:
    """A schema node with its `$ref` into `$defs` filled in."""
    node = dict(node)
    reference = node.pop("$ref", None)
    if reference:
        node = {**schema()["$defs"][reference.rsplit("/", 1)[1]], **node}
    return node


def options_of(section: str) -> dict[str, dict[str, Any]]:
    """The keys of one section of the schema, each with its resolved node."""
    return {k: resolved(v) for k, v in schema()["properties"][section]["properties"].items()}


def validate_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """Check a configuration against the schema and return it with defaults filled in; a text where
    a list is wanted stands for a list of one.

    Raises:
        InputError: one line for each fault, naming the key and what would be right.
    """
    filled = _with_defaults(dict(config))
    faults = list(_faults(filled, schema())) or list(_conflicts(filled))
    if faults:
        raise InputError("; ".join(faults))
    return filled


def check_section(section: str, values: Mapping[str, Any]) -> None:
    """Check the values of one section, as they come from the command line.

    Raises:
        InputError: as `validate_config`.
    """
    node = {**schema()["properties"][section], "required": [], "$defs": schema()["$defs"]}
    faults = list(_faults(values, node, section))
    if faults:
        raise InputError("; ".join(faults))


def _with_defaults(config: dict[str, Any]) -> dict[str, Any]:
    for name, node in schema()["properties"].items():
        if node.get("type") != "object" and "default" in node:
            config.setdefault(name, node["default"])
        section = config.get(name, {})
        if node.get("type") != "object" or not isinstance(section, dict):
            continue
        options = options_of(name)
        defaults = {k: n["default"] for k, n in options.items() if "default" in n}
        lists = {k for k, n in options.items() if n.get("type") == "array"}
        single = {k: [v] for k, v in section.items() if k in lists and isinstance(v, str)}
        config[name] = {**defaults, **section, **single}
    return config


def _is_integer(checker: TypeChecker, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite_number(checker: TypeChecker, value: object) -> bool:
    return _is_integer(checker, value) or (isinstance(value, float) and math.isfinite(value))


# JSON Schema takes 20.0 for an integer and NaN for a number within any range.
_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_finite_number}
    ),
)


def _faults(values: Any, node: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    errors = _Validator(node).iter_errors(values)
    for error in sorted(errors, key=lambda e: [str(part) for part in e.absolute_path]):
        place = ".".join([*([prefix] if prefix else []), *map(str, error.absolute_path)])
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            yield from _unknown_keys(error, place)
        else:
            yield _explain(error, place)


def _unknown_keys(error: ValidationError, place: str) -> Iterator[str]:
    known = list(cast(dict[str, Any], error.schema)["properties"])
    for key in map(str, cast(dict[str, Any], error.instance)):
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known keys are {', '.join(known)}"
            yield f"config: {'.'.join(filter(None, [place, key]))}: unknown key; {hint}"


def _explain(error: ValidationError, place: str) -> str:
    hint = ""
    if error.validator == "type" and isinstance(error.instance, str) and _is_number(error.instance):
        hint = " (YAML reads 1e-5 as text: write 1.0e-5)"
    return f"config: {place or 'top level'}: {error.message}{hint}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _conflicts(config: Mapping[str, Any]) -> Iterator[str]:
    """What no single key shows."""
    for name in ("sampling", "evaluation"):
        section = config[name]
        if section["temperature"] == 0 and section["n_samples"] > 1:
            yield (
                f"config: {name}.n_samples: {section['n_samples']} greedy samples would all be the "
                f"same; set {name}.temperature above 0 or {name}.n_samples to 1"
            )
    if config["sampling"]["engine"] == "server":
        for key in ("server_url", "server_model"):
            if not config["inference"][key]:
                yield f"config: inference.{key}: sampling.engine server needs it"
    curation = config["curation"]
    if curation["min_similarity"] > curation["max_similarity"]:
        yield (
            f"config: curation.min_similarity: {curation['min_similarity']} is above "
            f"curation.max_similarity {curation['max_similarity']}"
        )
    training = config["training"]
    if training["batch_size"] % training["micro_batch_size"]:
        yield (
            f"config: training.micro_batch_size: {training['micro_batch_size']} does not divide "
            f"training.batch_size {training['batch_size']}"
        )


def add_options(
    parser: argparse.ArgumentParser,
    section: str,
    only: tuple[str, ...] = (),
    skip: tuple[str, ...] = (),
) -> None:
    """Give a program an option for each key of a section, or for some of them, with its text and
    default."""
    group = parser.add_argument_group(f"{section} (as in the configuration)")
    for key, node in options_of(section).items():
        if key not in skip and (not only or key in only):
            _add_option(group, key, node)


def _add_option(group: Any, key: str, node: Mapping[str, Any]) -> None:
    default = node.get("default")
    text = " ".join(node["description"].split()).replace("%", "%%")
    flag = "--" + key.replace("_", "-")
    common = {"dest": key, "default": default, "help": f"{text} (default: {default})"}
    if node.get("type") == "boolean":
        group.add_argument(flag, action=argparse.BooleanOptionalAction, **common)
    elif node.get("type") == "array":
        group.add_argument(flag, nargs="*", metavar=key.upper(), **common)
    elif "enum" in node:
        group.add_argument(flag, choices=node["enum"], **common)
    else:
        kind = {"integer": int, "number": float}.get(node["type"], str)
        group.add_argument(flag, type=kind, metavar=key.upper(), **common)


def section_values(args: argparse.Namespace, section: str) -> dict[str, Any]:
    """The values that a program's options give for a section, checked against the schema.

    Raises:
        InputError: a value is out of range.
    """
    values = {key: getattr(args, key) for key in options_of(section) if hasattr(args, key)}
    check_section(section, values)
    return values


def command_line(values: Mapping[str, Any]) -> str:
    """A section's values as the options of a program, quoted for the shell; the inverse of
    `section_values`."""
    words: list[str] = []
    for key, value in values.items():
        flag = "--" + key.replace("_", "-")
        if isinstance(value, bool):
            words.append(flag if value else "--no-" + key.replace("_", "-"))
        elif isinstance(value, list):
            words.extend([flag, *map(str, value)])
        else:
            words.append(f"{flag}={value}")
    return shlex.join(words)


def reported(config: Mapping[str, Any]) -> str:
    """A configuration as one shell word of JSON, without the section that changes no result."""
    return shlex.quote(json.dumps({k: v for k, v in config.items() if k != "inference"}))


def parameter_table() -> str:
    """The table of config/README.md: every key, its meaning, range and default, as Markdown."""
    lines = ["| key | meaning | range | default |", "| --- | --- | --- | --- |"]
    for name, node in schema()["properties"].items():
        node = resolved(node)
        keys = options_of(name) if node["type"] == "object" else {"": node}
        for key, option in keys.items():
            text = " ".join(option["description"].split()).replace("|", "\\|")
            default = f"`{option['default']}`" if "default" in option else "required"
            default = default.replace("``", "empty")
            full = f"{name}.{key}" if key else name
            lines.append(f"| `{full}` | {text} | {_range(option)} | {default} |")
    return "\n".join(lines) + "\n"


def _range(node: Mapping[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    bounds = []
    for key, sign in (
        ("minimum", "≥"),
        ("exclusiveMinimum", ">"),
        ("maximum", "≤"),
        ("exclusiveMaximum", "<"),
    ):
        if key in node:
            bounds.append(f"{sign} {node[key]}")
    kind = {"string": "text", "array": "list", "boolean": "true, false"}.get(
        node["type"], node["type"]
    )
    return " ".join([kind, ", ".join(bounds)]).strip()
