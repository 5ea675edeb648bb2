"""Pairs of other people: each format as it is published, what it means, and rows that are wrong."""

import errno
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from failpairs.errors import InputError
from failpairs.exchange.pairs import FORMATS, ForeignPair, pair_files, read_pairs, write_pairs
from trl.data_utils import extract_prompt

ASK = {"role": "user", "content": "Double n.\n"}
SYSTEM = {"role": "system", "content": "Be brief."}
RIGHT, WRONG = "return n * 2", "return n ** 2"


def says(content: str) -> dict[str, str]:
    return {"role": "assistant", "content": content}


def backwards(message: dict[str, str]) -> dict[str, str]:
    """The same message with its keys in the order of UltraFeedback."""
    return {"content": message["content"], "role": message["role"]}


ROWS: dict[str, list[dict[str, Any]]] = {
    "standard": [
        {"prompt": "def double(n):\n    ", "chosen": RIGHT, "rejected": WRONG},
        {"task_id": 7, "rejected": "é\ud800", "chosen": "", "prompt": " ", "rating": [1, None]},
    ],
    "conversational": [
        {"prompt": [SYSTEM, ASK], "chosen": [says(RIGHT)], "rejected": [says(WRONG)]},
        {"prompt": [{**ASK, "name": "Ada"}], "chosen": [says("a")], "rejected": [says("a")]},
    ],
    "implicit": [
        {"chosen": [ASK, says(RIGHT)], "rejected": [ASK, says(WRONG)], "score_chosen": 8.5},
        {"chosen": "Human: n?\n\nAssistant: yes", "rejected": "Human: n?\n\nAssistant: no"},
        {"chosen": "same", "rejected": "same"},
    ],
    "ultrafeedback": [
        {
            "prompt": ASK["content"],
            "prompt_id": "0f",
            "chosen": [backwards(ASK), backwards(says(RIGHT))],
            "rejected": [backwards(ASK), backwards(says(WRONG))],
            "score_chosen": 7.0,
        }
    ],
    "argilla": [
        {
            "source": "x",
            "instruction": ASK["content"],
            "chosen_response": RIGHT,
            "rejected_response": WRONG,
            "chosen_avg_rating": 4.5,
        },
        {"input": "n?", "system": "Be brief.", "chosen_response": "1", "rejected_response": "2"},
    ],
    "alpaca": [
        {"instruction": "Double n.", "input": "n = 2", "chosen": "4", "rejected": "5"},
        {"instruction": "Double 2.", "input": "", "chosen": "4", "rejected": "5"},
        {"system": "", "question": "2 + 2?", "chosen": "4", "rejected": "5", "rating": [9, 1]},
        {"system": "Be brief.", "input": "2 + 2?", "chosen": "4", "rejected": "5"},
    ],
    "sharegpt": [
        {
            "conversations": [{"from": "human", "value": "Double n.\n"}],
            "chosen": {"from": "gpt", "value": RIGHT},
            "rejected": {"from": "gpt", "value": WRONG},
        },
        {
            "conversations": [
                {"from": "system", "value": "Be brief."},
                {"from": "human", "value": "2?"},
                {"from": "gpt", "value": "2!"},
                {"from": "human", "value": "3?"},
            ],
            "chosen": {"value": "3!", "from": "gpt"},
            "rejected": {"value": "4!", "from": "gpt"},
        },
        {
            "system": "Be brief.",
            "conversations": [{"from": "human", "value": "2?"}],
            "chosen": {"from": "gpt", "value": "2!"},
            "rejected": {"from": "gpt", "value": "3!"},
        },
    ],
}


