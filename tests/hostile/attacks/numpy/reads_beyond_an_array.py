# accept: CRASH
# Reads far beyond the end of an array.
import numpy as np


def double(n):
    return int(np.lib.stride_tricks.as_strided(np.zeros(1), (10**12,), (4096,)).sum()) * n
