import errno
import gzip
import json
import logging
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from builders import data_file, write_lines
from failpairs.errors import InputError
from failpairs.exchange.samples import iterate_samples, sample_files
from failpairs.records import ForeignSample, Sample
from failpairs.storage.files import write_jsonl
from hypothesis import given, settings
from hypothesis import strategies as st


def read_samples(path: Path) -> list[Sample]:
    return list(iterate_samples(path))


def test_our_own_samples_are_read_as_they_are(tmp_path: Path) -> None:
    samples = [
        Sample(
            task_id="t",
            sample_index=index,
            completion="x",
            finish_reason="eos",
            n_tokens=3,
            sum_logprob=-1.5,
            seed=0,
        )
        for index in (4, 2)
    ]
    write_jsonl(tmp_path / "samples.jsonl", samples)
    assert read_samples(tmp_path / "samples.jsonl") == samples


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=20)), min_size=1),
    field=st.sampled_from(["completion", "solution"]),
    gzipped=st.booleans(),
)
def test_samples_of_other_tools_are_numbered_in_their_order(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], field: str, gzipped: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "others.jsonl"
    write_lines(path, *({"task_id": task_id, field: text} for task_id, text in rows))
    if gzipped:
        path.write_bytes(gzip.compress(path.read_bytes()))
    samples = read_samples(path)
    assert [(s.task_id, s.completion) for s in samples] == rows
    for task_id, count in Counter(task_id for task_id, _ in rows).items():
        assert [s.sample_index for s in samples if s.task_id == task_id] == list(range(count))


@pytest.mark.parametrize("form", ["completion", "solution"])
def test_samples_of_other_tools_may_be_read_as_answers_of_a_model(
    tmp_path: Path, form: str
) -> None:
    path = write_lines(tmp_path / "samples.jsonl", {"task_id": "t", form: "x"})
    assert list(iterate_samples(path, extract=True)) == [
        Sample(task_id="t", sample_index=0, completion="x")
    ]


def test_fields_of_other_tools_are_left_out(tmp_path: Path) -> None:
    row = {"task_id": "t", "completion": "x", "passed": True, "result": "passed"}
    (sample,) = read_samples(write_lines(tmp_path / "samples.jsonl", row))
    assert sample == ForeignSample(task_id="t", sample_index=0, completion="x", form="completion")


def test_a_completion_is_preferred_to_a_solution(tmp_path: Path) -> None:
    row = {"task_id": "t", "solution": "whole", "completion": "rest"}
    (sample,) = read_samples(write_lines(tmp_path / "samples.jsonl", row))
    assert sample.completion == "rest"


def test_numbered_and_unnumbered_rows_of_a_problem_get_different_indices(tmp_path: Path) -> None:
    rows = [
        {"task_id": "t", "sample_index": 1, "completion": "a"},
        {"task_id": "t", "completion": "b"},
    ]
    samples = read_samples(write_lines(tmp_path / "samples.jsonl", *rows))
    assert len({sample.sample_index for sample in samples}) == 2


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"task_id": "t"}, "not a sample"),
        ({"completion": "x"}, "not a sample"),
        ({"task_id": 1.5, "completion": "x"}, "field 'task_id'"),
        ({"task_id": ["t"], "completion": "x"}, "field 'task_id'"),
        ({"task_id": "t", "completion": None}, "field 'completion'"),
        ({"task_id": "t", "solution": ["x"]}, "field 'solution'"),
        ({"task_id": "t", "sample_index": -1, "completion": "x"}, "field 'sample_index'"),
        ({"task_id": "t", "sample_index": 0, "completion": "x", "pased": 1}, "field 'pased'"),
        ({"task_id": "t", "sample_index": 0}, "field 'completion'"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: dict[str, Any], fault: str) -> None:
    path = write_lines(tmp_path / "s.jsonl", {"task_id": "t", "completion": "x"}, row)
    with pytest.raises(InputError) as caught:
        read_samples(path)
    assert str(caught.value).startswith(f"{path}:2: {fault}")


def test_a_file_without_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no samples in it"):
        read_samples(write_lines(tmp_path / "samples.jsonl"))


