"""What a run says on the console: little enough to read, and at the end what one looks for."""

import re

from conftest import Project

REPORT = "The report is results/test/report.html"


def test_a_whole_run_takes_two_lines_a_job_and_ends_with_the_report(finished: Project) -> None:
    text = (finished.folder / "console.txt").read_text(encoding="utf-8")
    started, ended = (
        re.findall(rf"^\d\d:\d\d:\d\d {what} +(\w+)", text, re.MULTILINE)
        for what in ("started", "finished")
    )
    assert len(started) > 20
    assert sorted(started) == sorted(ended)
    lines = text.splitlines()
    assert len(lines) < 100
    assert len(lines) - 2 * len(started) < 45
    assert lines[-1] == REPORT
    assert f"{len(started)} of {len(started)}" in text
    assert "started  sample_eval model=base, log results/test/logs/eval/base/sample.log" in text


def test_a_run_with_nothing_to_do_ends_with_the_report(finished: Project) -> None:
    lines = finished.snakemake().stderr.splitlines()
    assert len(lines) < 10
    assert lines[-1] == REPORT


def test_a_run_without_the_report_does_not_name_it(finished: Project) -> None:
    done = finished.snakemake("results/test/samples.jsonl")
    assert done.returncode == 0
    assert REPORT not in done.stderr


def test_a_failure_ends_with_what_the_stage_said(finished: Project) -> None:
    samples = finished.results / "samples.jsonl"
    samples.write_text(samples.read_text(encoding="utf-8") + "{not JSON\n", encoding="utf-8")
    done = finished.snakemake()
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) < 100
    assert lines[-1].startswith("error: results/test/samples.jsonl:97: not valid JSON")
    log = (finished.results / "logs/execute.log").read_text(encoding="utf-8").splitlines()
    header = lines.index("Failed: execute. The end of results/test/logs/execute.log:")
    assert lines[header + 1 :] == log[-20:]
    assert "A command returned non-zero exit status 2." in lines
    assert REPORT not in lines


def test_all_that_snakemake_says_is_in_the_log_file_that_it_names(finished: Project) -> None:
    text = (finished.folder / "console.txt").read_text(encoding="utf-8")
    (path,) = re.findall(r"^Complete log\(s\): .*/(\.snakemake/log/\S+)$", text, re.MULTILINE)
    full = (finished.folder / path).read_text(encoding="utf-8")
    assert "    reason: Missing output files: results/test/problems/eval.jsonl\n" in full
