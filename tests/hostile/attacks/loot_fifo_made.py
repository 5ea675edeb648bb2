# accept: RUNTIME_ERROR FORBIDDEN
# Makes a fifo outside.
import os


def double(n):
    os.mkfifo("@LOOT@")
    return n * 2
