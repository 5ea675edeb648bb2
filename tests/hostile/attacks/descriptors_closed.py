# accept: EXIT CRASH
# Closes everything that is open.
import os

os.closerange(0, 4096)


def double(n):
    return n * 2
