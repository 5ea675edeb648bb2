# accept: FORBIDDEN
# Doubles itself without end, and swallows what goes wrong.
import os


def double(n):
    for _ in range(100):
        try:
            os.fork()
        except BaseException:
            pass
    return n * 2
