import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from failpairs.execution.harness.candidate import MAX_FILES, Forbidden, make_guard

MAKE = os.O_WRONLY | os.O_CREAT
Guard = Callable[[str, tuple[Any, ...]], None]


@pytest.fixture
def guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guard:
    monkeypatch.chdir(tmp_path)  # as programs are
    return make_guard(str(tmp_path))[0]


@pytest.mark.parametrize("flags", [MAKE, os.O_RDWR | os.O_TMPFILE], ids=["named", "nameless"])
def test_a_temporary_file_can_be_made_in_the_folder_and_nowhere_else(
    tmp_path: Path, guard: Guard, flags: int
) -> None:
    # `tempfile` opens the folder, by an opener that then opens a file in it.
    guard("open", (str(tmp_path), "w+b", MAKE))
    guard("open", (str(tmp_path) if flags & os.O_TMPFILE else f"{tmp_path}/file", None, flags))
    outside = str(tmp_path.parent)
    with pytest.raises(Forbidden):
        guard("open", (outside if flags & os.O_TMPFILE else f"{outside}/file", None, flags))


def test_files_that_were_removed_do_not_count(tmp_path: Path, guard: Guard) -> None:
    file = tmp_path / "file"
    for _ in range(3 * MAX_FILES):
        guard("open", (str(file), "w", MAKE))
        file.touch()
        guard("open", (str(file), "a", MAKE))  # it is there already
        guard("os.remove", (str(file), -1))
        file.unlink()


def test_files_in_temporary_folders_that_were_removed_do_not_count(
    tmp_path: Path, guard: Guard
) -> None:
    folder = tmp_path / "folder"
    for _ in range(3 * MAX_FILES):
        guard("os.mkdir", (str(folder), 0o700, -1))
        folder.mkdir()
        guard("open", (f"{folder}/file", "w", MAKE))
        (folder / "file").touch()
        number = os.open(folder, os.O_RDONLY)
        guard("os.remove", ("file", number))
        os.unlink("file", dir_fd=number)
        os.close(number)
        guard("os.rmdir", (str(folder), -1))
        folder.rmdir()


def test_too_many_files_are_forbidden(tmp_path: Path, guard: Guard) -> None:
    for number in range(MAX_FILES):
        guard("open", (f"{tmp_path}/{number}", "w", MAKE))
    guard("os.remove", ("nothing", -1))  # which fails
    with pytest.raises(Forbidden):
        guard("open", (f"{tmp_path}/last", "w", MAKE))


def test_the_folder_itself_cannot_be_changed(tmp_path: Path, guard: Guard) -> None:
    for event, *args in (("os.rmdir", -1), ("os.rename", "elsewhere", -1, -1), ("os.chmod", 0, -1)):
        with pytest.raises(Forbidden):
            guard(event, (str(tmp_path), *args))
