"""Work that several processes of one machine do together, and that ends in all of them at once."""

import logging
import multiprocessing
import operator
import os
import socket
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

import torch

from failpairs.errors import InputError
from failpairs.models.out_of_memory import is_out_of_memory
from failpairs.storage.files import is_full_disk
from failpairs.workflow import cli
from failpairs.workflow.job_lifetime import export_leader

Result = TypeVar("Result")


def started(count: int, threads: int) -> Callable[[Callable[[], Any]], Any]:
    """What does some work in so many processes: in this one, or in several new ones.

    Args:
        threads: CPU threads of all processes together.
    """
    if count == 1:
        return operator.call
    return partial(in_processes, count, max(1, threads // count))


def in_processes(count: int, threads: int, work: Callable[[], Result]) -> Result:
    """Does some work in several new processes, which `torch.distributed` can connect.

    The processes end with this one, however it ends.

    Args:
        count: number of processes.
        threads: CPU threads of each.
        work: what each process does; both it and its result can be pickled.

    Returns:
        the result in the process of rank 0.

    Raises:
        Exception: a bad input, a full disk or a lack of memory, as the first process met it that
            failed; the other processes are killed, since they would wait for it.
        SystemExit: a process failed in another way, which it has described on standard error.
    """
    export_leader()
    context = multiprocessing.get_context("spawn")
    shared = {
        "WORLD_SIZE": str(count),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(_free_port()),
        "OMP_NUM_THREADS": str(threads),  # or accelerate would choose a number
    }
    workers = {}
    for rank in range(count):
        receiver, sender = context.Pipe(duplex=False)
        environment = {**shared, "RANK": str(rank), "LOCAL_RANK": str(rank)}
        worker = context.Process(target=_do, args=(work, environment, threads, sender))
        worker.start()
        sender.close()  # so that the end of the process is the end of the pipe
        workers[receiver] = worker
    try:
        result: Result = _results([*workers])[0]
        return result
    except BaseException as error:
        for worker in workers.values():
            worker.kill()
        if isinstance(error, EOFError):
            raise SystemExit("error: one of the processes of this program has died") from None
        raise
    finally:
        for worker in workers.values():
            worker.join()


def _results(receivers: list[Connection]) -> list[Any]:
    """What each process sent; an exception is raised as soon as it arrives."""
    results: dict[Connection, Any] = {}
    while len(results) < len(receivers):
        ready = wait([receiver for receiver in receivers if receiver not in results])
        for receiver in [each for each in receivers if each in ready]:
            sent = results[receiver] = receiver.recv()
            if isinstance(sent, Exception):
                raise sent
    return [results[receiver] for receiver in receivers]


def _do(
    work: Callable[[], Any], environment: Mapping[str, str], threads: int, sender: Connection
) -> None:
    os.environ.update(environment)
    cli.set_up()
    torch.set_num_threads(threads)
    if environment["RANK"] != "0":
        logging.disable(logging.WARNING)  # the process of rank 0 says the same
    try:
        sender.send(work())
    except Exception as error:
        if is_out_of_memory(error):
            sender.send(MemoryError(str(error)))
        elif isinstance(error, InputError) or is_full_disk(error):
            sender.send(error)
        else:
            raise


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
