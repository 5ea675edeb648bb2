from pathlib import Path

import pytest
from failpairs.workflow.job_logs import JobProgress
from failpairs.workflow.run_progress import Job, Run, TimeLeft, seconds_left, status_line, time_left


def job(name: str, *needs: int, may_be_long: bool = True) -> Job:
    """A job whose rule is the first part of its name."""
    return Job(name.split("/")[0], name, Path(f"{name}.log"), frozenset(needs), may_be_long)


def run_of(*jobs: Job, **usual: float) -> Run:
    """A run that begins at time 0 with jobs that are numbered from 0 on."""
    return Run(dict(enumerate(jobs)), usual, began=0)


def progress(done: int, seconds: float | None) -> JobProgress:
    return JobProgress(done, 100, "3.1/s", seconds)


@pytest.mark.parametrize(
    ("expected", "told", "left"),
    [
        (None, None, None),
        (None, progress(50, 90), 90),
        (None, progress(4, 900), None),  # the first samples come late
        (None, progress(50, None), None),
        (100, None, 40),
        (50, None, 0),
        (100, progress(50, 60), 50),
        (100, progress(0, 9000), 40),
        (100, progress(100, 0), 0),
        (None, JobProgress(0, 0, "0.0/s", 0.0), 0),
    ],
)
def test_a_job_is_believed_the_more_the_further_it_is(
    expected: float | None, told: JobProgress | None, left: float | None
) -> None:
    assert seconds_left(60, expected, told) == left


def test_a_stage_that_nobody_has_seen_makes_the_time_a_lower_bound() -> None:
    run = run_of(job("sample"), job("train/0", 0), job("report", 1, may_be_long=False))
    run.start(0, 0)
    assert time_left(run, 100, {0: progress(50, 100)}) == TimeLeft(100, is_lower_bound=True)


def test_a_short_job_that_nobody_has_seen_counts_as_nothing() -> None:
    run = run_of(job("train/0"), job("report", 0, may_be_long=False))
    run.start(0, 0)
    assert time_left(run, 50, {0: progress(50, 50)}) == TimeLeft(50, is_lower_bound=False)


def test_a_seed_takes_what_the_others_took() -> None:
    run = run_of(job("train/0"), job("train/1"), job("train/2"), job("train/3"), train=9999)
    run.start(0, 0)
    run.finish(0, 100)
    run.start(1, 100)
    run.finish(1, 300)
    assert time_left(run, 300, {}) == TimeLeft(300, is_lower_bound=False)


def test_a_seed_takes_what_a_running_one_will_have_taken() -> None:
    run = run_of(job("train/0"), job("train/1"))
    run.start(0, 0)
    assert time_left(run, 30, {0: progress(50, 30)}) == TimeLeft(90, is_lower_bound=False)


def test_earlier_runs_count_until_this_one_knows_better() -> None:
    run = run_of(job("train/0"), job("train/1"), train=60)
    assert time_left(run, 0, {}) == TimeLeft(120, is_lower_bound=False)


def test_jobs_that_run_together_end_together() -> None:
    run = run_of(*(job(f"train/{seed}") for seed in range(4)))
    for seed in (0, 1):
        run.start(seed, 0)
    for seed in (0, 1):
        run.finish(seed, 100)
    assert time_left(run, 100, {}) == TimeLeft(100, is_lower_bound=False)
    for seed in (2, 3):
        run.start(seed, 100)
    assert time_left(run, 140, {}) == TimeLeft(60, is_lower_bound=False)


def test_what_needs_a_failed_job_is_not_waited_for() -> None:
    jobs = [job("train/0"), job("train/1"), job("eval/0", 0), job("eval/1", 1), job("report", 2, 3)]
    run = run_of(*jobs, train=60, eval=60, report=60)
    run.start(0, 0)
    run.fail(0, 60)
    assert run.stuck() == {2, 4}
    assert time_left(run, 60, {}) == TimeLeft(120, is_lower_bound=False)
    run.start(0, 60)  # once more
    assert run.stuck() == set()


def test_a_line_has_jobs_progress_and_time_left() -> None:
    run = run_of(job("sample/1-of-4"), job("evaluate", 0, may_be_long=False), job("prepare"))
    assert status_line(run, 0, {}) == "failpairs: 0 of 3 jobs; time left unknown"
    run.start(2, 0)
    run.finish(2, 40)
    run.start(0, 40)
    assert status_line(run, 40, {}) == "failpairs: 1 of 3 jobs, sample/1-of-4; time left unknown"
    line = status_line(run, 60, {0: JobProgress(412, 4000, "3.1/s", 1440)})
    assert line == "failpairs: 1 of 3 jobs, sample/1-of-4 412/4000 (3.1/s); about 24 min left"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (59, "less than 1 min left"),
        (61, "about 1 min left"),
        (5900, "about 98 min left"),
        (12_000, "about 3.3 h left"),
    ],
)
def test_the_time_left_has_no_more_digits_than_are_true(seconds: float, told: str) -> None:
    assert status_line(run_of(job("train/0"), train=seconds), 0, {}).endswith(f"; {told}")


def test_a_lower_bound_is_called_so() -> None:
    run = run_of(job("train/0"), job("sample"), train=120)
    assert status_line(run, 0, {}).endswith("; at least 2 min left")


def test_a_line_names_three_running_jobs_and_counts_the_others() -> None:
    run = run_of(*(job(f"train/{seed}") for seed in range(5)))
    for seed in range(5):
        run.start(seed, 0)
    line = status_line(run, 0, {})
    assert line.startswith("failpairs: 0 of 5 jobs, train/0, train/1, train/2, 2 more; ")


def test_where_nothing_can_run_any_more_no_time_is_left() -> None:
    run = run_of(job("train/0"), job("eval/0", 0))
    run.start(0, 0)
    run.fail(0, 60)
    assert status_line(run, 60, {}) == "failpairs: 0 of 2 jobs, 1 failed, 1 cannot run"
