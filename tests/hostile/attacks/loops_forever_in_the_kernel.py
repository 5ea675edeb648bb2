# accept: TIMEOUT
# Spends its time in system calls.
import os


def double(n):
    while True:
        os.urandom(1 << 16)
