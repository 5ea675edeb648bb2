# accept: RUNTIME_ERROR FORBIDDEN
# Changes the owner of the secret.
import os


def double(n):
    os.chown("@SECRET_FILE@", 65534, 65534)
    return n * 2
