# accept: FORBIDDEN
# Loads a library by numpy's loader and calls a function of C by it.
import numpy as np


def double(n):
    np.ctypeslib.load_library("_multiarray_umath", np._core.__path__[0]).unshare(0x10000000)
    return n * 2
