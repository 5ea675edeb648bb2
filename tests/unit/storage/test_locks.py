import errno
import fcntl
import multiprocessing
import signal
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from failpairs.errors import InputError
from failpairs.storage.locks import in_turn, locked, open_alone

SPAWN = multiprocessing.get_context("spawn")


def hold(path: Path, held: Connection) -> None:
    with open_alone(path):
        held.send(True)
        time.sleep(600)


def test_only_one_has_a_file_until_it_closes_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    with open_alone(path) as file:
        file.write("one\n")
        with pytest.raises(InputError, match=r"new/file: locked by another process"):
            open_alone(path)
    with open_alone(path) as file:
        file.write("two\n")
    assert path.read_text(encoding="utf-8") == "one\ntwo\n"


def test_a_killed_process_has_nothing_any_more(tmp_path: Path) -> None:
    path = tmp_path / "file"
    here, there = SPAWN.Pipe()
    holder = SPAWN.Process(target=hold, args=(path, there))
    holder.start()
    assert here.recv()
    # Some file systems have other device numbers in the list than in a file's own data.
    with pytest.raises(InputError, match=rf"another process( \({holder.pid}\))?; wait"):
        open_alone(path)
    holder.kill()
    holder.join()
    assert holder.exitcode == -signal.SIGKILL
    open_alone(path).close()


def test_those_who_take_turns_wait_for_each_other(tmp_path: Path) -> None:
    path, done = tmp_path / "file", []

    def wait() -> None:
        with in_turn(path):
            done.append("second")

    waiting = threading.Thread(target=wait)
    with in_turn(path):
        waiting.start()
        with pytest.raises(InputError, match="another process"):
            open_alone(path)
        done.append("first")
    waiting.join()
    assert done == ["first", "second"]
    assert path.exists()


@pytest.mark.parametrize("end", ["rename", "unlink"])
def test_a_file_that_its_holder_moves_or_removes_meanwhile_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    path = tmp_path / "file"

    def lock_late(*_: object) -> None:
        path.rename(tmp_path / "final") if end == "rename" else path.unlink()

    monkeypatch.setattr(fcntl, "flock", lock_late)
    with pytest.raises(InputError, match="another process"):
        open_alone(path)


def test_a_lock_file_is_there_only_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with pytest.raises(InputError, match="another process"), locked(path), locked(path):
        pass
    assert not path.exists()


def test_where_there_are_no_locks_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with open_alone(tmp_path / "one"), open_alone(tmp_path / "one"):
        pass
