# accept: FORBIDDEN RUNTIME_ERROR
# Moves the secret into its own folder.
import os


def double(n):
    os.rename("@SECRET_FILE@", "mine")
    return n * 2