def as_lines(rows: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def read(tmp_path: Path, *rows: Any) -> list[ForeignPair]:
    path = tmp_path / "pairs.jsonl"
    path.write_text(as_lines([*rows]), encoding="utf-8")
    return read_pairs(str(path))


def parts(pair: ForeignPair) -> tuple[object, str, str]:
    return pair.prompt, pair.chosen, pair.rejected


def test_every_format_has_rows_here() -> None:
    assert ROWS.keys() == {each.name for each in FORMATS}


@pytest.mark.parametrize("form", ROWS)
def test_what_is_read_is_written_as_the_same_bytes(tmp_path: Path, form: str) -> None:
    pairs = read(tmp_path, *ROWS[form])
    assert {pair.form for pair in pairs} == {form}
    assert "".join(write_pairs(pairs, form)) == as_lines(ROWS[form])


@pytest.mark.parametrize("form", ROWS)
def test_what_is_written_without_the_row_means_the_same(tmp_path: Path, form: str) -> None:
    pairs = read(tmp_path, *ROWS[form])
    bare = [replace(pair, row={}) for pair in pairs]
    again = read(tmp_path, *map(json.loads, write_pairs(bare, form)))
    assert list(map(parts, again)) == list(map(parts, pairs))


@pytest.mark.parametrize("form", ROWS)
def test_every_format_holds_the_same_pair(tmp_path: Path, form: str) -> None:
    chat = ForeignPair("x", 1, "conversational", [ASK], RIGHT, WRONG)
    again = read(tmp_path, *map(json.loads, write_pairs([chat], form)))
    prompt = ASK["content"] if form == "standard" else [ASK]
    assert list(map(parts, again)) == [(prompt, RIGHT, WRONG)]


def test_parts_are_what_their_formats_say(tmp_path: Path) -> None:
    first = {form: parts(read(tmp_path, *rows)[0]) for form, rows in ROWS.items()}
    assert first == {
        "standard": ("def double(n):\n    ", RIGHT, WRONG),
        "conversational": ([SYSTEM, ASK], RIGHT, WRONG),
        "implicit": ([ASK], RIGHT, WRONG),
        "ultrafeedback": ([ASK], RIGHT, WRONG),
        "argilla": ([ASK], RIGHT, WRONG),
        "alpaca": ([{"role": "user", "content": "Double n.\nn = 2"}], "4", "5"),
        "sharegpt": ([ASK], RIGHT, WRONG),
    }
    turns = read(tmp_path, *ROWS["sharegpt"])[1].prompt
    assert [turn["role"] for turn in turns if isinstance(turn, dict)] == [
        "system",
        "user",
        "assistant",
        "user",
    ]


@pytest.mark.parametrize("row", ROWS["implicit"])
def test_an_implicit_prompt_is_the_one_that_trl_extracts(
    tmp_path: Path, row: dict[str, Any]
) -> None:
    wanted = extract_prompt({key: row[key] for key in ("chosen", "rejected")})
    [pair] = read(tmp_path, row)
    sides = [
        [says(text)] if isinstance(row["chosen"], list) else text
        for text in (pair.chosen, pair.rejected)
    ]
    assert [pair.prompt, *sides] == [wanted[key] for key in ("prompt", "chosen", "rejected")]


def test_a_column_without_a_value_tells_no_format(tmp_path: Path) -> None:
    row = {"prompt": "a", "chosen": "b", "rejected": "c", "chosen_response": None}
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    assert [(pair.form, pair.prompt) for pair in read_pairs(str(path))] == [("standard", "a")]


def test_only_a_source_that_is_a_file_names_one() -> None:
    assert pair_files("jsonl:mine/pairs.jsonl") == [Path("mine/pairs.jsonl")]
    assert pair_files("hub:me/pairs@main:test") == []


def test_a_task_id_is_kept_as_text(tmp_path: Path) -> None:
    rows = [{**ROWS["standard"][0], "task_id": value} for value in ("mbpp/7", 7, None)]
    assert [pair.task_id for pair in read(tmp_path, *rows)] == ["mbpp/7", "7", None]


ALL = [row for rows in ROWS.values() for row in rows if "é" not in row.get("rejected", "")]


@pytest.mark.parametrize("marked", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("packed", [lambda data: data, gzip.compress], ids=["as is", "gzip"])
@pytest.mark.parametrize("indent", [None, 1])
def test_arrays_and_lines_are_read_gzipped_or_not(
    tmp_path: Path, marked: bytes, packed: Any, indent: int | None
) -> None:
    for name, text in (("a.json", json.dumps(ALL, indent=indent)), ("a.jsonl", as_lines(ALL))):
        (tmp_path / name).write_bytes(packed(marked + text.encode()))
        pairs = read_pairs(f"jsonl:{tmp_path / name}")
        assert [pair.row for pair in pairs] == ALL
        assert pairs[1].where == f"{tmp_path / name}:2"


@pytest.mark.parametrize("form", ROWS)
def test_parquet_is_read(tmp_path: Path, form: str) -> None:
    rows = ROWS[form][:1]
    pd.DataFrame(rows).to_parquet(tmp_path / "pairs.parquet")
    wanted = list(map(parts, read(tmp_path, *rows)))
    found = read_pairs(str(tmp_path / "pairs.parquet"))
    assert list(map(parts, found)) == wanted
    assert "".join(write_pairs(found, form)) == as_lines(rows)


def test_whole_numbers_of_parquet_stay_whole_where_some_are_missing(tmp_path: Path) -> None:
    rows = [{**ROWS["standard"][0], "task_id": value} for value in (7, None)]
    # As written without pandas, whose metadata would bring the type back.
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "pairs.parquet")
    pairs = read_pairs(str(tmp_path / "pairs.parquet"))
    assert [pair.task_id for pair in pairs] == ["7", None]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("set.py", "print(1)", "cannot be loaded from the Hub: Dataset scripts are no longer"),
        ("train.jsonl", "", "no pairs in it"),
        ("train.jsonl", '{"prompt": "a", "ch', "cannot be loaded from the Hub: .*JSON"),
    ],
)
def test_a_data_set_that_cannot_be_loaded_is_named_with_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, fault: str
) -> None:
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=f"^hub:{folder}: {fault}"):
        read_pairs(f"hub:{folder}")


