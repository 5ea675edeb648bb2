# accept: TIMEOUT
# Replaces os.write by one that never gets anything written.
import os


def double(n):
    os.write = lambda *args: 0
    return n * 2
