"""Preference pairs of other people, in the formats in which they are published.

A new format is an entry of `FORMATS`.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import starmap
from operator import eq
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.storage.files import read_values, reading
from failpairs.storage.hub import fetch_snapshot

Message = dict[str, str]  # a `role` and a `content`
Parts = tuple[str | list[Message], str, str]  # prompt, chosen and rejected side

FORMS = ("jsonl:PATH", "hub:NAME", "hub:NAME@REVISION:SPLIT")
SOURCES = ("jsonl:PATH", "hub:NAME@REVISION:SPLIT")  # in a configuration
HUB = re.compile(r"hub:([^@:]+)(?:@([^@:]+))?(?::([^@:]+))?")
PATTERN = rf"jsonl:.+|{HUB.pattern}"
PARQUET = b"PAR1"
ROLES = {"human": "user", "gpt": "assistant", "system": "system"}  # of ShareGPT
ROLES_BACK = {role: name for name, role in ROLES.items()}
ASKED = ("prompt", "instruction", "question", "input")  # columns that together ask for the answer


@dataclass(frozen=True)
class ForeignPair:
    """A preference pair of another tool.

    Attributes:
        source: its file or data set, and `number` its line, element or row there, from 1.
        form: the name of its format.
        prompt: a text that a model continues as it stands, or a conversation, which the chat
            template of a model turns into one.
        task_id: the problem that the row names, if it names any.
        row: the row that it was made of, whose layout it keeps where it is written again.
    """

    source: str
    number: int
    form: str
    prompt: str | list[Message]
    chosen: str
    rejected: str
    task_id: str | None = None
    row: Mapping[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """Its place, for messages."""
        return f"{self.source}:{self.number}"

    @property
    def prompt_text(self) -> str:
        """All that is said before the answers."""
        if isinstance(self.prompt, str):
            return self.prompt
        return "\n\n".join(message["content"] for message in self.prompt)


@dataclass(frozen=True)
class PairFormat:
    """A format of rows.

    Attributes:
        told_by: what tells it, for messages.
        tells: whether a row is in it; the first such format of `FORMATS` counts.
        read: gives the parts of a row, which stands at a place for messages.
        write: gives the fields that hold the parts of a pair.
    """

    name: str
    told_by: str
    tells: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Mapping[str, Any], str], Parts]
    write: Callable[[ForeignPair], dict[str, Any]]


def read_pairs(source: str) -> list[ForeignPair]:
    """The pairs of a file (JSON Lines, a JSON array, both also gzipped, or parquet) or of a data
    set of the Hub.

    Sides may be empty or identical, as they are in some published sets.

    Args:
        source: `PATH`, `jsonl:PATH` or `hub:NAME@REVISION:SPLIT`, without a revision the newest,
            without a split `train`.

    Raises:
        InputError: it cannot be read or holds no pairs, or a row is malformed.
    """
    name = source.removeprefix("jsonl:")
    pairs = [_pair(row, name, number) for number, row in _rows(name)]
    if not pairs:
        raise InputError(f"{name}: no pairs in it")
    return pairs


def pair_files(source: str) -> list[Path]:
    """The file that a source of pairs reads, if it is one.

    Example:
        >>> pair_files("jsonl:mine/pairs.jsonl"), pair_files("hub:me/pairs")
        ([PosixPath('mine/pairs.jsonl')], [])
    """
    return [Path(source.removeprefix("jsonl:"))] if source.startswith("jsonl:") else []


def write_pairs(pairs: Iterable[ForeignPair], form: str) -> Iterator[str]:
    """Pairs as lines of JSON in a format, by its name.

    A pair that was read in the same format keeps the order of its fields and those that no format
    knows, such as ratings.

    Raises:
        InputError: the format has no place for the turns of a conversation.
    """
    write = next(each.write for each in FORMATS if each.name == form)
    for pair in pairs:
        own = pair if pair.form == form else replace(pair, row={})
        yield json.dumps(_laid_over(own.row, write(own))) + "\n"


def _laid_over(old: Any, new: Any) -> Any:
    """A new value in the layout of an old one: keys in its order, and those that are only there."""
    if isinstance(old, Mapping) and isinstance(new, dict):
        same = {key: _laid_over(old[key], new[key]) for key in old if key in new}
        return {**old, **new, **same}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return list(map(_laid_over, old, new))
    return new


def _rows(source: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if source.startswith("hub:"):
        yield from enumerate(_rows_of_hub(source), start=1)
    elif _is_parquet(Path(source)):
        yield from enumerate(_rows_of_parquet(source), start=1)
    else:
        for number, row in read_values(Path(source), nan=True):  # as a score that is not ours
            if not isinstance(row, dict):
                raise InputError(f"{source}:{number}: expected a JSON object")
            yield number, row


def _is_parquet(path: Path) -> bool:
    if not path.is_file():
        return False
    with reading(path), path.open("rb") as file:
        return file.read(len(PARQUET)) == PARQUET


def _rows_of_parquet(path: str) -> list[dict[str, Any]]:
    import pandas as pd

    try:
        # Whole numbers would become floats where some are missing.
        table = pd.read_parquet(path, dtype_backend="numpy_nullable")
        text = table.to_json(orient="records", double_precision=15)
    except (OSError, ValueError, OverflowError) as error:
        raise InputError(f"{path}: cannot be read as parquet: {error}") from None
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def _rows_of_hub(source: str) -> Iterable[dict[str, Any]]:
    from datasets import load_dataset
    from datasets.exceptions import DatasetsError

    named = HUB.fullmatch(source)
    if named is None:
        raise InputError(f"pairs {source!r}: expected one of {', '.join(FORMS)}")
    name, revision, split = named.groups()
    is_local = Path(name).is_dir()
    folder = Path(name) if is_local else fetch_snapshot(source, name, "dataset", revision)
    try:
        rows: Iterable[dict[str, Any]] = load_dataset(str(folder), split=split or "train")
    except StopIteration:  # so the library says that a file is empty
        raise InputError(f"{source}: no pairs in it") from None
    except (OSError, ValueError, RuntimeError, DatasetsError) as error:
        why = error.__cause__ or error  # the library's own error may say only that there is a cause
        raise InputError(f"{source}: cannot be loaded from the Hub: {why}") from None
    return rows


def _pair(row: dict[str, Any], source: str, number: int) -> ForeignPair:
    where = f"{source}:{number}"
    given = {key: value for key, value in row.items() if value is not None}
    for each in FORMATS:
        if each.tells(given):
            prompt, chosen, rejected = each.read(row, where)
            task_id = _task_id(row, where)
            return ForeignPair(source, number, each.name, prompt, chosen, rejected, task_id, row)
    known = "; ".join(f"{each.name}: {each.told_by}" for each in FORMATS)
    raise InputError(f"{where}: not a pair: no field tells its format ({known})")


def _task_id(row: Mapping[str, Any], where: str) -> str | None:
    value = row.get("task_id")
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return None if value is None else str(value)
    return _text(row, "task_id", where)


def _expected(where: str, name: str, wanted: str, value: object) -> InputError:
    kinds = {str: "a text", list: "a list", dict: "an object", bool: "a truth value"}
    kind = "null" if value is None else kinds.get(type(value), "a number")
    return InputError(f"{where}: field {name!r}: expected {wanted}, not {kind}")


def _text(row: Mapping[str, Any], name: str, where: str) -> str:
    if name not in row:
        raise InputError(f"{where}: field {name!r} is missing")
    if not isinstance(row[name], str):
        raise _expected(where, name, "a text", row[name])
    return str(row[name])


def _list(row: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = row.get(name)
    if not isinstance(value, list):
        raise _expected(where, name, "a list of messages", value)
    if not value:
        raise InputError(f"{where}: field {name!r}: expected a list of messages, but it is empty")
    return value


def _messages(row: Mapping[str, Any], name: str, where: str) -> list[Message]:
    """A field that is a conversation, of each message only the role and the content."""
    found = []
    for place, message in enumerate(_list(row, name, where)):
        at = f"{where}: field {name!r}, message {place + 1}"
        if not isinstance(message, dict):
            raise _expected(where, name, "a list of objects", message)
        found.append({key: _text(message, key, at) for key in ("role", "content")})
    return found


def _answer(messages: Sequence[Message], name: str, where: str) -> str:
    """The text of a side, which is a single message of the assistant."""
    if [message["role"] for message in messages] != ["assistant"]:
        roles = ", ".join(message["role"] for message in messages) or "nothing"
        raise InputError(
            f"{where}: field {name!r}: expected one message of the assistant after the prompt, "
            f"but there is {roles}"
        )
    return messages[0]["content"]


def _sides(row: Mapping[str, Any], where: str) -> tuple[str, str]:
    return _text(row, "chosen", where), _text(row, "rejected", where)


def _read_standard(row: Mapping[str, Any], where: str) -> Parts:
    prompt = _text(row, "prompt", where)
    if not prompt:
        raise InputError(f"{where}: field 'prompt': expected a text, but it is empty")
    return prompt, *_sides(row, where)


def _write_standard(pair: ForeignPair) -> dict[str, Any]:
    return {"prompt": _single_text(pair), "chosen": pair.chosen, "rejected": pair.rejected}


def _read_conversational(row: Mapping[str, Any], where: str) -> Parts:
    chosen, rejected = (
        _answer(_messages(row, name, where), name, where) for name in ("chosen", "rejected")
    )
    return _messages(row, "prompt", where), chosen, rejected


def _write_conversational(pair: ForeignPair) -> dict[str, Any]:
    return {
        "prompt": _turns(pair),
        "chosen": [_by_assistant(pair.chosen)],
        "rejected": [_by_assistant(pair.rejected)],
    }


def _read_implicit(row: Mapping[str, Any], where: str) -> Parts:
    """Takes what both sides begin with as the prompt, as `trl.data_utils.extract_prompt` does."""
    if isinstance(row["chosen"], list):
        one, other = _messages(row, "chosen", where), _messages(row, "rejected", where)
        end = _first_difference(one, other)
        prompt: str | list[Message] = one[:end]
        chosen, rejected = (
            _answer(one[end:], "chosen", where),
            _answer(other[end:], "rejected", where),
        )
    else:
        text, second = _sides(row, where)
        end = _first_difference(text, second)
        end -= end > 0 and text[end - 1] == " "
        prompt, chosen, rejected = text[:end], text[end:], second[end:]
    if not prompt:
        raise InputError(f"{where}: field 'chosen': expected the same beginning as in 'rejected'")
    return prompt, chosen, rejected


def _first_difference(one: Sequence[object], other: Sequence[object]) -> int:
    """Where two sequences differ first; their last items are never taken to be shared."""
    same = list(starmap(eq, zip(one, other, strict=False)))
    return same.index(False) if False in same else max(0, len(same) - 1)


def _write_implicit(pair: ForeignPair) -> dict[str, Any]:
    if isinstance(pair.prompt, str):
        return {"chosen": pair.prompt + pair.chosen, "rejected": pair.prompt + pair.rejected}
    return {
        "chosen": [*pair.prompt, _by_assistant(pair.chosen)],
        "rejected": [*pair.prompt, _by_assistant(pair.rejected)],
    }


def _write_ultrafeedback(pair: ForeignPair) -> dict[str, Any]:
    turns = _turns(pair)
    prompt = pair.row.get("prompt", turns[-1]["content"])
    return {"prompt": prompt, **_write_implicit(replace(pair, prompt=turns))}


def _read_instruction(row: Mapping[str, Any], where: str, ending: str = "") -> Parts:
    if row.get("history"):
        raise InputError(f"{where}: field 'history': expected nothing; write conversations instead")
    given = [name for name in ASKED if row.get(name) not in (None, "")]
    if not given:
        raise InputError(f"{where}: field 'instruction': expected a text, but it is empty")
    asked = "\n".join(_text(row, name, where) for name in given)
    turns = [*_system(row, where), {"role": "user", "content": asked}]
    return turns, _text(row, f"chosen{ending}", where), _text(row, f"rejected{ending}", where)


def _write_instruction(pair: ForeignPair, ending: str = "") -> dict[str, Any]:
    *before, last = _turns(pair)
    if [message["role"] for message in before] not in ([], ["system"]):
        raise _no_place(pair)
    names = [name for name in ASKED if pair.row.get(name)] or ["instruction"]
    rest = "".join(f"\n{pair.row[name]}" for name in names[1:])
    has_system = before and "system" not in pair.row
    return {
        **({"system": before[0]["content"]} if has_system else {}),
        names[0]: last["content"].removesuffix(rest),
        f"chosen{ending}": pair.chosen,
        f"rejected{ending}": pair.rejected,
    }


def _read_sharegpt(row: Mapping[str, Any], where: str) -> Parts:
    turns = [
        _turn(turn, f"{where}: field 'conversations', message {place + 1}")
        for place, turn in enumerate(_list(row, "conversations", where))
    ]
    chosen, rejected = (
        _answer([_turn(row.get(name), f"{where}: field {name!r}")], name, where)
        for name in ("chosen", "rejected")
    )
    return [*_system(row, where), *turns], chosen, rejected


def _turn(turn: object, where: str) -> Message:
    """A turn of ShareGPT as a message."""
    if not isinstance(turn, dict):
        raise InputError(f"{where}: expected an object with the keys from and value")
    role = _text(turn, "from", where)
    if role not in ROLES:
        raise InputError(f"{where}: field 'from': {role!r} should be one of {', '.join(ROLES)}")
    return {"role": ROLES[role], "content": _text(turn, "value", where)}


def _write_sharegpt(pair: ForeignPair) -> dict[str, Any]:
    turns = _turns(pair)
    apart = pair.row.get("system")  # stands in a field of its own
    chosen, rejected = map(_by_assistant, (pair.chosen, pair.rejected))
    return {
        "conversations": list(map(_shared, turns[1:] if apart else turns)),
        "chosen": _shared(chosen),
        "rejected": _shared(rejected),
    }


def _shared(message: Message) -> dict[str, str]:
    role = message["role"]
    return {"from": ROLES_BACK.get(role, role), "value": message["content"]}


def _system(row: Mapping[str, Any], where: str) -> list[Message]:
    """The system's message, where a row has it in a field of its own."""
    if row.get("system") in (None, ""):
        return []
    return [{"role": "system", "content": _text(row, "system", where)}]


