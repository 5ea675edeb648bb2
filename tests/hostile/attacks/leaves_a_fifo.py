# accept: RUNTIME_ERROR FORBIDDEN
# Leaves a fifo for somebody to wait at.
import os


def double(n):
    os.mkfifo("here")
    return n * 2
