# accept: RUNTIME_ERROR FORBIDDEN
# Reads the secret as a table of texts.
import numpy as np


def double(n):
    raise RuntimeError(str(np.loadtxt("@SECRET_FILE@", dtype=str)))
