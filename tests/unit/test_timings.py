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


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.tsv: No such file"):
        read_timings([tmp_path / "none.tsv"])
