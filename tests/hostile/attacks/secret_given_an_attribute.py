# accept: RUNTIME_ERROR FORBIDDEN
# Writes an extended attribute of the secret.
import os


def double(n):
    os.setxattr("@SECRET_FILE@", "user.mine", b"1")
    return n * 2
