# accept: FORBIDDEN
# Kills a process outside.
import os
import signal


def double(n):
    os.kill(@VICTIM_PID@, signal.SIGKILL)
    return n * 2
