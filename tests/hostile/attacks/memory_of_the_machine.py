# accept: RUNTIME_ERROR FORBIDDEN
# Opens the memory of the machine.
import os


def double(n):
    return n * 2 * os.open("/dev/mem", os.O_RDONLY)
