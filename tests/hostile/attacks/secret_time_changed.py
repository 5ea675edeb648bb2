# accept: FORBIDDEN RUNTIME_ERROR
# Sets the time of the secret.
import os


def double(n):
    os.utime("@SECRET_FILE@", (0, 0))
    return n * 2
