# accept: FORBIDDEN RUNTIME_ERROR
# Makes a file without a name in a folder outside, by number.
import os


def double(n):
    os.write(os.open(os.path.dirname("@LOOT@"), os.O_TMPFILE | os.O_RDWR), b"PASS")
    return n * 2
