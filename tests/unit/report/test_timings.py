from pathlib import Path

import pytest
from failpairs.errors import InputError
from failpairs.report.timings import Timing, read_timings

HEAD = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def benchmark(
    folder: Path, job: str, seconds: str = "2.5", memory: str = "310.2", cpu: str = "2.25"
) -> Path:
    """A file as Snakemake writes it for a job of a run in this folder."""
    path = folder / "benchmarks" / f"{job}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    row = f"{seconds}\t0:00:02\t{memory}\t1\t1\t1\tNA\tNA\t90\t{cpu}\n"
    path.write_text(f"{HEAD}{row}", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("job", "stage"),
    [
        ("gather_samples", "gather_samples"),
        ("sample/12-of-400", "sample/*"),
        ("train/seed10", "train/*"),
        ("eval/base/sample", "eval/*/sample"),
        ("pairs/seed3/curate", "pairs/*/curate"),
        ("arms/n125/eval/seed0/evaluate", "arms/*/eval/*/evaluate"),
    ],
)
def test_a_stage_is_named_by_its_files(tmp_path: Path, job: str, stage: str) -> None:
    # Results may lie in a folder of that name.
    assert read_timings([benchmark(tmp_path / "benchmarks/run", job)])[0].stage == stage


def test_the_jobs_of_a_stage_are_added_up(tmp_path: Path) -> None:
    paths = [
        benchmark(tmp_path, "train/seed0", "10.5", "300", "20"),
        benchmark(tmp_path, "curate", "1.0", "90.5", "0.75"),
        benchmark(tmp_path, "train/seed1", "30.0", "200", "40.5"),
    ]
    assert read_timings(paths) == [
        Timing("train/*", 2, 40.5, 30.0, 60.5, 300.0),
        Timing("curate", 1, 1.0, 1.0, 0.75, 90.5),
    ]


def test_what_was_not_measured_is_left_out(tmp_path: Path) -> None:
    short, other = (
        benchmark(tmp_path, "eval/base/evaluate", "0.1", "NA", "NA"),
        benchmark(tmp_path, "eval/seed0/evaluate", "0.5", "80", "-"),
    )
    assert read_timings([short])[0] == Timing("eval/*/evaluate", 1, 0.1, 0.1, None, None)
    assert read_timings([short, other])[0] == Timing("eval/*/evaluate", 2, 0.6, 0.5, None, 80.0)


@pytest.mark.parametrize(
    "text", ["", HEAD, "a\tb\n1\t2\n", "s\tmax_rss\tcpu_time\n1\n", f"{HEAD}fast{HEAD[1:]}"]
)
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.tsv: expected a benchmark file"):
        read_timings([path])


def test_shards_are_one_stage(tmp_path: Path) -> None:
    paths = [benchmark(tmp_path, f"sample/{number}-of-2", cpu="1") for number in (1, 2)]
    assert read_timings(paths) == [Timing("sample/*", 2, 5.0, 2.5, 2.0, 310.2)]


def test_lost_files_are_left_out(tmp_path: Path) -> None:
    paths = [benchmark(tmp_path, f"sample/{number}-of-2", cpu="1") for number in (1, 2)]
    paths[1].unlink()
    found = read_timings([*paths, tmp_path / "benchmarks" / "none.tsv"])
    assert found == [Timing("sample/*", 1, 2.5, 2.5, 1.0, 310.2)]
