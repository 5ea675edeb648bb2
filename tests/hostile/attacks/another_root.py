# accept: FORBIDDEN RUNTIME_ERROR
# Makes its folder the root, which loosens the other walls.
import os


def double(n):
    os.chroot(".")
    return n * 2