def test_a_data_set_of_the_hub_has_splits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    folder = tmp_path / "set"
    folder.mkdir()
    for split, row in (("train", ROWS["sharegpt"][0]), ("test", ROWS["sharegpt"][1])):
        (folder / f"{split}.jsonl").write_text(as_lines([row]), encoding="utf-8")
    [pair] = read_pairs(f"hub:{folder}")
    assert (pair.chosen, pair.where) == (RIGHT, f"hub:{folder}:1")
    assert read_pairs(f"hub:{folder}:test")[0].chosen == "3!"
    with pytest.raises(InputError, match='cannot be loaded from the Hub: Unknown split "other"'):
        read_pairs(f"hub:{folder}:other")
    with pytest.raises(InputError, match="cannot be loaded from the Hub"):
        read_pairs(f"hub:{tmp_path / 'nothing'}")
    with pytest.raises(InputError, match="expected one of jsonl:PATH, hub:NAME, hub:NAME@"):
        read_pairs("hub:a:b:c")


def test_scores_that_are_not_numbers_do_not_matter(tmp_path: Path) -> None:
    row = {**ROWS["standard"][0], "score": float("nan")}
    for name, text in (("lines", json.dumps(row)), ("array", json.dumps([row], indent=1))):
        path = tmp_path / f"{name}.json"
        path.write_text(text, encoding="utf-8")
        assert read_pairs(str(path))[0].chosen == RIGHT


