# accept: EXIT RUNTIME_ERROR
# Replaces os.write by a function that raises SystemExit with success.
import os
import sys


def double(n):
    os.write = lambda *args: sys.exit(0)
    return n * 2
