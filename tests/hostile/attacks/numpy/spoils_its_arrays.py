# accept: PASS
# Leaves the settings and random state of numpy behind.
import numpy as np

np.random.seed(0)
np.seterr(all="raise")
np.set_printoptions(precision=1)


def double(n):
    return int(np.multiply(n, 2))
