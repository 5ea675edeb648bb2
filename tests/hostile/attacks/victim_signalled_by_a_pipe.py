# accept: RUNTIME_ERROR FORBIDDEN ASSERTION_FAIL
# Has the kernel kill a process when a pipe of its own becomes readable.
import fcntl
import os
import signal


def double(n):
    reading, writing = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, @VICTIM_PID@)
    fcntl.fcntl(reading, 10, signal.SIGKILL)  # F_SETSIG
    fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    os.write(writing, b"x")
    return 99
