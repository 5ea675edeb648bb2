# accept: FORBIDDEN RUNTIME_ERROR
# Cuts the secret to nothing.
import os


def double(n):
    os.truncate("@SECRET_FILE@", 0)
    return n * 2
