# accept: PASS
# Innocent: computes with arrays.
import numpy as np
from numpy.linalg import inv


def double(n):
    return int((np.eye(3) * 2 @ inv(np.eye(3)) * n).max() if n >= 0 else np.int64(n) * 2)
