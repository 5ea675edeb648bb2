"""The workflow away from its checkout: in another folder, as a module, in results of any name."""

import re
import shlex
from pathlib import Path

import pytest
from conftest import Project, job_counts
from failpairs.report.run_folder import OF_CURATION

MODULE = """
module failpairs:
    snakefile: "../the project's/Snakefile"
    config: config["failpairs"]
    %s

use rule * from failpairs as failpairs_*

rule everything:
    default_target: True
    input: rules.failpairs_all.input
"""
CONFIG = """
failpairs:
  pathvars: {results: pairs of mine}
  model: {id: org/model, revision: "0123456789012345678901234567890123456789"}
  problems: {train: "starter:1", eval: starter}
  sampling: {shards: 2}
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Project:
    """An empty folder beside the project."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return Project(folder)


def commands(said: str) -> list[list[str]]:
    """The words of the commands that a dry run shows."""
    shown = re.findall(r"^Shell command: \(?(.*?)\)?$", said, re.MULTILINE)
    return [shlex.split(command) for command in shown if command != "None"]


def test_another_folder_has_the_default_configuration_and_gets_the_results(
    project: Project, elsewhere: Project
) -> None:
    snakefile = str(project.folder / "Snakefile")
    status, there = elsewhere.forked("--snakefile", snakefile, "--cores", "1", "--dry-run", "-p")
    assert status == 0, there
    status, by_option = project.forked(
        "--directory", str(elsewhere.folder), "--cores", "1", "--dry-run", "-p"
    )
    assert status == 0, by_option
    assert job_counts(there) == job_counts(by_option)
    assert job_counts(there)["train"] == 3
    made = [words for words in commands(there) if words[1].endswith("/curate.py")]
    assert [words[1] for words in made] == ["../project/scripts/curate.py"]
    assert "results/pairs.jsonl" in made[0]


def test_a_configuration_in_the_working_folder_counts_for_more(
    project: Project, elsewhere: Project
) -> None:
    own = elsewhere.folder / "config" / "config.yaml"
    own.parent.mkdir()
    own.write_text("seeds: {values: [7]}\n", encoding="utf-8")
    snakefile = str(project.folder / "Snakefile")
    status, said = elsewhere.forked("--snakefile", snakefile, "--cores", "1", "--dry-run")
    assert status == 0, said
    assert job_counts(said)["train"] == 1


@pytest.mark.parametrize(
    ("more", "results"), [("", "pairs of mine"), ('prefix: "all of it"', "all of it/pairs of mine")]
)
def test_a_module_runs_the_programs_of_its_checkout(
    project: Project, elsewhere: Project, more: str, results: str
) -> None:
    checkout = project.folder.rename(project.folder.with_name("the project's"))
    (elsewhere.folder / "Snakefile").write_text(MODULE % more, encoding="utf-8")
    (elsewhere.folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    status, said = elsewhere.forked(
        *("--configfile", "config.yaml", "--cores", "1", "--dry-run", "--printshellcmds")
    )
    assert status == 0, said
    counts = job_counts(said)
    assert (counts["failpairs_sample_shard"], counts["failpairs_train"]) == (2, 3)
    found = commands(said)
    programs = {(elsewhere.folder / words[1]).resolve().parent for words in found}
    assert programs == {checkout / "scripts"}
    (curate,) = (words for words in found if words[1].endswith("/curate.py"))
    assert f"{results}/pairs.jsonl" in curate


@pytest.mark.parametrize("results", ["my results", "it's $HOME & 1*2; (ü)#"])
def test_a_results_folder_may_have_any_name(project: Project, results: str) -> None:
    status, said = project.forked(
        *("--cores", "1", "--dry-run", "-p", "--config", f'pathvars={{results: "{results}"}}'),
        "arms=[random,synthetic]",
    )
    assert status == 0, said
    found = commands(said)
    assert len(found) == sum(job_counts(said).values()) - 1  # all but the rule without a command
    words = {word for words in found for word in words} - {*OF_CURATION}  # names of some files
    paths = [word for word in words if "jsonl" in word or ".log" in word]
    assert paths
    assert [path for path in paths if results not in path] == []
