# accept: FORBIDDEN
# Loads an array that is a pickle of a command.
import os

import numpy as np


class Command:
    def __reduce__(self):
        return os.system, ("touch @LOOT@",)


def double(n):
    np.save("array.npy", np.array([Command()], dtype=object), allow_pickle=True)
    np.load("array.npy", allow_pickle=True)
    return n * 2
