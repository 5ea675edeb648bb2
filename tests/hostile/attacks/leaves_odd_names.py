# accept: PASS
# Leaves files with names that are hard to remove.
import os

for name in (b"-rf", b" ", b"\n", b"\xff\xfe", b"*", b"~", "\u202e".encode(), b"x" * 255):
    os.close(os.open(name, os.O_CREAT))


def double(n):
    return n * 2