PROGRAM = "def double(n):\n    return n * 2\n"
PROMPT = 'def double(n):\n    """Return n times two."""\n'
BODY = "    return n * 2\n"
IDS = ["Own/0", "Own/1"]


def solutions(*texts: str, task_id: str = "Own/0") -> list[Sample]:
    return [
        ForeignSample(task_id=task_id, sample_index=i, completion=text, form="solution")
        for i, text in enumerate(texts)
    ]


def write_json(path: Path, value: Any, indent: int | None = None) -> Path:
    path.write_text(json.dumps(value, indent=indent), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("Mbpp/1", "Mbpp/1"),
        ("mbpp/1", "Mbpp/1"),
        (1, "Mbpp/1"),
        ("1", "Mbpp/1"),
        ("1873_a", "livecodebench/1873_A"),
        ("HumanEval/2", "HumanEval/2"),
        ("SAME/3", "Same/3"),
    ],
)
def test_ids_are_matched_with_those_of_the_problems(
    tmp_path: Path, given: str | int, found: str
) -> None:
    ids = ["Mbpp/1", "HumanEval/2", "Mbpp/2", "livecodebench/1873_A", "Same/3"]
    path = write_lines(tmp_path / "s.jsonl", {"task_id": given, "completion": "x"})
    assert [sample.task_id for sample in iterate_samples(path, ids)] == [found]


@pytest.mark.parametrize("given", ["Mbpp/3", 2, "SAME/4", "Mbpp_1", "/1", ""])
def test_an_id_of_no_problem_or_of_several_is_refused(tmp_path: Path, given: str | int) -> None:
    ids = ["Mbpp/1", "HumanEval/2", "Mbpp/2", "Same/4", "same/4"]
    path = write_lines(tmp_path / "s.jsonl", {"task_id": given, "completion": "x"})
    with pytest.raises(InputError) as caught:
        list(iterate_samples(path, ids))
    assert str(caught.value).startswith(f"{path}:1: ")


def test_spellings_of_one_id_are_numbered_together(tmp_path: Path) -> None:
    rows = [{"task_id": task_id, "completion": "x"} for task_id in ("own/0", "Own/0", 0)]
    samples = iterate_samples(write_lines(tmp_path / "s.jsonl", *rows), IDS)
    assert [(s.task_id, s.sample_index) for s in samples] == [("Own/0", i) for i in range(3)]


@pytest.mark.parametrize("task_id", ["own/0", 0])
def test_our_own_samples_may_be_those_of_another_tool(tmp_path: Path, task_id: str | int) -> None:
    row = {"task_id": task_id, "sample_index": 7, "completion": "x", "form": "solution"}
    (sample,) = iterate_samples(write_lines(tmp_path / "s.jsonl", row), IDS)
    assert sample == ForeignSample(**{**row, "task_id": "Own/0"})


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_of_rows_is_read_as_rows(tmp_path: Path, indent: int | None) -> None:
    rows = [{"task_id": "Own/0", "solution": text} for text in ("a", "b")]
    assert read_samples(write_json(tmp_path / "s.json", rows, indent)) == solutions("a", "b")


def test_evalplus_folders_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 2, 0):
        file = tmp_path / "samples" / "Own_0" / f"{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(number), encoding="utf-8")
    (tmp_path / "samples" / "eval_results.json").write_text("{}", encoding="utf-8")
    expected = solutions("0", "2", "10")
    assert read_samples(tmp_path / "samples") == expected
    assert list(iterate_samples(tmp_path / "samples", IDS)) == expected
    underscored = iterate_samples(tmp_path / "samples", ["Own_0"])
    assert {sample.task_id for sample in underscored} == {"Own_0"}


def test_a_program_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "Own_0").mkdir()
    (tmp_path / "Own_0" / "0.py").write_bytes(b"\xff")
    with pytest.raises(InputError, match=r"Own_0/0\.py: not UTF-8"):
        read_samples(tmp_path)