def _turns(pair: ForeignPair) -> list[Message]:
    if isinstance(pair.prompt, str):
        return [{"role": "user", "content": pair.prompt}]
    return pair.prompt


def _single_text(pair: ForeignPair) -> str:
    turns = _turns(pair)
    if [turn["role"] for turn in turns] != ["user"]:
        raise _no_place(pair)
    return turns[0]["content"]


def _no_place(pair: ForeignPair) -> InputError:
    return InputError(f"{pair.where}: a conversation of several turns has no place in this format")


def _by_assistant(text: str) -> Message:
    return {"role": "assistant", "content": text}


def _has_lists(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get("chosen"), list)


FORMATS = (
    PairFormat(
        "sharegpt",
        "conversations",
        lambda row: "conversations" in row,
        _read_sharegpt,
        _write_sharegpt,
    ),
    PairFormat(
        "argilla",
        "chosen_response",
        lambda row: "chosen_response" in row,
        lambda row, where: _read_instruction(row, where, "_response"),
        lambda pair: _write_instruction(pair, "_response"),
    ),
    PairFormat(
        "conversational",
        "prompt, a list of messages",
        lambda row: isinstance(row.get("prompt"), list),
        _read_conversational,
        _write_conversational,
    ),
    PairFormat(
        "ultrafeedback",
        "prompt, a text, and chosen, a list of messages",
        lambda row: "prompt" in row and _has_lists(row),
        _read_implicit,
        _write_ultrafeedback,
    ),
    PairFormat(
        "standard", "prompt, a text", lambda row: "prompt" in row, _read_standard, _write_standard
    ),
    PairFormat(
        "alpaca",
        "instruction, question or input",
        lambda row: not (_has_lists(row) or row.keys().isdisjoint(ASKED)),
        _read_instruction,
        _write_instruction,
    ),
    PairFormat("implicit", "chosen", lambda row: "chosen" in row, _read_implicit, _write_implicit),
)
