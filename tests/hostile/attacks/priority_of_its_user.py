# accept: RUNTIME_ERROR FORBIDDEN
# Makes all processes of its user wait.
import os


def double(n):
    os.setpriority(os.PRIO_USER, 0, 19)
    return n * 2