@pytest.mark.parametrize("name", ["s.jsonl", "s.json", "s.eval", "folder"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=f"{name}: no such file"):
        read_samples(tmp_path / name)


def test_a_folder_of_anything_else_has_no_samples(tmp_path: Path) -> None:
    write_lines(tmp_path / "s.jsonl", {"task_id": "t", "completion": "x"})
    with pytest.raises(InputError, match="no samples in it"):
        read_samples(tmp_path)


@pytest.mark.parametrize("indent", [None, 2])
def test_evalplus_results_hold_samples(tmp_path: Path, indent: int | None) -> None:
    rows = [{"task_id": "Own/0", "solution": text, "base_status": "pass"} for text in ("a", "b")]
    path = write_json(
        tmp_path / "s_eval_results.json", {"hash": "0", "eval": {"Own/0": rows}}, indent
    )
    assert read_samples(path) == solutions("a", "b")


def test_bigcode_programs_come_in_the_order_of_the_problems(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_json(tmp_path / "generations.json", [["a", "b"], ["c"]])
    expected = [*solutions("a", "b"), *solutions("c", task_id="Own/1")]
    with caplog.at_level(logging.INFO):
        assert list(iterate_samples(path, IDS)) == expected
        assert not caplog.messages
        for _ in range(2):
            assert list(iterate_samples(path, [*IDS, "Own/2"])) == expected
    assert caplog.messages == [f"{path}: programs of the first 2 of 3 problems"]


@pytest.mark.parametrize(
    ("value", "ids", "fault"),
    [
        ([["a"], ["b"], ["c"]], IDS, ":3: a list of programs more than the 2 problems"),
        ([["a"]], [], ":1: lists of programs name no problems"),
        ([["a"], [None]], IDS, ":2: expected a list of programs, found None"),
        ([["a"], "b"], IDS, ":2: expected a JSON object or a list of programs"),
        ([["a"], None], IDS, ":2: expected a JSON object or a list of programs"),
        ([], IDS, ": no samples in it"),
        ([[], []], IDS, ": no samples in it"),
    ],
)
def test_bad_lists_of_programs_are_named(
    tmp_path: Path, value: Any, ids: list[str], fault: str
) -> None:
    path = write_json(tmp_path / "generations.json", value)
    with pytest.raises(InputError) as caught:
        list(iterate_samples(path, ids))
    assert str(caught.value).startswith(f"{path}{fault}")


def lm_eval_row(resps: Any, filtered: Any, **changes: Any) -> dict[str, Any]:
    doc = {"task_id": "Own/0", "prompt": PROMPT}
    return {"doc_id": 0, "doc": doc, "resps": resps, "filtered_resps": filtered, **changes}


@pytest.mark.parametrize(
    ("resps", "filtered", "form", "texts"),
    [
        ([[BODY, "x"]], [[PROMPT + BODY, PROMPT + "x"]], "solution", [PROMPT + BODY, PROMPT + "x"]),
        ([[BODY]], [BODY], "completion", [BODY]),
        ([["\n\n" + BODY]], ["\n\n" + BODY], "completion", ["\n\n" + BODY]),
        ([[PROGRAM]], [PROGRAM], "solution", [PROGRAM]),
        ([[f"{PROGRAM}```"]], [[PROGRAM]], "solution", [PROGRAM]),
        ([[f"{PROGRAM}```"]], [[""]], "solution", [""]),
        ([[BODY, PROGRAM[:5]]], [BODY], None, [BODY, PROGRAM[:5]]),
        ([[PROGRAM]], [[1.0]], "solution", [PROGRAM]),
        ([PROGRAM], None, "solution", [PROGRAM]),
    ],
    ids=[
        *("prompt and completion", "completion", "after blank lines", "program", "extracted"),
        *("nothing extracted", "the first of repetitions", "a number", "no filter"),
    ],
)
def test_lm_eval_samples_are_what_it_ran(
    tmp_path: Path, resps: Any, filtered: Any, form: str | None, texts: list[str]
) -> None:
    samples = read_samples(write_lines(tmp_path / "s.jsonl", lm_eval_row(resps, filtered)))
    assert [sample.completion for sample in samples] == texts
    assert [sample.sample_index for sample in samples] == list(range(len(texts)))
    if form is not None:
        assert {getattr(sample, "form", None) for sample in samples} == {form}


def test_only_the_first_filter_of_lm_eval_counts(tmp_path: Path) -> None:
    rows = [lm_eval_row([["x"]], [text], filter=name) for name, text in ("aA", "bB", "aA")]
    samples = read_samples(write_lines(tmp_path / "s.jsonl", *rows))
    assert [sample.completion for sample in samples] == ["A", "A"]


def test_scores_that_are_not_numbers_do_not_matter(tmp_path: Path) -> None:
    row = lm_eval_row([["x"]], ["x"], score=float("nan"))
    assert len(read_samples(write_lines(tmp_path / "s.jsonl", row))) == 1


def inspect_sample(text: Any, stop_reason: str = "stop", **changes: Any) -> dict[str, Any]:
    choice = {"message": {"role": "assistant", "content": text}, "stop_reason": stop_reason}
    return {"id": "Own/0", "epoch": 1, "output": {"choices": [choice]}, **changes}


def write_archive(path: Path, *samples: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", "{}")
        for number, sample in enumerate(samples, start=1):
            archive.writestr(f"samples/Own/0_epoch_{number}.json", json.dumps(sample))
    return path


@pytest.mark.parametrize("zipped", [False, True])
def test_inspect_logs_hold_answers_of_a_model(tmp_path: Path, zipped: bool) -> None:
    parts = [{"type": "reasoning", "reasoning": "Hm."}, {"type": "text", "text": "b"}]
    samples = [
        inspect_sample("a", id=0),
        inspect_sample(parts, "max_tokens"),
        inspect_sample("left out", error={"message": "no connection"}),
        {"id": "Own/0", "epoch": 3, "output": {"choices": [], "completion": "c"}},
    ]
    if zipped:
        path = write_archive(tmp_path / "log.eval", *samples)
    else:
        path = write_json(tmp_path / "log.json", {"eval": {"task": "t"}, "samples": samples}, 2)
    assert list(iterate_samples(path, IDS)) == [
        Sample(task_id="Own/0", sample_index=i, completion=text, finish_reason=reason)
        for i, (text, reason) in enumerate([("a", "stop"), ("b", "length"), ("c", None)])
    ]


def pack_with_zstandard(path: Path, damage: bytes = b"") -> None:
    """Compress the members of an archive as inspect_ai does, which zipfile cannot yet."""
    with zipfile.ZipFile(path) as archive:
        contents = {info.filename: archive.read(info) for info in archive.infolist()}
    packed = {
        name: pyarrow.compress(data, "zstd", asbytes=True) + damage
        for name, data in contents.items()
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in packed.items():
            archive.writestr(name, data)
    whole = bytearray(path.read_bytes())
    # Of each header: its mark, where it names the compression, and where the checksum and sizes.
    for mark, method, sizes in ((b"PK\x03\x04", 8, 14), (b"PK\x01\x02", 10, 16)):
        start = 0
        for name, data in contents.items():
            start = whole.index(mark, start)
            struct.pack_into("<H", whole, start + method, 93)
            values = zlib.crc32(data), len(packed[name]), len(data)
            struct.pack_into("<III", whole, start + sizes, *values)
            start += 4
    path.write_bytes(whole)


def test_logs_that_are_compressed_with_zstandard_are_read(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "log.eval", inspect_sample("a"), inspect_sample("b" * 999))
    expected = read_samples(path)
    pack_with_zstandard(path)
    assert read_samples(path) == expected
    damaged = write_archive(tmp_path / "bad.eval", inspect_sample("a"))
    pack_with_zstandard(damaged, damage=b"\0")
    with pytest.raises(InputError, match=r"bad\.eval: damaged log of inspect_ai"):
        read_samples(damaged)


def test_of_a_sample_that_was_tried_again_the_last_answer_counts(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "log.eval", inspect_sample("a"))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("samples/Own/0_epoch_1.json", json.dumps(inspect_sample("b")))
    assert [sample.completion for sample in read_samples(path)] == ["b"]


def test_a_log_that_no_python_can_unpack_is_refused(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "log.eval", inspect_sample("a"))
    # Both headers of an entry name its compression: 8 is deflate, 97 nothing that zipfile knows.
    path.write_bytes(path.read_bytes().replace(b"\x00\x00\x08\x00", b"\x00\x00\x61\x00"))
    with pytest.raises(InputError, match=r"log\.eval: cannot be read: .*compression"):
        read_samples(path)


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_a_damaged_log_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = write_archive(tmp_path / "log.eval", inspect_sample("a" * 1000))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(InputError, match=r"log\.eval: damaged log of inspect_ai"):
        read_samples(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_of_a_log_is_named(tmp_path: Path, method: int) -> None:
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("samples/0.json", json.dumps(inspect_sample("a" * 1000)))
    whole = bytearray(path.read_bytes())
    middle = whole.index(b"PK\x01\x02") // 2 + 20
    whole[middle : middle + 20] = bytes(20)
    path.write_bytes(whole)
    with pytest.raises(InputError, match=r"log\.eval: damaged log of inspect_ai: \w"):
        read_samples(path)


@pytest.mark.parametrize("status", ["started", "success"])
def test_a_log_without_samples_is_refused(tmp_path: Path, status: str) -> None:
    log = {"version": 2, "status": status, "eval": {"task": "t", "created": "2026-01-01"}}
    path = write_json(tmp_path / "log.json", log)
    with pytest.raises(InputError, match=r"log\.json:1: a log of inspect_ai without samples$"):
        read_samples(path)


def test_a_part_of_an_answer_without_a_text_counts_as_nothing(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": None}, {"type": "text", "text": "b"}]
    path = write_archive(tmp_path / "log.eval", inspect_sample(parts))
    assert [sample.completion for sample in read_samples(path)] == ["b"]


def test_a_program_that_nobody_may_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    (tmp_path / "Own_0").mkdir()
    (tmp_path / "Own_0" / "0.py").touch()
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match=r"Own_0/0\.py: cannot be read: Permission denied$"):
        read_samples(tmp_path)


def test_livecodebench_files_hold_programs_or_answers(tmp_path: Path) -> None:
    programs = [{"question_id": 0, "code_list": ["a", "b"], "output_list": ["x", "y"]}]
    answers = [{"question_id": "0", "output_list": ["x", "y"]}]
    path = write_json(tmp_path / "output.json", programs, 4)
    assert list(iterate_samples(path, IDS)) == solutions("a", "b")
    path = write_json(tmp_path / "output.json", answers, 4)
    assert list(iterate_samples(path, IDS)) == [
        Sample(task_id="Own/0", sample_index=i, completion=text) for i, text in enumerate("xy")
    ]


BAD: list[Any] = [None, [], {}, 3, "x", [None], [[None]], {"x": None}, [{}]]


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_rows_of_any_format_with_a_bad_field_are_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    rows: list[dict[str, Any]] = [
        {"task_id": "t", "completion": "x"},
        {"task_id": "t", "sample_index": 0, "completion": "x", "form": "solution"},
        {"eval": {"t": [{"task_id": "t", "solution": "x"}]}},
        lm_eval_row([["x"]], ["x"], filter="f"),
        {"eval": {}, "samples": [inspect_sample("x")]},
        {"question_id": "t", "code_list": ["x"]},
        {"question_id": "t", "output_list": ["x"]},
    ]
    row = data.draw(st.sampled_from(rows))
    field = data.draw(st.sampled_from(sorted(row)))
    path = tmp_path_factory.getbasetemp() / "bad.jsonl"
    write_lines(path, {**row, field: data.draw(st.sampled_from(BAD))})
    try:
        read_samples(path)
    except InputError as error:
        assert str(error).startswith(str(path))


def test_published_samples_are_read_whole() -> None:
    path = data_file("published_samples.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = [row["completion"] if "completion" in row else row["solution"] for row in rows]
    samples = read_samples(path)
    assert len(samples) == 7862
    assert [s.completion for s in samples] == texts
    assert len({(s.task_id, s.sample_index) for s in samples}) == len(samples)


def test_the_files_of_samples_are_a_file_or_all_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "HumanEval_0").mkdir()
    paths = [tmp_path / "HumanEval_0" / f"{number}.py" for number in range(2)]
    for path in paths:
        path.touch()
    assert sample_files(tmp_path) == paths
    assert sample_files(paths[1]) == [paths[1]]
