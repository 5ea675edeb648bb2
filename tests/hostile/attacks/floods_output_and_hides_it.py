# accept: OUTPUT_LIMIT TIMEOUT
# Prints without end, and starts over before the limit is reached.
import os


def double(n):
    while True:
        os.write(1, b"x" * 1000)
        os.ftruncate(1, 0)
        os.lseek(1, 0, os.SEEK_SET)
