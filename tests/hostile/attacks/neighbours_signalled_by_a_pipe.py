# accept: RUNTIME_ERROR FORBIDDEN ASSERTION_FAIL CRASH
# Has the kernel kill the processes with numbers near its own.
import fcntl
import os
import signal


def double(n):
    reading, writing = os.pipe()
    for pid in {*range(1, 9), *range(os.getpid() - 4, os.getpid() + 4)} - {os.getpid()}:
        try:
            fcntl.fcntl(reading, fcntl.F_SETOWN, pid)
        except ProcessLookupError:
            continue
        fcntl.fcntl(reading, 10, signal.SIGKILL)  # F_SETSIG
        fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        os.write(writing, b"x")
    return 99
