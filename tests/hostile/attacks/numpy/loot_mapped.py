# accept: FORBIDDEN RUNTIME_ERROR
# Makes a file outside by mapping it.
import numpy as np


def double(n):
    np.memmap("@LOOT@", dtype=np.uint8, mode="w+", shape=(4,))[:] = 1
    return n * 2
