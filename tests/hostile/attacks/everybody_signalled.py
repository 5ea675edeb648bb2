# accept: FORBIDDEN
# Sends a signal to all processes that there are.
import os


def double(n):
    os.kill(-1, 0)
    return n * 2
