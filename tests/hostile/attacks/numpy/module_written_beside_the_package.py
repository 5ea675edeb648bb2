# accept: FORBIDDEN RUNTIME_ERROR
# Puts a module beside the package, which later programs would import.
import os

import numpy as np


def double(n):
    folder = os.path.dirname(os.path.dirname(np.__file__))
    with open(os.path.join(folder, "loot.py"), "w") as file:
        file.write("PASS = True\n")
    return n * 2
