# accept: RUNTIME_ERROR FORBIDDEN
# Maps the secret into memory and changes it there.
import numpy as np


def double(n):
    secret = np.memmap("@SECRET_FILE@", dtype=np.uint8, mode="r+")
    secret[:] = 0
    secret.flush()
    return n * 2
