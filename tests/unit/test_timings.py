from pathlib import Path

import pytest
from failpairs.errors import InputError
from failpairs.timings import Timing, read_timings

HEAD = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def test_a_stage_is_named_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "results" / "benchmarks" / "eval" / "base" / "sample.tsv"
    path.parent.mkdir(parents=True)
    path.write_text(f"{HEAD}2.5\t0:00:02\t310.2\t1\t1\t1\tNA\tNA\t90\t2.25\n", encoding="utf-8")
    assert read_timings([path]) == [Timing("eval/base/sample", "2.5", "310.2", "2.25")]


@pytest.mark.parametrize("text", ["", HEAD, "a\tb\n1\t2\n"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.tsv: expected a benchmark file"):
        read_timings([path])


def write_shards(folder: Path, *rows: tuple[str, str, str]) -> Path:
    folder.mkdir(parents=True)
    for number, (seconds, memory, cpu) in enumerate(rows, start=1):
        line = "\t".join([seconds, "0:00:02", memory, "1", "1", "1", "NA", "NA", "90", cpu])
        (folder / f"{number}-of-{len(rows)}.tsv").write_text(f"{HEAD}{line}\n", encoding="utf-8")
    return folder / f"*-of-{len(rows)}.tsv"


def test_shards_make_one_stage_with_summed_times_and_the_largest_memory(tmp_path: Path) -> None:
    rows = ("2.5", "310.2", "2.25"), ("4.0", "290", "NA"), ("1.25", "NA", "1")
    pattern = write_shards(tmp_path / "benchmarks" / "sample", *rows)
    (pattern.parent / "1-of-9.tsv").write_text("of an earlier run", encoding="utf-8")
    assert read_timings([pattern]) == [Timing("sample (3 shards)", "7.75", "310.20", "3.25")]


def test_what_no_shard_measured_is_unknown(tmp_path: Path) -> None:
    pattern = write_shards(tmp_path / "benchmarks" / "sample", ("1", "NA", "NA"), ("1", "NA", "NA"))
    assert read_timings([pattern]) == [Timing("sample (2 shards)", "2.00", "NA", "NA")]


def test_a_single_shard_keeps_its_name(tmp_path: Path) -> None:
    pattern = write_shards(tmp_path / "benchmarks" / "sample", ("1.5", "20", "1"))
    assert read_timings([pattern]) == [Timing("sample/1-of-1", "1.5", "20", "1")]


def test_lost_files_are_left_out(tmp_path: Path) -> None:
    rows = ("1", "2", "3"), ("1.5", "20", "1"), ("2", "3", "4")
    pattern = write_shards(tmp_path / "benchmarks" / "sample", *rows)
    (pattern.parent / "2-of-3.tsv").unlink()
    found = read_timings([pattern, tmp_path / "benchmarks" / "none.tsv"])
    assert found == [Timing("sample (2 shards)", "3.00", "3.00", "7.00")]
