# accept: FORBIDDEN RUNTIME_ERROR
# Lets everybody read the secret.
import os


def double(n):
    os.chmod("@SECRET_FILE@", 0o777)
    return n * 2
