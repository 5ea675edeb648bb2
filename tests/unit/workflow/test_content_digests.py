import os
from pathlib import Path

import pytest
from failpairs.workflow.digests import content_digest, lock_digest


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path in paths:
        path.write_text(path.name, encoding="utf-8")
    return paths


def test_neither_times_nor_order_count(files: list[Path]) -> None:
    before = content_digest(files)
    os.utime(files[0], (0, 0))
    assert content_digest(reversed(files)) == before


def test_content_counts_whatever_the_time(files: list[Path]) -> None:
    before, times = content_digest(files), files[0].stat()
    files[0].write_text("A.jsonl", encoding="utf-8")
    os.utime(files[0], ns=(times.st_atime_ns, times.st_mtime_ns))
    assert content_digest(files) != before


def test_contents_that_change_places_count(files: list[Path]) -> None:
    before = content_digest(files)
    texts = [path.read_text(encoding="utf-8") for path in files]
    for path, text in zip(files, reversed(texts), strict=True):
        path.write_text(text, encoding="utf-8")
    assert content_digest(files) != before


def test_a_file_more_or_less_counts(files: list[Path]) -> None:
    assert len({content_digest(files[:n]) for n in range(3)}) == 3


LOCK = "torch==2.0\nx @ https://example.org/x#egg=x\n"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("# why\n\ntorch==2.0  # exact\nx @ https://example.org/x#egg=x\n", True),
        ("x @ https://example.org/x#egg=x\ntorch==2.0\n", True),
        ("torch==2.1\nx @ https://example.org/x#egg=x\n", False),
        ("torch==2.0\nx @ https://example.org/x#egg=y\n", False),
        ("torch==2.0\n", False),
    ],
    ids=["comments", "order", "version", "fragment", "one less"],
)
def test_only_requirements_count_in_a_lock(tmp_path: Path, text: str, same: bool) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(LOCK, encoding="utf-8")
    before = lock_digest([lock])
    lock.write_text(text, encoding="utf-8")
    assert (lock_digest([lock]) == before) == same
