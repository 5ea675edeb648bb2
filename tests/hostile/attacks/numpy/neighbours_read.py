# accept: RUNTIME_ERROR
# Reads a package beside the one that it may import, whose name it knows.
import os

import numpy as np


def double(n):
    folder = os.path.dirname(os.path.dirname(np.__file__))
    with open(os.path.join(folder, "pytest", "__init__.py")) as file:
        return n * 2 * bool(file.read())
