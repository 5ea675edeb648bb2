import errno
import os
from pathlib import Path

import pytest
from failpairs.execution.harness import scratch_folder


def refuse(*names: str) -> None:
    raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))


@pytest.fixture(params=["renaming", "no renaming"])
def folder(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be emptied, also where Landlock forbids to move what is in its folders."""
    if request.param == "no renaming":
        monkeypatch.setattr(os, "rename", refuse)
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def test_an_empty_folder_stays(folder: Path) -> None:
    scratch_folder.empty(str(folder))
    assert folder.is_dir()


def test_files_folders_and_odd_names_go(folder: Path) -> None:
    for name in ("file", " ", "-rf", "line\nend", "name with \udcff"):
        (folder / name).write_bytes(b"x")
    os.mkfifo(folder / "fifo")
    for number in range(50):
        (folder / f"a{number}" / "b" / "c").mkdir(parents=True)
        (folder / f"a{number}" / "b" / "d").touch()
    scratch_folder.empty(str(folder))
    assert [*folder.iterdir()] == []


def test_a_tree_deeper_than_any_path_goes(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("deep", dir_fd=descriptor)
        below = os.open("deep", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    scratch_folder.empty(str(folder))
    assert [*folder.iterdir()] == []


def test_links_go_and_what_they_lead_to_stays(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    (folder / "link").symlink_to(outside)
    (folder / "dangling").symlink_to("nowhere")
    (folder / "itself").symlink_to("itself")
    scratch_folder.empty(str(folder))
    assert [*folder.iterdir()] == []
    assert (outside / "kept").exists()


def test_folders_without_rights_go(folder: Path) -> None:
    (folder / "closed" / "inner").mkdir(parents=True)
    (folder / "closed" / "inner").chmod(0)
    (folder / "closed").chmod(0)
    scratch_folder.empty(str(folder))
    assert [*folder.iterdir()] == []
