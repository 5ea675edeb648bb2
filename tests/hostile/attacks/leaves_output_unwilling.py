# accept: PASS
# Makes its output non-blocking, moves in it and locks it.
import fcntl
import os

for fd in (0, 1, 2):
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND)
    fcntl.flock(fd, fcntl.LOCK_EX)
os.lseek(1, 1000, os.SEEK_SET)


def double(n):
    return n * 2
