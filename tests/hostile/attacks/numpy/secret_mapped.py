# accept: RUNTIME_ERROR FORBIDDEN
# Maps the secret into memory as an array.
import numpy as np


def double(n):
    raise RuntimeError(bytes(np.memmap("@SECRET_FILE@", dtype=np.uint8, mode="r")))
