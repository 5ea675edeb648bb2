import errno
import gzip
import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from failpairs.errors import InputError
from failpairs.records import Sample
from failpairs.storage.files import (
    atomic_write,
    name_path_in_errors,
    parse_row,
    read_json,
    read_json_rows,
    read_jsonl,
    read_objects,
    read_values,
    sha256_file,
    sha256_json,
    staging,
    write_json,
    write_jsonl,
)
from hypothesis import given, settings
from hypothesis import strategies as st

any_text = st.text(st.characters(categories=None, exclude_categories=()), max_size=40)
samples = st.builds(
    Sample,
    task_id=st.text(min_size=1, max_size=10),
    sample_index=st.integers(min_value=0),
    completion=any_text,
    finish_reason=st.sampled_from(["eos", "stop", "length", None]),
    n_tokens=st.none() | st.integers(min_value=0),
    sum_logprob=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    seed=st.none() | st.integers(),
)
twenty_rows = b"".join(b'{"a": %d}\n' % number for number in range(20))


@settings(deadline=None, max_examples=30)
@given(rows=st.lists(samples, max_size=5), gzipped=st.booleans())
def test_rows_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Sample], gzipped: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "rows.jsonl"
    assert write_jsonl(path, rows) == len(rows)
    if gzipped:
        path.write_bytes(gzip.compress(path.read_bytes()))
    assert list(read_jsonl(path, Sample)) == rows


def test_a_failed_write_keeps_the_earlier_file_and_leaves_no_other(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("earlier")
    with pytest.raises(RuntimeError, match="halfway"), atomic_write(path) as file:
        file.write("new")
        raise RuntimeError("halfway")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("out.txt", "earlier")]


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "out.txt"
    with atomic_write(path) as file:
        file.write("a\n")
        file.flush()
        assert not path.exists()
    assert path.read_bytes() == b"a\n"


def write_and_be_killed(path: Path) -> None:
    with atomic_write(path) as file:
        file.write("half of a much longer te")
        file.flush()
        os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_writer_left_is_gone_with_the_next_write(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    writer = multiprocessing.get_context("spawn").Process(target=write_and_be_killed, args=(path,))
    writer.start()
    writer.join()
    [left] = tmp_path.iterdir()
    assert left.name.startswith(".") and left.read_text().startswith("half")
    with atomic_write(path) as file:
        file.write("whole\n")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("out.txt", "whole\n")]


def test_two_that_write_a_file_do_not_mix_it(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with atomic_write(path) as file:
        file.write("one\n")
        with pytest.raises(InputError, match="another process"):
            write_json(path, "two")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("out.txt", "one\n")]


def test_staged_files_appear_together_or_never(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    with staging(folder) as made:
        (made / "one").write_text("1")
        (made / "two").write_text("2")
        assert not (folder / "one").exists()
    names = {"one", "two"}
    assert {path.name for path in folder.iterdir()} == names
    with pytest.raises(RuntimeError), staging(folder) as made:
        (made / "one").write_text("another")
        raise RuntimeError
    assert (folder / "one").read_text() == "1"
    (folder / ".staging").mkdir()
    (folder / ".staging" / "half").touch()  # a killed process left it
    with staging(folder):
        pass
    assert {path.name for path in folder.iterdir()} == names


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), RuntimeError("I/O error: No space left on device")],
)
def test_a_full_disk_names_what_was_being_written(tmp_path: Path, error: Exception) -> None:
    with (
        pytest.raises(OSError, match=rf"No space left on device: '{tmp_path}/inner'"),
        name_path_in_errors(tmp_path / "outer"),
        name_path_in_errors(tmp_path / "inner"),
    ):
        raise error


