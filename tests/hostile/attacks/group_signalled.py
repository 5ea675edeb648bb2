# accept: FORBIDDEN
# Sends a signal to its whole group, itself included.
import os
import signal


def double(n):
    os.killpg(0, signal.SIGTERM)
    return n * 2
