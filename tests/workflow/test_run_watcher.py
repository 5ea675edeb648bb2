"""What a run says while it runs and after a failure, with Snakemake and jobs that do no work."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT, Project
from failpairs.workflow.run_watcher import wants_progress

SNAKEFILE = """
import sys
from pathlib import Path
from snakemake.exceptions import WorkflowError
sys.path.insert(0, "{root}/scripts")
from failpairs.errors import InputError
from failpairs.workflow import run_watcher
run_watcher.INTERVAL = 0.1
RESULTS, COMPARES = "results", ""
include: "{root}/rules/lifetime.smk"

rule all:
    input: expand("results/{{name}}/{{seed}}.txt", name=["train", "eval"], seed=[0, 1, 2])

rule train:
    output: "results/train/{{seed}}.txt"
    log: "results/logs/train/seed{{seed}}.log"
    benchmark: "results/benchmarks/train/seed{{seed}}.tsv"
    resources: runtime=480
    shell: "({train}) > {{log}}; touch {{output}}"

rule eval:
    input: "results/train/{{seed}}.txt"
    output: "results/eval/{{seed}}.txt"
    shell: "touch {{output}}"
"""
# Waits until Snakemake's log of this run has some words.
WAIT = 'until grep -qs "$1" "$(ls -t .snakemake/log/* | head -n 1)"; do sleep 0.1; done\n'
ALL_FAIL = "echo error: no space for seed {wildcards.seed}; exit 2"
STATUS = re.compile(r"failpairs: \d+ of \d+ jobs.*")


class Run(Project):
    """A folder with a small workflow."""

    def write(self, train: str = "true", more: str = "") -> None:
        """Write the workflow.

        Args:
            train: the command of its training, whose output is the log.
            more: further lines of the Snakefile.
        """
        text = SNAKEFILE.format(root=ROOT, train=train) + more
        (self.folder / "Snakefile").write_text(text, encoding="utf-8")
        (self.folder / "wait.sh").write_text(WAIT, encoding="utf-8")

    def lines(self, *arguments: str, status: int = 0) -> list[str]:
        """What a run says of itself."""
        found, said = self.forked(*arguments, "--cores", "1", "--keep-going")
        assert found == status, said
        return [line for line in said.splitlines() if line.startswith("failpairs: ")]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    folder = tmp_path / "project"
    folder.mkdir()
    return Run(folder)


def test_a_run_says_how_far_it_is(run: Run) -> None:
    told = "training steps: 8/10, 2.5/s, 1 s left"
    run.write(f"echo '{told}'; timeout 60 sh wait.sh 8/10")
    lines = run.lines("results/eval/0.txt")
    assert all(STATUS.fullmatch(line) for line in lines)
    assert "failpairs: 0 of 2 jobs, train/seed0 8/10 (2.5/s); less than 1 min left" in lines
    assert lines[-1] == "failpairs: 2 of 2 jobs"


def test_what_jobs_took_in_an_earlier_run_is_known(run: Run) -> None:
    run.write("timeout 60 sh wait.sh 'failpairs: 0 of'")
    assert run.lines("results/train/0.txt")[0].endswith("train/seed0; time left unknown")
    benchmark = run.folder / "results/benchmarks/train/seed0.tsv"
    measured = benchmark.read_text(encoding="utf-8")
    benchmark.write_text(re.sub(r"^[\d.]+", "12000", measured, flags=re.M), encoding="utf-8")
    lines = run.lines("results/train/0.txt", "results/train/1.txt")
    assert lines[0] == "failpairs: 0 of 1 jobs, train/seed1; about 3.3 h left"


def test_seeds_that_fail_alike_are_one_line_at_the_end(run: Run) -> None:
    run.write(ALL_FAIL)
    *before, reason, advice = run.lines(status=1)
    assert all(STATUS.fullmatch(line) for line in before)
    assert before[-1] == "failpairs: 0 of 7 jobs, 3 failed, 4 cannot run"
    assert re.fullmatch(
        r"failpairs: 3 jobs \(train/seed\d, train/seed\d, train/seed\d\) failed: "
        r"no space for seed (\d) \(results/logs/train/seed\1\.log\)",
        reason,
    )
    assert advice.startswith("failpairs: the same command goes on from what is done; ")


def test_a_job_that_succeeds_at_the_second_attempt_has_not_failed(run: Run) -> None:
    run.write("[ -e second ] || {{ touch second; exit 2; }}")
    lines = run.lines("results/train/0.txt", "results/train/1.txt", "--retries", "1")
    assert any("1 failed" in line for line in lines)
    assert lines[-1] == "failpairs: 2 of 2 jobs"


def test_a_dry_run_and_results_that_are_vouched_for_say_nothing(run: Run) -> None:
    run.write()
    assert run.lines("--dry-run") == []
    run.lines("results/train/0.txt")
    assert run.lines("results/train/0.txt", "--touch", "--forceall") == []


def test_who_wants_no_progress_is_told_of_failures_alone(run: Run) -> None:
    run.write(ALL_FAIL)
    assert len(run.lines("--quiet", "progress", status=1)) == 2


def test_what_goes_wrong_in_it_is_said_once_and_stops_no_run(run: Run) -> None:
    run.write(more="run_watcher.status_line = None")
    (line,) = run.lines("results/eval/0.txt")
    assert line.startswith("failpairs: progress and failures are not told: TypeError")
    assert (run.folder / "results/eval/0.txt").exists()


@pytest.mark.parametrize(("storage", "is_told"), [(None, True), ("s3", False)])
def test_no_progress_is_told_where_logs_cannot_be_read(storage: str | None, is_told: bool) -> None:
    workflow = SimpleNamespace(
        storage_settings=SimpleNamespace(default_storage_provider=storage),
        output_settings=SimpleNamespace(quiet=None),
    )
    assert wants_progress(workflow) == is_told