def test_a_reader_of_the_earlier_file_is_not_disturbed(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_json(path, "earlier")
    with path.open(encoding="utf-8") as reader:
        write_json(path, "new")
        assert reader.read() == '"earlier"\n'
    assert read_json(path) == "new"


def test_what_json_cannot_hold_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": float("nan")})
    assert read_json(path) == {"a": 1}


def test_blank_lines_are_skipped_but_counted(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('\n{"a": 1}\n\n  \n{"a": 2}', encoding="utf-8")
    assert list(read_objects(path)) == [(2, {"a": 1}), (5, {"a": 2})]


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1}\n{"a": [2]}\n',
        b'\xef\xbb\xbf{"a": 1}\n{"a": [2]}\n',
        b'[{"a": 1}, {"a": [2]}]',
        b'\xef\xbb\xbf[\n {"a": 1}, {"a": [2]}\n]\n',
        b'[\n {\n  "a": 1\n },\n {\n  "a": [\n   2\n  ]\n }\n]\n',
    ],
    ids=["lines", "byte order mark", "array", "array after a mark", "pretty-printed"],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_rows_are_read_as_lines_or_as_an_array(
    tmp_path: Path, content: bytes, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(pack(content))
    assert list(read_objects(path)) == [(1, {"a": 1}), (2, {"a": [2]})]


@pytest.mark.parametrize("content", [b'{\n "a": 1,\n "b": 2\n}', b'{"a": 1,\n "b": 2}'])
def test_an_object_over_several_lines_is_one_row(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(content)
    assert list(read_objects(path)) == [(1, {"a": 1, "b": 2})]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'[{"a": 1},\n {"a": 2', ": not valid JSON: Expecting ',' delimiter at line 2"),
        (b'[{"a": 1}, 3]', ":2: expected a JSON object"),
        (b"{\n", ": not valid JSON"),
        (b"\xff\xfe{\x00}\x00", ":1: not UTF-8"),
    ],
)
def test_bad_values_are_named(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        list(read_objects(path))
    assert str(caught.value).startswith(f"{path}{fault}")


def test_infinities_are_read_where_they_may_be(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": Infinity}\n', encoding="utf-8")
    assert list(read_values(path, nan=True)) == [(1, {"a": float("inf")})]


def test_the_digest_of_a_folder_is_that_of_the_files_in_its_subfolders(tmp_path: Path) -> None:
    file = tmp_path / "t_0" / "0.py"
    file.parent.mkdir()
    file.write_text("pass", encoding="utf-8")
    digest = sha256_file(tmp_path)
    (tmp_path / "results.json").write_text("{}", encoding="utf-8")
    assert sha256_file(tmp_path) == digest
    file.write_text("passed", encoding="utf-8")
    assert sha256_file(tmp_path) != digest


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b'{"a": 1', "not valid JSON"),
        (b"[1, 2]", "expected a JSON object"),
        (b'"text"', "expected a JSON object"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": NaN}', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
    ],
    ids=["cut short", "array", "string", "Latin-1", "NaN", "too deeply nested"],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: bytes, fault: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"a": 1}\n' * 2000 + line + b"\n")
    with pytest.raises(InputError) as caught:
        list(read_objects(path))
    assert str(caught.value).startswith(f"{path}:2001: {fault}")


