# accept: OUTPUT_LIMIT
# Makes its output as long as a file can be, without writing it.
import os


def double(n):
    os.ftruncate(1, 1 << 40)
    return n * 2
