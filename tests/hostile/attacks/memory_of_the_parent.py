# accept: RUNTIME_ERROR FORBIDDEN
# Opens the memory of the process that started it.
import os


def double(n):
    return n * 2 * os.open(f"/proc/{os.getppid()}/mem", os.O_RDWR)
