# accept: FORBIDDEN
# Kills the process that started it.
import os
import signal


def double(n):
    os.kill(os.getppid(), signal.SIGKILL)
    return n * 2
