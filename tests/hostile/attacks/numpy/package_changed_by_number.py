# accept: FORBIDDEN RUNTIME_ERROR
# Opens a module of the package for writing, by a descriptor of its folder.
import os

import numpy as np


def double(n):
    folder = os.open(os.path.dirname(np.__file__), os.O_RDONLY)
    os.write(os.open("version.py", os.O_WRONLY | os.O_APPEND, dir_fd=folder), b"\n")
    return n * 2
