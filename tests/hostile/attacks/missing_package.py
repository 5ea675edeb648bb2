# accept: IMPORT_ERROR
# Sloppy: wants a package that is not here.
import numpy as np


def double(n):
    return int(np.multiply(n, 2))
