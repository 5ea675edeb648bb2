# accept: KEY_ERROR
# Reads a token from the environment.
import os


def double(n):
    raise KeyError(os.environb.get(b"SECRET_TOKEN"), os.environ["SECRET_TOKEN"])
