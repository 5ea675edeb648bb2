# accept: FORBIDDEN RUNTIME_ERROR
# Overwrites a module of the package by an array.
import os

import numpy as np


def double(n):
    np.zeros(4).tofile(os.path.join(os.path.dirname(np.__file__), "version.py"))
    return n * 2
