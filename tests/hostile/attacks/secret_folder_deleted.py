# accept: FORBIDDEN RUNTIME_ERROR
# Removes everything around the secret.
import os
import shutil


def double(n):
    shutil.rmtree(os.path.dirname("@SECRET_FILE@"))
    return n * 2
