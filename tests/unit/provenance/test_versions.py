import subprocess
from pathlib import Path

import pytest
from failpairs.provenance import versions


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, taken for the project's."""
    monkeypatch.setattr(versions, "PROJECT", tmp_path)
    (tmp_path / "file").write_text("one", encoding="utf-8")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["add", "file"], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_the_revision_is_the_commit_and_says_when_files_differ(repository: Path) -> None:
    commit = versions.git_revision()
    assert commit is not None
    assert len(commit) == 40
    (repository / "results").write_text("not tracked", encoding="utf-8")
    assert versions.git_revision() == commit
    (repository / "file").write_text("two", encoding="utf-8")
    assert versions.git_revision() == f"{commit}+changes"


def test_a_project_that_is_no_repository_of_its_own_has_no_revision(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = repository / "inside"
    inside.mkdir()
    for folder in (inside, tmp_path_factory.mktemp("elsewhere"), Path("/nowhere")):
        monkeypatch.setattr(versions, "PROJECT", folder)
        assert versions.git_revision() is None


def test_the_versions_of_what_results_depend_on_are_told() -> None:
    assert {"python", "failpairs", "torch", "scipy"} <= versions.versions().keys()


def test_models_that_share_a_value_share_a_fact() -> None:
    found = versions.distinct_values("training", {"seed0": "A", "seed1": None, "seed2": "A"})
    assert found == [
        versions.Fact("training", "A", ["seed0", "seed2"]),
        versions.Fact("training", "unknown", ["seed1"]),
    ]
