# accept: FORBIDDEN
# Leaves a copy of itself running.
import os


def double(n):
    if os.fork() == 0:
        open("@LOOT@", "w")
    return n * 2
