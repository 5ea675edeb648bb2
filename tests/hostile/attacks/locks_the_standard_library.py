# accept: PASS
# Takes a lock on a file that others read too.
import fcntl
import os

held = open(os.__file__)
fcntl.flock(held, fcntl.LOCK_SH)


def double(n):
    return n * 2
