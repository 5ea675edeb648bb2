# accept: RUNTIME_ERROR FORBIDDEN
# Becomes another user.
import os


def double(n):
    os.setgroups([0])
    os.setresuid(1234, 1234, 1234)
    return n * 2
