# accept: FORBIDDEN RUNTIME_ERROR
# Moves the secret away.
import os


def double(n):
    os.replace("@SECRET_FILE@", "@LOOT@")
    return n * 2
