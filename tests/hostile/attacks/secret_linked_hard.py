# accept: FORBIDDEN RUNTIME_ERROR
# Gives the secret a second name in its own folder.
import os


def double(n):
    os.link("@SECRET_FILE@", "mine")
    return n * 2
