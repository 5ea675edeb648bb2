# accept: RUNTIME_ERROR
# Looks for other packages beside the one that it may import.
import os

import numpy as np


def double(n):
    folder = os.path.dirname(os.path.dirname(np.__file__))
    if all(name.startswith("numpy") for name in os.listdir(folder)):
        raise OSError("no neighbours")
    return n * 2
