"""What a run says on the console at its end: where the report is, or what the failed stage said."""

from conftest import TEST_RUN, Project

REPORT = "The report is results/test/report.html"


def test_a_run_ends_with_where_the_report_is(finished: Project) -> None:
    text = (finished.folder / "console.txt").read_text(encoding="utf-8")
    assert REPORT in text.splitlines()[-4:]
    assert "failpairs: 27 of 27 jobs\n" in text


def test_a_run_with_nothing_to_do_says_so_in_a_few_lines(finished: Project) -> None:
    lines = finished.snakemake().stderr.splitlines()
    assert len(lines) < 10
    assert any("Nothing to be done" in line for line in lines)


def test_a_failure_shows_what_the_stage_said(finished: Project) -> None:
    samples = finished.results / "samples.jsonl"
    samples.write_text(samples.read_text(encoding="utf-8") + "{not JSON\n", encoding="utf-8")
    done = finished.snakemake()
    assert done.returncode == 1
    assert "error: results/test/samples.jsonl:97: not valid JSON" in done.stderr
    assert "results/test/logs/execute.log" in done.stderr
    assert "failpairs: execute failed: results/test/samples.jsonl:97: not valid" in done.stderr
    assert REPORT not in done.stderr


def test_a_shell_in_which_python_is_careful_of_paths_changes_nothing(finished: Project) -> None:
    command = ("snakemake", "--forcerun", "report", "--until", "report", *TEST_RUN)
    done = Project(finished.folder).run(*command, PYTHONSAFEPATH="1")
    assert done.returncode == 0, done.stderr
