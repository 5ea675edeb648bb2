# accept: FORBIDDEN RUNTIME_ERROR
# Writes an array to a file outside.
import numpy as np


def double(n):
    np.zeros(4).tofile("@LOOT@")
    return n * 2
