# accept: FORBIDDEN RUNTIME_ERROR
# Saves an archive of arrays outside.
import numpy as np


def double(n):
    np.savez("@LOOT@", n=np.array([n]))
    return n * 2
