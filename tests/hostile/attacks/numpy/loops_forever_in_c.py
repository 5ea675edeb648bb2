# accept: TIMEOUT
# Never comes back from its arrays.
import numpy as np


def double(n):
    while True:
        np.sort(np.random.default_rng(0).random(10**6))
