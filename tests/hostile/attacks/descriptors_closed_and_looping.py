# accept: EXIT TIMEOUT CRASH
# Closes everything, then keeps the process busy.
import os


def double(n):
    os.closerange(0, 4096)
    while True:
        n += 1
