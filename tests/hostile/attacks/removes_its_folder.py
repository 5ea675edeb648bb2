# accept: FORBIDDEN RUNTIME_ERROR
# Removes the folder that it was given.
import os


def double(n):
    os.rmdir(os.getcwd())
    return n * 2
