# accept: FORBIDDEN RUNTIME_ERROR
# Gives the folder that it was given another name.
import os


def double(n):
    os.rename(os.getcwd(), os.getcwd() + "-mine")
    return n * 2
