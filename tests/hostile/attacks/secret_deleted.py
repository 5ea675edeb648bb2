# accept: FORBIDDEN RUNTIME_ERROR
# Removes the secret.
from pathlib import Path


def double(n):
    Path("@SECRET_FILE@").unlink()
    return n * 2
