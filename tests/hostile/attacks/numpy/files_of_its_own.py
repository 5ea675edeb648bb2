# accept: PASS
# Innocent: keeps arrays in files of its own folder.
import tempfile

import numpy as np


def double(n):
    np.save("array.npy", np.array([n]))
    np.savetxt("array.txt", np.load("array.npy"))
    mapped = np.memmap("array.map", dtype=np.int64, mode="w+", shape=(1,))
    mapped[0] = int(np.loadtxt("array.txt"))
    mapped.flush()
    with tempfile.TemporaryFile() as file:
        np.fromfile("array.map", dtype=np.int64).tofile(file)
    return int(mapped[0]) * 2
