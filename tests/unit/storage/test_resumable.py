from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from execution_builders import a_verdict
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.storage.files import read_jsonl
from failpairs.storage.resumable import write_resumable

LABELS = ["PASS", "TIMEOUT", "NAME_ERROR", "PASS", "EXIT"]
VERDICTS = [a_verdict(label, sample_index=i) for i, label in enumerate(LABELS)]


class Stopped(Exception):
    pass


def write(path: Path, rows: Iterable[ExecLabel], fingerprint: str = "a" * 64) -> list[int]:
    """Write what comes after the rows that are kept, and return how many those were."""
    kept = []

    def rows_after(done: int) -> list[ExecLabel]:
        kept.append(done)
        return list(rows)[done:]

    write_resumable(path, ExecLabel, fingerprint, rows_after, lambda v: v.label != "INFRA_ERROR")
    return kept


def stop_after(path: Path, count: int, rows: list[ExecLabel] = VERDICTS) -> Path:
    """Begin to write, and stop as a killed program does; returns the partial file."""

    def some(done: int) -> Iterator[ExecLabel]:
        yield from rows[:count]
        raise Stopped

    with pytest.raises(Stopped):
        write_resumable(path, ExecLabel, "a" * 64, some, lambda v: v.label != "INFRA_ERROR")
    (partial,) = path.parent.glob(".*.partial")
    return partial


def test_what_is_written_at_once_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "labels.jsonl"
    assert write(path, VERDICTS) == [0]
    assert [*read_jsonl(path, ExecLabel)] == VERDICTS
    assert [*path.parent.iterdir()] == [path]


@pytest.mark.parametrize("count", range(6))
def test_it_goes_on_after_the_last_row_written(tmp_path: Path, count: int) -> None:
    path = tmp_path / "labels.jsonl"
    stop_after(path, count)
    assert not path.exists()
    assert write(path, VERDICTS) == [count]
    assert [*read_jsonl(path, ExecLabel)] == VERDICTS
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("damage", [b'{"task_id": "t/0", "sam', b"\0\0\0\n", b"{}\n", b"\xff\n"])
def test_a_damaged_end_is_cut_off(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "labels.jsonl"
    partial = stop_after(path, 2)
    partial.write_bytes(partial.read_bytes() + damage)
    assert write(path, VERDICTS) == [2]
    assert [*read_jsonl(path, ExecLabel)] == VERDICTS


def test_a_row_without_its_newline_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    partial = stop_after(path, 3)
    partial.write_bytes(partial.read_bytes().rstrip(b"\n"))
    assert write(path, VERDICTS) == [2]
    assert [*read_jsonl(path, ExecLabel)] == VERDICTS


def test_rows_that_are_not_final_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    stop_after(path, 4, [VERDICTS[0], a_verdict("INFRA_ERROR", sample_index=1), *VERDICTS[2:]])
    assert write(path, VERDICTS) == [1]
    assert [*read_jsonl(path, ExecLabel)] == VERDICTS


def test_rows_of_other_inputs_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    stop_after(path, 4)
    assert write(path, VERDICTS, fingerprint="b" * 64) == [0]
    assert [*tmp_path.iterdir()] == [path]


def test_a_whole_file_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    write(path, VERDICTS[:1])
    stop_after(path, 3)
    assert [*read_jsonl(path, ExecLabel)] == VERDICTS[:1]


def test_a_full_disk_names_the_file_and_keeps_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"

    def rows(done: int) -> Iterator[ExecLabel]:
        yield VERDICTS[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match=r"labels\.jsonl"):
        write_resumable(path, ExecLabel, "a" * 64, rows, lambda verdict: True)
    assert write(path, VERDICTS) == [1]


def test_two_that_write_the_same_rows_do_not_mix_them(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"

    def rows(done: int) -> Iterator[ExecLabel]:
        yield from VERDICTS[:2]
        with pytest.raises(InputError, match="another process"):
            write(path, VERDICTS)
        yield from VERDICTS[2:]

    write_resumable(path, ExecLabel, "a" * 64, rows, lambda verdict: True)
    assert [*read_jsonl(path, ExecLabel)] == VERDICTS
    assert [*tmp_path.iterdir()] == [path]