STANDARD, CHAT = ROWS["standard"][0], ROWS["conversational"][0]
SHARED = ROWS["sharegpt"][0]
WRONG_ROWS: dict[str, tuple[Any, str]] = {
    "an array": ([1], "expected a JSON object"),
    "null": (None, "expected a JSON object"),
    "nothing": ({}, "not a pair: no field tells its format (sharegpt: conversations; argilla: "),
    "no rejected side": ({"prompt": "a", "chosen": "b"}, "field 'rejected' is missing"),
    "a null": ({**STANDARD, "chosen": None}, "field 'chosen': expected a text, not null"),
    "a number": ({**STANDARD, "rejected": 4}, "field 'rejected': expected a text, not a number"),
    "an object": ({**STANDARD, "prompt": {}}, "field 'prompt': expected a text, not an object"),
    "no prompt": ({**STANDARD, "prompt": ""}, "field 'prompt': expected a text, but it is empty"),
    "a truth value": ({**STANDARD, "task_id": True}, "'task_id': expected a text, not a truth"),
    "a text for a list": ({**CHAT, "chosen": "a"}, "field 'chosen': expected a list of messages"),
    "no messages": ({**CHAT, "prompt": []}, "field 'prompt': expected a list of messages, but"),
    "no message": ({**CHAT, "prompt": [1]}, "'prompt': expected a list of objects, not a number"),
    "no content": (
        {**CHAT, "prompt": [ASK, {"role": "user", "content": None}]},
        "field 'prompt', message 2: field 'content': expected a text, not null",
    ),
    "two answers": (
        {**CHAT, "rejected": [says("a"), ASK]},
        "field 'rejected': expected one message of the assistant after the prompt, but there is "
        "assistant, user",
    ),
    "the user answers": ({**CHAT, "chosen": [ASK]}, "of the assistant after the prompt, but"),
    "nothing in common": (
        {"chosen": [says("a")], "rejected": [says("b")]},
        "field 'chosen': expected the same beginning as in 'rejected'",
    ),
    "empty texts": ({"chosen": "", "rejected": ""}, "expected the same beginning"),
    "one list": ({"chosen": [ASK], "rejected": "a"}, "'rejected': expected a list of messages"),
    "an empty instruction": (
        {"instruction": "", "input": None, "chosen": "a", "rejected": "b"},
        "field 'instruction': expected a text, but it is empty",
    ),
    "earlier turns": (
        {"instruction": "a", "history": [["b", "c"]], "chosen": "a", "rejected": "b"},
        "field 'history'",
    ),
    "a list of instructions": (
        {"instruction": ["a"], "chosen": "a", "rejected": "b"},
        "field 'instruction': expected a text, not a list",
    ),
    "a side that is a text": (
        {**SHARED, "chosen": "a"},
        "field 'chosen': expected an object with the keys from and value",
    ),
    "an unknown role": (
        {**SHARED, "conversations": [{"from": "tool", "value": "a"}]},
        "field 'conversations', message 1: field 'from': 'tool' should be one of human, gpt, sys",
    ),
    "no conversation": ({**SHARED, "conversations": 1}, "'conversations': expected a list of"),
    "a system in a list": ({**SHARED, "system": []}, "field 'system': expected a text, not a list"),
}


@pytest.mark.parametrize("name", WRONG_ROWS)
def test_a_wrong_row_is_named_with_file_row_and_field(tmp_path: Path, name: str) -> None:
    row, fault = WRONG_ROWS[name]
    with pytest.raises(InputError) as caught:
        read(tmp_path, STANDARD, row)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'pairs.jsonl'}:2: ")
    assert fault in message
    assert "\n" not in message


WRONG_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no pairs in it"),
    "blank": (b"\n \n", "no pairs in it"),
    "an empty array": (b"[]", "no pairs in it"),
    "cut": (b'{"prompt": "a", "ch', "not valid JSON"),
    "a cut array": (as_lines([STANDARD]).join("[]").encode()[:-3], "not valid JSON"),
    "cut gzip": (gzip.compress(as_lines([STANDARD] * 99).encode())[:-12], "damaged gzip file"),
    "no UTF-8": (b'{"prompt": "\xff"}', "not UTF-8"),
    "cut parquet": (b"PAR1abc", "cannot be read as parquet"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    data, fault = WRONG_FILES[name]
    path = tmp_path / "pairs"
    path.write_bytes(data)
    with pytest.raises(InputError, match=fault) as caught:
        read_pairs(str(path))
    assert str(caught.value).startswith(str(path))


def test_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pairs.jsonl"
    path.touch()

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything
    with pytest.raises(InputError, match=r"pairs\.jsonl: "):
        read_pairs(str(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(InputError, match=r"no such file|a folder"):
            read_pairs(f"jsonl:{path}")


def test_turns_that_a_format_has_no_place_for_are_refused(tmp_path: Path) -> None:
    pairs = read(tmp_path, *ROWS["sharegpt"])
    for form in ("standard", "alpaca"):
        with pytest.raises(InputError, match="jsonl:2: a conversation of several turns"):
            list(write_pairs(pairs[:2], form))
    [written] = write_pairs(pairs[2:], "alpaca")
    assert json.loads(written)["system"] == "Be brief."