def test_a_truncated_gzip_names_the_line_after_the_last_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    whole = gzip.compress(b"".join(b'{"a": %d}\n' % number for number in range(20_000)))
    path.write_bytes(whole[: len(whole) // 2])
    last = 0
    with pytest.raises(InputError) as caught:
        for number, _ in read_objects(path):
            last = number
    assert last > 0
    assert str(caught.value).startswith(f"{path}:{last + 1}: damaged gzip file")


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_a_damaged_gzip_gives_its_rows_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.jsonl.gz"
    damaged = bytearray(gzip.compress(twenty_rows, mtime=0))
    place = data.draw(st.integers(2, len(damaged) - 1), label="place")
    damaged[place] ^= data.draw(st.integers(1, 255), label="changed bits")
    path.write_bytes(damaged)
    try:
        rows = [value for _, value in read_objects(path)]
    except InputError:
        return
    assert rows == [json.loads(line) for line in twenty_rows.splitlines()]


@pytest.mark.parametrize("content", [b"{", b"{'a': 1}", b""])
def test_a_file_that_is_not_json_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "value.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_json(path)
    assert str(caught.value).startswith(f"{path}: not valid JSON")


READERS = [read_json, lambda path: [*read_objects(path)], lambda path: [*read_json_rows(path)]]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("missing.json", "no such file"),
        ("file/missing.json", "no such file"),
        (".", "a folder; expected a file"),
        ("pipe", "a pipe or device; expected a file"),
        ("x" * 300, "cannot be read: File name too long"),
    ],
)
def test_what_is_no_file_is_named(
    tmp_path: Path, name: str, fault: str, reader: Callable[[Path], object]
) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError) as caught:
        reader(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: {fault}"


@pytest.mark.parametrize("reader", [*READERS, sha256_file])
def test_a_file_that_nobody_may_read_is_named(
    tmp_path: Path, reader: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    path = tmp_path / "secret.json"
    path.touch()
    monkeypatch.setattr(Path, "open", refuse)  # root, who may run the tests, may read everything
    with pytest.raises(InputError, match=r"secret\.json: cannot be read: Permission denied$"):
        reader(path)


def test_a_gzipped_value_is_read(tmp_path: Path) -> None:
    path = tmp_path / "value.json.gz"
    path.write_bytes(gzip.compress(b'\xef\xbb\xbf{\n"a": 1}\n'))
    assert read_json(path) == {"a": 1}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sample_index": "0"}, "sample_index"),
        ({"finish_reason": "done"}, "finish_reason"),
        ({"completion": None}, "completion"),
        ({"surplus": 1}, "surplus"),
    ],
)
def test_a_bad_row_names_the_place_and_the_field(change: dict[str, object], field: str) -> None:
    row = {"task_id": "t", "sample_index": 0, "completion": "", **change}
    with pytest.raises(InputError, match=f"^rows.jsonl:7: field '{field}': "):
        parse_row(Sample, row, "rows.jsonl:7")


def test_hashes_of_known_content(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    empty_object = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert (sha256_file(path), sha256_json({})) == (abc, empty_object)


def test_the_order_of_keys_does_not_change_the_hash_of_json() -> None:
    assert sha256_json({"a": 1, "b": [1, 2]}) == sha256_json({"b": [1, 2], "a": 1})
    assert sha256_json({"a": 1, "b": [1, 2]}) != sha256_json({"a": 1, "b": [2, 1]})


def test_rows_are_numbered_by_their_lines_and_a_malformed_one_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\n\n[1]\n\xff\n{"a": 2}\r\n')
    rows = [
        (number, row if isinstance(row, dict) else str(row)) for number, row in read_json_rows(path)
    ]
    assert rows == [
        (1, {"a": 1}),
        (3, f"{path}:3: expected a JSON object"),
        (4, f"{path}:4: not UTF-8: invalid start byte"),
        (5, {"a": 2}),
    ]


@pytest.mark.parametrize("text", ['[{"a": 1}, {"a": 2}]', '[\n{"a": 1},\n{"a": 2}\n]'])
def test_rows_of_an_array_are_numbered_from_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.gz"
    path.write_bytes(gzip.compress(text.encode()))
    assert [*read_json_rows(path)] == [(1, {"a": 1}), (2, {"a": 2})]


def test_staged_files_have_the_permissions_of_new_ones(tmp_path: Path) -> None:
    former = os.umask(0o027)
    try:
        with staging(tmp_path) as made:
            for mode in (0o600, 0o444, 0o755):
                (made / oct(mode)).touch()
                (made / oct(mode)).chmod(mode)
        write_json(tmp_path / "plain", 1)
    finally:
        os.umask(former)
    assert {oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()} == {"0o640"}
