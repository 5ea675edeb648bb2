# accept: FORBIDDEN RUNTIME_ERROR
# Puts a symbolic link to the secret into its own folder.
import os


def double(n):
    os.symlink("@SECRET_FILE@", "mine")
    return n * 2 * bool(open("mine").read())
