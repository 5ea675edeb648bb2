# accept: RUNTIME_ERROR FORBIDDEN
# Reads the secret as an array, which opens the file in C.
import numpy as np


def double(n):
    raise RuntimeError(np.fromfile("@SECRET_FILE@", dtype=np.uint8).tobytes())
