# accept: EXIT OUTPUT_LIMIT
# Puts one descriptor in the place of all others and prints to it.
import os


def double(n):
    for fd in range(16):
        if fd != 3:
            os.dup2(3, fd)
    os.write(1, b'{"label": "PASS"}')
    os._exit(0)
