"""Programs that run in forks of a process that has imported what takes them seconds to import."""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
# Nothing of failpairs, since forks may import a changed copy; pytest, since each has its parent's
# main module.
FORKS.set_forkserver_preload(["pytest", "trl.trainer.dpo_trainer", "trl.trainer.sft_trainer"])


def run_forked(
    program: Callable[[], object],
    output: Path,
    folder: Path = Path(),
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Run a program, with all that it says in a file; its exit status, as of `Popen.returncode`.

    Args:
        program: what is called, in the folder and the environment; it can be pickled.
    """
    process = FORKS.Process(target=_run, args=(program, output, folder, dict(environment)))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def _run(
    program: Callable[[], object], output: Path, folder: Path, environment: dict[str, str]
) -> None:
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    program()
