"""Programs that end when the process that leads them has ended, even if that was killed."""

import os
import select
import signal
from pathlib import Path
from threading import Thread

LEADER = "FAILPAIRS_LEADER"  # the environment variable that tells a program its leader


def export_leader() -> None:
    """Have all programs of ours that this process starts from now on end with it."""
    os.environ[LEADER] = f"{os.getpid()} {_process_namespace()}"


def die_with_leader() -> None:
    """Have this process killed as soon as its leader has ended, if it has one.

    Nothing is done in another process namespace than the leader's, as in some containers, and where
    the kernel cannot watch a process (before Linux 5.3).
    """
    leader, _, namespace = os.environ.get(LEADER, "").partition(" ")
    if namespace != _process_namespace():
        return
    try:
        watched = os.pidfd_open(int(leader))
    except ProcessLookupError:
        _end()
    except OSError:  # the kernel cannot watch a process
        return

    def watch() -> None:
        select.select([watched], [], [])
        _end()

    Thread(target=watch, daemon=True).start()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _process_namespace() -> str:
    return str(Path("/proc/self/ns/pid").readlink())
