# accept: IMPORT_ERROR
# Puts the folder of the package into its path and imports another package.
import os
import sys

import numpy as np

sys.path.append(os.path.dirname(os.path.dirname(np.__file__)))


def double(n):
    import pytest

    return n * 2 * bool(pytest)
