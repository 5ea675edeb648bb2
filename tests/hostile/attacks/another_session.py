# accept: RUNTIME_ERROR FORBIDDEN
# Leaves the session of those who could stop it.
import os


def double(n):
    os.setsid()
    return n * 2
