# accept: PASS
# Innocent: works by way of files, and cleans up.
import os
import tempfile


def double(n):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "n.txt")
        with open(path, "w") as file:
            file.write(str(n))
        os.rename(path, path + ".done")
        with open(path + ".done") as file:
            return int(file.read()) * 2
