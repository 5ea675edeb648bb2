"""A `python` and a `snakemake` for workflows whose models are tiny: they have loaded the large
libraries, which would take most of the time, and run each Snakemake and each program of a stage in
a fork.

What the libraries read from the environment when they are imported is that of the tests, and all
programs have one seed of the hashes of texts.

As a program it is the server: `python warm_python.py SOCKET` serves until its standard input ends.
"""

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from places import SCRIPTS

# Nothing of failpairs, since a project may have a changed copy.
PRELOADED = """
datasets jinja2 matplotlib.backends.backend_agg matplotlib.backends.backend_svg matplotlib.figure
pandas peft pydantic scipy.optimize scipy.stats snakemake.cli statsmodels.stats.multitest
torch transformers transformers.models.llama.modeling_llama trl.trainer.dpo_trainer
trl.trainer.sft_trainer
""".split()

# What programs of the project set before they import the libraries.
NO_BARS = ("TQDM_DISABLE", "HF_HUB_DISABLE_PROGRESS_BARS", "HF_DATASETS_DISABLE_PROGRESS_BARS")

CLIENT = """#!{python} -ISE
import json, os, signal, socket, sys

arguments = sys.argv[1:]
if os.path.basename(sys.argv[0]) == "snakemake":
    arguments = ["-m", "snakemake", *arguments]
of_a_stage = arguments and os.path.basename(os.path.dirname(arguments[0])) == "scripts"
if not of_a_stage and arguments[:2] != ["-m", "snakemake"]:
    os.execv({python!r}, [{python!r}, *arguments])
connection = socket.socket(socket.AF_UNIX)
connection.connect({address!r})
request = {{"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}}
data = json.dumps(request).encode()
socket.send_fds(connection, [len(data).to_bytes(8, "big")], [0, 1, 2])
connection.sendall(data)
status = int(connection.recv(100) or 1)
if status < 0:
    if -status != signal.SIGKILL:
        signal.signal(-status, signal.SIG_DFL)
    os.kill(os.getpid(), -status)
sys.exit(status)
"""


def run_program(name: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of `scripts/`, and all that it starts, with the libraries loaded.

    Args:
        name: without its ending.
    """
    python = warm_python()
    return subprocess.run(
        [python / "python", SCRIPTS / f"{name}.py", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": f"{python}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


@cache
def warm_python(*around: str) -> Path:
    """A folder for the path of commands, with the `python` and the `snakemake` of this module; it
    is there until this process ends.

    A program is killed as soon as the process that called that `python` is. Snakemake calls that
    `python` where it starts another Snakemake.

    Args:
        around: the command line by which the server is started, such as one for a namespace.
    """
    cleanup = ExitStack()
    atexit.register(cleanup.close)
    folder = Path(cleanup.enter_context(TemporaryDirectory()))
    address = folder / "socket"
    client = folder / "python"
    client.write_text(CLIENT.format(python=sys.executable, address=str(address)), encoding="utf-8")
    client.chmod(0o755)
    client.with_name("snakemake").symlink_to(client)
    server = subprocess.Popen(
        [*around, sys.executable, __file__, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    cleanup.enter_context(server)  # which closes its standard input
    assert server.stdout
    assert server.stdout.readline() == b"ready\n"
    return folder


def _serve(address: str) -> dict[str, Any]:
    """Fork for each request; returns in the forks alone, with their request."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for forks that have answered
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            os.killpg(0, signal.SIGKILL)  # with all that still runs
            os._exit(0)  # the first process of a namespace survives that
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            return _answered(connection)
        connection.close()


def _answered(connection: socket.socket) -> dict[str, Any]:
    """Fork the program, wait for its end and tell it; returns in the fork, with the request."""
    request, streams = _received(connection)
    pid = os.fork()
    if pid == 0:
        connection.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        return request
    for stream in streams:
        os.close(stream)
    end = os.pidfd_open(pid)
    ready, _, _ = select.select([end, connection], [], [])
    if end not in ready:
        os.kill(pid, signal.SIGKILL)  # its caller is gone
    _, status = os.waitpid(pid, 0)
    with suppress(OSError):
        connection.sendall(b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _received(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    size, streams, _, _ = socket.recv_fds(connection, 8, 3)
    data = b""
    while len(data) < int.from_bytes(size, "big"):
        if not (part := connection.recv(1 << 20)):
            sys.exit("the caller is gone")
        data += part
    return json.loads(data), streams


def _become(request: dict[str, Any]) -> None:
    """Have this process start as its caller would have."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = request["arguments"]
    sys.path[0] = str(Path(sys.argv[0]).resolve().parent)


def _run(python: Path) -> None:
    """Run the program that the arguments name.

    Args:
        python: that of this module.
    """
    if sys.argv[0] == "-m":
        sys.argv = sys.argv[1:]
        sys.executable = str(python)
        sys.modules["snakemake.cli"].main()
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    os.environ.update(dict.fromkeys(NO_BARS, "1"))
    for name in PRELOADED:
        __import__(name)
    gc.freeze()
    python = Path(sys.argv[1]).with_name("python")
    _become(_serve(sys.argv[1]))
    try:
        _run(python)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        # As at any end, but for taking the libraries apart, which takes longer than many a job.
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else bool(end.code))
