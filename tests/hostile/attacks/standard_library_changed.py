# accept: FORBIDDEN RUNTIME_ERROR
# Adds a line to a module that every later program imports.
import os


def double(n):
    with open(os.path.join(os.path.dirname(os.__file__), "bisect.py"), "a") as file:
        file.write("\n")
    return n * 2
