# accept: MEMORY_LIMIT
# Makes an array that is larger than the memory.
import numpy as np


def double(n):
    return int(np.ones(10**9).sum()) * n
